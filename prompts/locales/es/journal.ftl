### El diario.

journal-ask = Este es tu diario. Escribe lo que quieras, en un mensaje o en varios, y pulsa Listo cuando termines.
journal-heard =
    { $parts ->
        [one] Lo tengo. Sigue escribiendo, o pulsa Listo para guardarlo.
       *[other] Tengo las { $parts } partes. Sigue escribiendo, o pulsa Listo para guardarlas.
    }
journal-still-open =
    { $parts ->
        [one] Tu entrada del diario sigue abierta, con una parte hasta ahora. Sigue escribiendo, o pulsa Listo para guardarla.
       *[other] Tu entrada del diario sigue abierta, con { $parts } partes hasta ahora. Sigue escribiendo, o pulsa Listo para guardarla.
    }
journal-saved =
    { $words ->
        [one] Guardado: una palabra en tu diario.
       *[other] Guardado: { $words } palabras en tu diario.
    }
journal-private = Es privado: está sellado con tu clave, y nadie lo va leyendo.
journal-empty = No has escrito nada, así que no se guarda nada. El diario está ahí cuando lo quieras.
journal-discarded = Descartado. No queda nada de esto en tu diario.
