### What Evenkeel says itself, when no conversation is about anything in particular.

paused = Paused. Your place is kept. Press Continue or send /resume whenever you like.
stopped = Stopped. We can start again any time.
nothing-to-pause = Nothing is open right now, so there is nothing to pause.
nothing-to-resume = Nothing is waiting for you. We can simply talk, or send /help to see what else there is.

stale-button = That button belongs to an earlier question, so I did not count it. Please use the newest one, or just write.
unknown-command = I do not know that command. Send /help to see the ones I know, or just write to me in your own words.
empty-text = That message arrived empty. What would you like to say?

screening-failed = I could not read that message safely, so I did not keep it. Could you say it again, perhaps in a shorter way? If it was urgent, here are people you can reach now.
went-wrong = Something went wrong on my side, and I am sorry. What you wrote before is safe. Please try again in a moment.
database-down = Evenkeel cannot reach its database right now, so it cannot answer. Nothing is lost: your message will be answered as soon as it is back.

## Things that are not words. They are not kept.

other-voice = I cannot listen to voice messages, and I did not keep this one. Could you write it to me?
other-photo = I cannot look at pictures, and I did not keep this one. Would you like to tell me about it in words?
other-sticker = I cannot see stickers. How would you say it in words?
other-document = I cannot open files, and I did not keep this one. You can write to me here instead.
other-location = I cannot use a location, and I did not keep it. To set the country for helplines, send /region.
other-contact = I cannot use contact cards, and I did not keep this one.
other-poll = I cannot answer polls. You can ask me in words.
other-group = I only talk with one person at a time, so that what is said stays between us. Please write to me directly.
other-unknown = I cannot read that kind of message. You can write to me in words.

## For counselors. Never a word of what a person wrote.

# $priority is urgent, high or another word; $domain says what it is about; $alias stands for the
# person; $minutes is how long ago it was raised.
alert-crisis =
    { $priority ->
        [urgent] URGENT
        [high] HIGH
        [medium] MEDIUM
       *[other] { $priority }
    }: { $domain ->
        [suicide] suicide
        [self_harm] self-harm
        [harm_to_others] harm to others
        [abuse] abuse
        [psychosis] psychosis
        [eating_disorder] eating disorder
        [substance] substance use
        [medical_emergency] medical emergency
        [safeguarding_minor] a minor at risk
       *[none] not known
    }. Person { $alias }, { $minutes ->
        [0] just now
        [one] { $minutes } minute ago
       *[other] { $minutes } minutes ago
    }.
