### La tarjeta de ayuda: una línea por cada manera de hablar con alguien. Los números y los nombres son
### datos (safety/helplines) y nunca se traducen.

# $sure es no cuando el número no se pudo confirmar.
card-emergency =
    { $sure ->
        [no] Si estás en peligro ahora: llama al { $number } (este número no se pudo confirmar)
       *[yes] Si estás en peligro ahora: llama al { $number }
    }
# Un argumento es `none` cuando no se puede contactar de esa manera. $word es lo que hay que enviar
# a $text. $hours es `always`, o el horario tal como lo da la línea.
card-line =
    { $name }{ $phone ->
        [none] {""}
       *[other] : llama al { $phone }
    }{ $text ->
        [none] {""}
       *[other] { $word ->
            [none] ; envía un SMS al { $text }
           *[other] ; envía { $word } por SMS al { $text }
        }
    }{ $whatsapp ->
        [none] {""}
       *[other] ; WhatsApp { $whatsapp }
    }{ $web ->
        [none] {""}
       *[other] ; { $web }
    }{ $hours ->
        [none] {""}
        [always] {" "}(día y noche)
       *[other] {" "}({ $hours })
    }
card-no-reliable-line = Aquí no conozco ninguna línea de ayuda de la que pueda tener certeza. El directorio de arriba reúne líneas de todo el mundo.
card-assumed-region = No me has dicho en qué país estás, así que estas son de: { $country }. Puedes elegir otro con /region.
