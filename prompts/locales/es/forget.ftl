### /forget, y el recibo que se envía cuando todo está borrado.

forget-what = Si quieres, te olvido. Entonces borro todo lo que se guarda aquí sobre ti: mensajes, estados de ánimo, diario, respuestas y puntuaciones, los permisos que diste y cómo encontrarte. Y destruyo tu clave, para que lo que se selló con ella no se pueda volver a leer nunca, tampoco en una copia de seguridad. Nadie puede deshacerlo.
forget-stays = Quedan dos cosas. Un registro de lo que se hizo con tus datos, sin nada de lo que escribiste, porque la ley pide que exista. Y si algo que dijiste avisó al equipo de apoyo y todavía no ha terminado, una pequeña nota sin tus palabras, para que aún pueda ayudarte. Se borra cuando termine.
forget-copy-first = Si antes quieres tener una copia, pulsa «Todo sobre mí» o envía /export.
forget-ask = ¿Te olvido?
forget-unclear = No lo he entendido bien. Basta con un sí o un no.
forget-sure = Una última pregunta, porque esto no se puede deshacer: ¿borro ahora todo sobre ti?
forget-being-done = Lo estoy borrando todo. En un momento recibes aquí un recibo; es lo último que sé de ti. Gracias por el tiempo que compartimos, y cuídate mucho.
forget-unchanged = No he borrado nada. Con /forget puedes volver cuando quieras.

button-forget-me = Sí, olvídame
button-forget-everything = Borrar todo
button-forget-keep = No, guárdalo
offer-forget = Olvídame

## El recibo. $rows dice cuántos había.

forget-done = Ya está. He borrado todo sobre ti:
forget-gone-messages =
    { $rows ->
        [one] • { $rows } mensaje
       *[other] • { $rows } mensajes
    }
forget-gone-moods =
    { $rows ->
        [one] • { $rows } estado de ánimo
       *[other] • { $rows } estados de ánimo
    }
forget-gone-journal =
    { $rows ->
        [one] • { $rows } entrada del diario
       *[other] • { $rows } entradas del diario
    }
forget-gone-questionnaires =
    { $rows ->
        [one] • { $rows } cuestionario
       *[other] • { $rows } cuestionarios
    }
forget-gone-scores =
    { $rows ->
        [one] • { $rows } puntuación
       *[other] • { $rows } puntuaciones
    }
forget-gone-goals =
    { $rows ->
        [one] • { $rows } meta
       *[other] • { $rows } metas
    }
forget-gone-recommendations =
    { $rows ->
        [one] • { $rows } recomendación
       *[other] • { $rows } recomendaciones
    }
forget-gone-safety =
    { $rows ->
        [one] • { $rows } nota sobre tu seguridad
       *[other] • { $rows } notas sobre tu seguridad
    }
forget-gone-model =
    { $rows ->
        [one] • { $rows } pregunta al modelo de lenguaje, con su respuesta
       *[other] • { $rows } preguntas al modelo de lenguaje, con sus respuestas
    }
forget-gone-consents =
    { $rows ->
        [one] • { $rows } sí o no a lo que puedo guardar y hacer
       *[other] • { $rows } veces un sí o un no a lo que puedo guardar y hacer
    }
forget-gone-settings =
    { $rows ->
        [one] • { $rows } dato con tus ajustes o cómo encontrarte
       *[other] • { $rows } datos con tus ajustes y cómo encontrarte
    }
forget-gone-conversation =
    { $rows ->
        [one] • dónde había quedado nuestra conversación
       *[other] • dónde habían quedado nuestras { $rows } conversaciones
    }
forget-gone-post =
    { $rows ->
        [one] • { $rows } dato sobre mensajes que entran y salen
       *[other] • { $rows } datos sobre mensajes que entran y salen
    }
forget-key = Tu clave está destruida. Lo que se selló con ella ya no lo puede leer nadie, tampoco donde todavía quede en una copia de seguridad.
# $entries dice cuántas, $days por cuánto tiempo; 0 días es sin final.
forget-log =
    Lo que queda: este recibo y un registro de lo que se hizo con tus datos, con un número que no lleva a nadie y sin nada de lo que escribiste. El registro tiene { $entries ->
        [one] { $entries } entrada
       *[other] { $entries } entradas
    } y { $days ->
        [0] no tiene un final fijado
        [one] se borra después de { $days } día
       *[other] se borra después de { $days } días
    }.
forget-case = Por ahora queda una cosa más: se avisó al equipo de apoyo y todavía no ha terminado. Guarda un nombre en clave, de qué se trata, cómo de urgente es y dónde encontrarte, y ninguna de tus palabras. Eso se borra cuando termine. Si estás en peligro, por favor no esperes a que te escriban:
forget-elsewhere-telegram = Este chat lo guarda Telegram, no yo. Para vaciarlo, abre el menú del chat y elige eliminarlo; allí también puedes eliminarlo para la otra parte.
forget-elsewhere-slack = Este chat lo guarda Slack, no yo. Allí puedes borrar tus propios mensajes si tu espacio de trabajo lo permite; para lo demás, pregunta a quien lo administra.
forget-elsewhere-console = Lo que hay en esta pantalla lo guarda tu terminal, no yo. Cierra la ventana o límpiala.
forget-again = Si alguna vez me vuelves a escribir, empezamos como si nunca nos hubiéramos conocido.
