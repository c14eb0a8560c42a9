### /privacy

privacy-kept = Guardo tus mensajes, estados de ánimo, entradas del diario y respuestas, y lo que elegiste aquí.
privacy-protected = Los nombres, números de teléfono y datos parecidos se ocultan, donde los encuentro, antes de guardar nada. Cada palabra queda sellada con una clave hecha solo para ti.
privacy-seen = Cuando algo suena a peligro, el equipo de apoyo sabe de qué se trata, no lo que escribiste.
privacy-delete = Puedes retirar un permiso cuando quieras. /export te da una copia de todo y /forget lo borra todo.
privacy-unchanged = No he cambiado nada. Con /privacy puedes volver cuando quieras.
privacy-changed = Hecho. Así queda ahora:
privacy-teaching-ended = Lo que dijiste que entendí mal ya no se usa para enseñarme. Las copias hechas hasta ahora tienen que quitarlas las personas que llevan este servicio; lo que ya aprendí de ellas queda aprendido.
privacy-model-deleted = He borrado lo que se preguntó al modelo de lenguaje sobre ti y lo que respondió. Lo que ya se le envió antes no está en mis manos.

privacy-consent-service =
    { $granted ->
        [yes] Guardar lo que escribes: sí
       *[no] Guardar lo que escribes: no
    }
privacy-consent-ai-chat =
    { $granted ->
        [yes] Modelo de lenguaje en la charla libre: sí
       *[no] Modelo de lenguaje en la charla libre: no
    }
privacy-consent-check-ins =
    { $granted ->
        [yes] Escribirte yo primero: sí
       *[no] Escribirte yo primero: no
    }
privacy-consent-teaching =
    { $granted ->
        [yes] Los mensajes que entendí mal pueden enseñarme: sí
       *[no] Los mensajes que entendí mal pueden enseñarme: no
    }

button-on-service = Dejar que guarde
button-off-service = Dejar de guardar
button-on-ai-chat = Activar modelo
button-off-ai-chat = Desactivar modelo
button-on-check-ins = Activar mensajes
button-off-check-ins = Desactivar mensajes
button-off-teaching = Dejar de enseñar

privacy-off-sure = Sin esto ya no puedo guardar lo que escribes ni trabajar con ello, y empezaríamos de nuevo con /start. Lo que ya está guardado sigue sellado; con /forget lo borro en el acto, y sin un nuevo sí tuyo se borra solo pasado un tiempo. ¿Dejo de guardar lo que escribes?
privacy-service-off = Hecho. A partir de ahora no guardo nada de lo que escribes, salvo que suene a que alguien está en peligro. De lo guardado hasta ahora puedes tener una copia con /export o hacer que se borre en el acto con /forget; sin un nuevo sí tuyo se borra solo pasado un tiempo. Gracias por el tiempo que compartimos. Con /start puedes volver cuando quieras.
