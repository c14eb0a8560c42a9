### Words around questionnaires. The questions and answers themselves are used to the letter, from
### prompts/instruments.

assessment-which = Which questions would you like to answer?
assessment-unknown = I do not have that one. These are the ones I have:
assessment-intro = There are no right or wrong answers. You can go back, pause and come back later.
# $language is the language of the questions.
assessment-other-language =
    { $language ->
        [en] These questions are in English, because their wording must not be changed.
        [es] These questions are in Spanish, because their wording must not be changed.
       *[other] These questions are in another language ({ $language }), because their wording must not be changed.
    }
assessment-answered-before = Your answer so far: { $answer }
assessment-where-we-were = Here is where we were:
assessment-please-choose = I would like to count the right thing, so please choose one of the answers below. If you want to talk about something else first, press Pause.
assessment-did-you-mean =
    { $options ->
        [one] Did you mean "{ $answer }"? Please press it, or type yes, and I will count it.
       *[other] I am not sure which one you mean. Please choose:
    }
assessment-stop = Would you like to take a break, or stop here? If you pause, your answers wait for you.
assessment-kept = Thank you for answering honestly. Your answers are kept, and so is your place.
assessment-see-result = You have answered everything. Would you like to see your result?
assessment-result-later = That is fine. Your answers are kept, and you will find the result under /history.

assessment-whatever-the-number = One of your answers matters whatever the number says. Please tell someone about it, a person close to you or a doctor; Help now shows people you can reach at any time.

assessment-score = { $name }: { $score } of { $highest }
assessment-score-band = { $name }: { $score } of { $highest }, { $band }
# $moved is up, down or same; $reading is small within the usual ups and downs, else better or worse.
assessment-change =
    { $moved ->
        [same] The same number as last time, on { DATETIME($date, dateStyle: "medium") }.
        [up] { $points } more than last time ({ $previous }, on { DATETIME($date, dateStyle: "medium") }).
       *[down] { $points } less than last time ({ $previous }, on { DATETIME($date, dateStyle: "medium") }).
    }{ $reading ->
        [same] {""}
        [small] {" "}Small changes like this are common.
        [better] {" "}That is more than the usual ups and downs. You could notice what has been different.
       *[worse] {" "}That is more than the usual ups and downs, so it may be good to tell someone about it.
    }
