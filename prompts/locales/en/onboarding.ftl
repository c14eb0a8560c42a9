### The first conversation.
### consent-* are stored word for word with each answer. When a change alters what is agreed to,
### the version in bot/dialogs/consent.py goes up as well.

start-hello = Hello, and welcome. I am Evenkeel.
start-what-i-am = I am a computer program, not a human, not a therapist and not an emergency service. I can listen, help you keep track of how you are, and show you where to find people. If you are in danger, press Help now at any time.

consent-service =
    To do this I need to keep what you write: messages, moods, journal and answers. Before anything is kept I try to cover names, phone numbers and the like, and every word is sealed with a key made only for you. With /forget I delete all of it, whenever you want.

    If something you write sounds like danger, I mark it and tell the counselors of this service, where there are any, without your words.

    May I keep what you write?
consent-service-more = Of course. What you write is checked by this program first: names, numbers and addresses are covered where it finds them. Then it is stored in a form that cannot be read without your key. Nobody reads along. When something sounds like danger, counselors are told what it is about, not what you wrote. If you say no, nothing is kept, with one exception: a message that sounds like someone is in danger is kept sealed, so that someone can help.

consent-ai-chat = When we talk freely, a language model (a kind of AI, run by another company or by this service) can help me find better words. It gets the last messages with names and numbers covered. Without it I answer with simpler words of my own. May I use it?
consent-ai-chat-more = The language model sees the last messages between us, with names and numbers covered where I found them. That can include what you wrote in your journal or mood log a moment before. It only ever answers free talk, and never when you may be in danger. You can change this any time with /privacy.

consent-check-ins = May I write to you first now and then, to ask how you are? You can change this any time with /privacy.
consent-check-ins-more = A check-in is a short message such as "How are you today?". You never have to answer, and you can switch it off with /privacy.

consent-unclear = I did not quite get that. A yes or a no is enough.
consent-noted-yes = Thank you, I have noted your yes.
consent-noted-no = That is fine. I have noted your no.

start-declined = That is all right, and thank you for reading. I keep nothing of this. People can still help you, without me:
start-declined-end = If you change your mind, send /start. I will be here.
start-still-declined = I cannot keep or work with what you write unless you agree to it, so I have let this message go. You can read what I ask again, or press Help now to see people you can reach.

start-region = One last thing: which country are you in? Then the helplines I show will fit. Choose one, or type its name or its two letters, such as NZ.
start-region-skipped = That is fine. You can tell me later with /region.
start-ready = We are ready. You can just write to me, or begin with one of these:
start-welcome-back = Hello again. It is good to hear from you. You can just write to me, or begin with one of these:

region-ask = Which country are you in? The helplines I show will then fit. Choose one, or type its name or its two letters, such as NZ.
region-unknown = I could not find that country. Could you type its name in another way, or its two letters, such as NZ? You can also skip this.
region-noted = Thank you. I will show helplines for { $country }.
