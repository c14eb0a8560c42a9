### Palabras alrededor de los cuestionarios. Las preguntas y respuestas se usan al pie de la letra,
### desde prompts/instruments.

assessment-which = ¿Qué preguntas te gustaría responder?
assessment-unknown = Ese no lo tengo. Estos son los que tengo:
assessment-intro = No hay respuestas buenas ni malas. Puedes volver atrás, hacer una pausa y seguir más tarde.
# $language es el idioma de las preguntas.
assessment-other-language =
    { $language ->
        [en] Estas preguntas están en inglés, porque su texto no se debe cambiar.
        [es] Estas preguntas están en español, porque su texto no se debe cambiar.
       *[other] Estas preguntas están en otro idioma ({ $language }), porque su texto no se debe cambiar.
    }
assessment-answered-before = Tu respuesta hasta ahora: { $answer }
assessment-where-we-were = Aquí es donde estábamos:
assessment-please-choose = Quiero contar lo correcto, así que elige, por favor, una de las respuestas de abajo. Si antes quieres hablar de otra cosa, pulsa Pausa.
assessment-did-you-mean =
    { $options ->
        [one] ¿Querías decir "{ $answer }"? Púlsalo, o escribe sí, y lo cuento.
       *[other] No sé bien cuál quieres decir. Elige, por favor:
    }
assessment-stop = ¿Quieres hacer una pausa, o dejarlo aquí? Si haces una pausa, tus respuestas te esperan.
assessment-kept = Gracias por responder con sinceridad. Tus respuestas quedan guardadas, y tu lugar también.
assessment-see-result = Has respondido a todo. ¿Quieres ver tu resultado?
assessment-result-later = Está bien. Tus respuestas quedan guardadas, y encontrarás el resultado en /history.

assessment-whatever-the-number = Una de tus respuestas importa, diga lo que diga el número. Por favor, cuéntaselo a alguien, a una persona cercana o a un médico; Ayuda ahora te muestra personas con las que puedes hablar en cualquier momento.

assessment-score = { $name }: { $score } de { $highest }
assessment-score-band = { $name }: { $score } de { $highest }, { $band }
# $moved es up, down o same; $reading es small dentro de los altibajos de siempre, y si no better o worse.
assessment-change =
    { $moved ->
        [same] El mismo número que la última vez, el { DATETIME($date, dateStyle: "medium") }.
        [up] { $points } más que la última vez ({ $previous }, el { DATETIME($date, dateStyle: "medium") }).
       *[down] { $points } menos que la última vez ({ $previous }, el { DATETIME($date, dateStyle: "medium") }).
    }{ $reading ->
        [same] {""}
        [small] {" "}Los cambios pequeños como este son habituales.
        [better] {" "}Es más que los altibajos de siempre. Puedes fijarte en qué ha sido distinto.
       *[worse] {" "}Es más que los altibajos de siempre, así que puede venir bien contárselo a alguien.
    }
