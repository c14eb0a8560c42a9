### /history

history-title = Esto es lo que has guardado hasta ahora.
history-empty = Todavía no hay nada aquí. Cuando anotes tu ánimo, escribas en tu diario o respondas un cuestionario, lo encontrarás aquí.
# $bars es un pequeño gráfico de signos; $scores son los mismos estados de ánimo en números, para
# quien los escucha.
history-moods =
    { $count ->
        [one] Tu último estado de ánimo: { $bars } { $scores }
       *[other] Tus últimos { $count } estados de ánimo, del más antiguo al más reciente: { $bars } { $scores }
    }
history-mood-range =
    { $count ->
        [one] Anotado el { DATETIME($last, dateStyle: "medium") }.
       *[other] Del { DATETIME($first, dateStyle: "medium") } al { DATETIME($last, dateStyle: "medium") }. El más bajo { $lowest }, el más alto { $highest }, en una escala del 1 al 10.
    }
history-scores = Tus cuestionarios, primero el más reciente:
history-score = { DATETIME($date, dateStyle: "medium") }: { $name } { $score } de { $highest }
history-score-band = { DATETIME($date, dateStyle: "medium") }: { $name } { $score } de { $highest }, { $band }
history-journal =
    { $many ->
        [yes] Diario: { $count } entradas o más, la última el { DATETIME($last, dateStyle: "medium") }.
       *[no] { $count ->
            [one] Diario: una entrada, el { DATETIME($last, dateStyle: "medium") }.
           *[other] Diario: { $count } entradas, la última el { DATETIME($last, dateStyle: "medium") }.
        }
    }
