### /help

help-what = I am Evenkeel, a computer program. You can talk to me about how you are, keep track of your mood, write a journal, and answer short questionnaires. I am not a human, a therapist or an emergency service.
help-commands =
    You can just write to me, or use these:
    /mood to log your mood, for example: /mood 6 tired but calm
    /journal to write something down
    /checkin for the two questionnaires, /phq9 or /gad7 for one of them
    /history to look back
    /breathe and /ground for short exercises
    /pause and /resume to take a break in the middle
    /privacy for what I may keep, /export for a copy of it, /forget to have it all deleted
    /settings for language and country
    /help_now for people you can reach right now
help-urgent = If you are in danger, press Help now. It always works.
help-before-consent = Before we begin I need to ask you what I may keep. Until then I keep nothing of what you write, unless it sounds like someone is in danger.
