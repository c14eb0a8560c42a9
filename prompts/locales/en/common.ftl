### Buttons that stand under many messages. Keep them short: some phones cut after 20 letters.

button-yes = Yes
button-no = No
button-back = Back
button-skip = Skip
button-pause = Pause
button-stop = Stop
button-continue = Continue
button-done = Done
button-discard = Throw away
button-show-all = Show all answers
button-tell-me-more = Tell me more
button-read-again = Read it again
button-help-now = Help now

## Buttons that open something.

offer-start = Start
offer-mood = Log my mood
offer-journal = Write in my journal
offer-checkin = Take a check-in
offer-history = See my history
offer-breathe = Breathe slowly
offer-ground = Grounding exercise
offer-help = What can you do?
offer-help_now = Help now
offer-privacy = My data
offer-settings = Settings
offer-language = Language
offer-region = Country

## Languages, each in its own words.

language-en = English
language-es = Español
