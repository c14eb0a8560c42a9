### Lo que dice Evenkeel cuando ninguna conversación trata de nada en particular.

paused = En pausa. Tu lugar queda guardado. Pulsa Continuar o envía /resume cuando quieras.
stopped = Lo dejamos aquí. Podemos empezar de nuevo cuando quieras.
nothing-to-pause = Ahora mismo no hay nada abierto, así que no hay nada que pausar.
nothing-to-resume = No hay nada esperándote. Podemos simplemente hablar, o envía /help para ver qué más hay.

stale-button = Ese botón es de una pregunta anterior, así que no lo he contado. Usa el más reciente, por favor, o simplemente escribe.
unknown-command = No conozco esa orden. Envía /help para ver las que conozco, o escríbeme con tus propias palabras.
empty-text = Ese mensaje llegó vacío. ¿Qué te gustaría decir?

screening-failed = No pude leer ese mensaje de forma segura, así que no lo he guardado. ¿Podrías decirlo otra vez, quizá con menos palabras? Si era urgente, aquí tienes personas con las que puedes hablar ahora.
went-wrong = Algo ha fallado por mi parte, y lo siento. Lo que escribiste antes está a salvo. Inténtalo de nuevo en un momento, por favor.
database-down = Evenkeel no puede acceder a su base de datos en este momento, así que no puede responder. No se pierde nada: tu mensaje tendrá respuesta en cuanto vuelva.

## Cosas que no son palabras. No se guardan.

other-voice = No puedo escuchar mensajes de voz, y no he guardado este. ¿Me lo puedes escribir?
other-photo = No puedo ver imágenes, y no he guardado esta. ¿Quieres contármelo con palabras?
other-sticker = No puedo ver stickers. ¿Cómo lo dirías con palabras?
other-document = No puedo abrir archivos, y no he guardado este. Puedes escribirme aquí.
other-location = No puedo usar una ubicación, y no la he guardado. Para elegir el país de las líneas de ayuda, envía /region.
other-contact = No puedo usar tarjetas de contacto, y no he guardado esta.
other-poll = No puedo responder encuestas. Puedes preguntarme con palabras.
other-group = Solo hablo con una persona a la vez, para que lo que se diga quede entre nosotros. Escríbeme directamente, por favor.
other-unknown = No puedo leer ese tipo de mensaje. Puedes escribirme con palabras.

## Para el equipo de apoyo. Nunca una palabra de lo que alguien escribió.

# $priority es urgent, high u otra palabra; $domain dice de qué se trata; $alias está en lugar de la
# persona; $minutes es hace cuánto se dio el aviso.
alert-crisis =
    { $priority ->
        [urgent] URGENTE
        [high] ALTO
        [medium] MEDIO
       *[other] { $priority }
    }: { $domain ->
        [suicide] suicidio
        [self_harm] autolesión
        [harm_to_others] daño a otras personas
        [abuse] maltrato
        [psychosis] psicosis
        [eating_disorder] trastorno alimentario
        [substance] consumo de sustancias
        [medical_emergency] urgencia médica
        [safeguarding_minor] menor en riesgo
       *[none] sin precisar
    }. Persona { $alias }, { $minutes ->
        [0] ahora mismo
        [one] hace { $minutes } minuto
       *[other] hace { $minutes } minutos
    }.
