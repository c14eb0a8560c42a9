### Questionnaires: their names, what they are about, how to read their numbers.
### The questions and answers themselves are not here: they are used to the letter, from
### prompts/instruments.

# A name for lists and buttons; keep it short.
instrument-phq9 = PHQ-9: low mood
instrument-gad7 = GAD-7: worry and tension

# Shown before the first question.
about-phq9 = Nine short questions about how you have been over the last two weeks, such as your mood, your sleep and your energy. It takes about three minutes.
about-gad7 = Seven short questions about worry and tension over the last two weeks. It takes about two minutes.

# How to read the number.
scale-phq9 = The number runs from 0 to 27. The higher it is, the more often these difficulties were there.
scale-gad7 = The number runs from 0 to 21. The higher it is, the more often these difficulties were there.

# Shown with every result.
result-not-a-diagnosis = This comes from your own answers about the last two weeks. It is not a diagnosis; a doctor or therapist can look at it together with you.

# Shown instead of a result when questions were left out.
result-incomplete = Some questions have no answer, so there is no result this time. What you did answer is kept, and you can take it again whenever you like.
