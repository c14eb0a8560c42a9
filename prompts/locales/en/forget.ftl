### /forget, and the receipt that is sent when everything is deleted.

forget-what = If you want, I forget you. I then delete everything that is kept about you here: messages, moods, journal, answers and scores, what you agreed to, and how to find you. And I destroy your key, so that what was sealed with it can never be read again, not even in a backup. Nobody can take that back.
forget-stays = Two things stay. A log of what was done with your data, with nothing you wrote in it, because the law asks for one. And if something you said has alerted counselors and they are not done yet, a small note without your words, so that they can still help you. It goes when they are done.
forget-copy-first = If you would like to have a copy first, press "Everything about me" or send /export.
forget-ask = Shall I forget you?
forget-unclear = I did not quite get that. A yes or a no is enough.
forget-sure = One last question, because this cannot be undone: shall I delete everything about you now?
forget-being-done = I am deleting everything now. In a moment you get a receipt here; it is the last thing I know of you. Thank you for the time we had, and take good care of yourself.
forget-unchanged = I deleted nothing. With /forget you can come back to it any time.

button-forget-me = Yes, forget me
button-forget-everything = Delete everything
button-forget-keep = No, keep it
offer-forget = Forget me

## The receipt. $rows is how many there were.

forget-done = It is done. I deleted everything about you:
forget-gone-messages =
    { $rows ->
        [one] • { $rows } message
       *[other] • { $rows } messages
    }
forget-gone-moods =
    { $rows ->
        [one] • { $rows } mood
       *[other] • { $rows } moods
    }
forget-gone-journal =
    { $rows ->
        [one] • { $rows } journal entry
       *[other] • { $rows } journal entries
    }
forget-gone-questionnaires =
    { $rows ->
        [one] • { $rows } questionnaire
       *[other] • { $rows } questionnaires
    }
forget-gone-scores =
    { $rows ->
        [one] • { $rows } score
       *[other] • { $rows } scores
    }
forget-gone-goals =
    { $rows ->
        [one] • { $rows } goal
       *[other] • { $rows } goals
    }
forget-gone-recommendations =
    { $rows ->
        [one] • { $rows } recommendation
       *[other] • { $rows } recommendations
    }
forget-gone-safety =
    { $rows ->
        [one] • { $rows } note about your safety
       *[other] • { $rows } notes about your safety
    }
forget-gone-model =
    { $rows ->
        [one] • { $rows } question to the language model, with its answer
       *[other] • { $rows } questions to the language model, with their answers
    }
forget-gone-consents =
    { $rows ->
        [one] • { $rows } yes or no to what I may keep and do
       *[other] • { $rows } times a yes or no to what I may keep and do
    }
forget-gone-settings =
    { $rows ->
        [one] • { $rows } entry with your settings or how to find you
       *[other] • { $rows } entries with your settings and how to find you
    }
forget-gone-conversation =
    { $rows ->
        [one] • where our conversation stood
       *[other] • where our { $rows } conversations stood
    }
forget-gone-post =
    { $rows ->
        [one] • { $rows } entry about messages on their way in and out
       *[other] • { $rows } entries about messages on their way in and out
    }
forget-key = Your key is destroyed. What was sealed with it cannot be read again by anybody, also not where it still lies in a backup.
# $entries is how many, $days for how long; 0 days is without an end.
forget-log =
    What stays: this receipt and a log of what was done with your data, under a number that leads to nobody, with nothing you wrote. The log has { $entries ->
        [one] { $entries } entry
       *[other] { $entries } entries
    } and { $days ->
        [0] has no set end
        [one] is deleted after { $days } day
       *[other] is deleted after { $days } days
    }.
forget-case = One more thing stays for now: counselors were alerted and are not done yet. They keep a code name, what it is about, how urgent it is, and where to reach you, and none of your words. That is deleted when they are done. If you are in danger, please do not wait for them:
forget-elsewhere-telegram = This chat itself is kept by Telegram, not by me. To clear it, open the chat's menu and choose to delete the chat; there you can also delete it for the other side.
forget-elsewhere-slack = This chat itself is kept by Slack, not by me. You can delete your own messages there where your workspace allows it; for the rest, ask whoever runs the workspace.
forget-elsewhere-console = What is on this screen is kept by your terminal, not by me. Close the window or clear it.
forget-again = If you ever write to me again, we begin as if we had never met.
