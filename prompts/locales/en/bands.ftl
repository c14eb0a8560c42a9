### Results of questionnaires. band-*: a word or two that follow a number ("12 of 27, moderate").
### meaning-*: what it means for the person, in plain, kind words: never a diagnosis, never an
### alarm, never a promise. The second sentence says what people often do next.

band-phq9-minimal = minimal
band-phq9-mild = mild
band-phq9-moderate = moderate
band-phq9-moderately_severe = moderately severe
band-phq9-severe = severe

meaning-phq9-minimal = Over these two weeks you had few of these difficulties, or none. Many people simply look again in a few weeks, or when something changes.
meaning-phq9-mild = Some of these difficulties were there on some days. People often keep an eye on it, look after sleep and company, and ask the same questions again in two weeks.
meaning-phq9-moderate = These difficulties have been part of many of your days, and that can be tiring. It is a good moment to talk with someone you trust, and many people also show an answer like this to a doctor or therapist.
meaning-phq9-moderately_severe = A lot has been weighing on you, on most days. People who answer like this often feel better with support, so please consider speaking with a doctor or therapist soon.
meaning-phq9-severe = You have been carrying very much, nearly every day. You do not have to manage this alone: please speak with a doctor or therapist in the next days, and let someone close to you know how you are.

band-gad7-minimal = minimal
band-gad7-mild = mild
band-gad7-moderate = moderate
band-gad7-severe = severe

meaning-gad7-minimal = Over these two weeks worry and tension bothered you little, or not at all. Many people simply look again in a few weeks, or when something changes.
meaning-gad7-mild = Worry and tension were there on some days. People often find that slow breathing, movement and regular sleep help, and ask the same questions again in two weeks.
meaning-gad7-moderate = Worry and tension have been part of many of your days, and that takes energy. It is a good moment to talk with someone you trust, and many people also show an answer like this to a doctor or therapist.
meaning-gad7-severe = Worry and tension have been with you nearly every day, and that is a lot to carry. This often gets better with support, so please consider speaking with a doctor or therapist soon.
