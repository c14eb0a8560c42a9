### /privacy

privacy-kept = I keep your messages, moods, journal entries and answers, and what you chose here.
privacy-protected = Names, phone numbers and the like are covered where I find them before anything is kept. Every word is sealed with a key made only for you.
privacy-seen = When something sounds like danger, counselors are told what it is about, not what you wrote.
privacy-delete = You can take back a consent any time. /export gives you a copy of everything, and /forget deletes everything.
privacy-unchanged = I changed nothing. With /privacy you can come back to it any time.
privacy-changed = Done. This is how it stands now:
privacy-teaching-ended = What you said I had misread is not used for teaching any more. Copies made until now have to be removed by the people who run this service; what I have learned from them stays learned.
privacy-model-deleted = I deleted what the language model was asked about you and what it answered. What was sent to it before is not in my hands any more.

privacy-consent-service =
    { $granted ->
        [yes] Keeping what you write: yes
       *[no] Keeping what you write: no
    }
privacy-consent-ai-chat =
    { $granted ->
        [yes] Language model in free talk: yes
       *[no] Language model in free talk: no
    }
privacy-consent-check-ins =
    { $granted ->
        [yes] Writing to you first: yes
       *[no] Writing to you first: no
    }
privacy-consent-teaching =
    { $granted ->
        [yes] Messages I misread may teach me: yes
       *[no] Messages I misread may teach me: no
    }

button-on-service = Let me keep notes
button-off-service = Stop keeping
button-on-ai-chat = Turn on model
button-off-ai-chat = Turn off model
button-on-check-ins = Turn on check-ins
button-off-check-ins = Turn off check-ins
button-off-teaching = Stop teaching

privacy-off-sure = Without this I can no longer keep or work with what you write, and we would begin anew with /start. What is kept already stays sealed; with /forget I delete it at once, and without a new yes from you it is deleted by itself after a while. Shall I stop keeping what you write?
privacy-service-off = Done. From now on I keep nothing of what you write, unless it sounds like someone is in danger. What was kept until now you can have as a copy with /export, or have deleted at once with /forget; without a new yes from you it is deleted by itself after a while. Thank you for the time we had. With /start you can come back any time.
