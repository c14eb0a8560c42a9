### /history

history-title = Here is what you have kept so far.
history-empty = There is nothing here yet. Once you log a mood, write in your journal or answer a questionnaire, you will find it here.
# $bars is a small chart of signs; $scores are the same moods as numbers, for those who hear them.
history-moods =
    { $count ->
        [one] Your last mood: { $bars } { $scores }
       *[other] Your last { $count } moods, oldest first: { $bars } { $scores }
    }
history-mood-range =
    { $count ->
        [one] Noted on { DATETIME($last, dateStyle: "medium") }.
       *[other] From { DATETIME($first, dateStyle: "medium") } to { DATETIME($last, dateStyle: "medium") }. Lowest { $lowest }, highest { $highest }, on a scale from 1 to 10.
    }
history-scores = Your questionnaires, newest first:
history-score = { DATETIME($date, dateStyle: "medium") }: { $name } { $score } of { $highest }
history-score-band = { DATETIME($date, dateStyle: "medium") }: { $name } { $score } of { $highest }, { $band }
history-journal =
    { $many ->
        [yes] Journal: { $count } entries or more, the last on { DATETIME($last, dateStyle: "medium") }.
       *[no] { $count ->
            [one] Journal: one entry, on { DATETIME($last, dateStyle: "medium") }.
           *[other] Journal: { $count } entries, the last on { DATETIME($last, dateStyle: "medium") }.
        }
    }
