### Free talk without a language model. Each cue has three ways to say that it was heard; a question
### or an offer follows. Short, warm, no diagnosis, no promise, no cheering up.

talk-again = I am here. What is on your mind?
talk-model-away = I cannot reach the language model right now, so I answer in simpler words of my own.

## In the place of a reply that the check refused.

reply-withheld-1 = I want to be careful here, so I will not answer that in a hurry. What is it about this that matters most to you?
reply-withheld-2 = I did not find words for that which I could stand by, and I would rather say so. Tell me a little more, if you like.
reply-withheld-3 = That is something I should not answer just like that. I am listening: how is it for you right now?
reply-withheld-disclosed = I come back to what you told me, because it matters.

## One open question.

talk-question-1 = What is the hardest part of it for you?
talk-question-2 = Would you like to tell me a little more?
talk-question-3 = How long has it been like this?
talk-question-4 = What would help a little right now?
talk-question-5 = How is it for you at this moment?
talk-question-6 = Who knows how you are at the moment?

## One small offer.

talk-offer-breathe = If you like, we can breathe slowly together for a minute.
talk-offer-ground = If you like, we can try a short exercise to come back to the here and now.
talk-offer-journal = Some people find it lighter once it is written down. Your journal is here if you want it.
talk-offer-mood = If you like, note how your mood is right now. It takes one tap.
talk-offer-checkin = If you like, a few standard questions can show how the last two weeks have been.

## Who or what is speaking.

talk-human-1 = I am Evenkeel, a computer program. No human is writing this. I can listen, keep track of things with you, and show you where to find people.
talk-human-2 = I am not a person, I am a program called Evenkeel. If you would like to talk with a human, Help now shows some you can reach.
talk-human-3 = You are writing with a program. It is good that you ask. What you say still matters here, and people can be reached through Help now.

talk-diagnosis-1 = I cannot tell you what it is called; only a doctor or therapist can. What I can do is help you describe it.
talk-diagnosis-2 = That is an important question, and I am not able to answer it. A doctor or therapist can look at it with you, and it helps to bring notes.
talk-diagnosis-3 = A name for it is something to find out together with a doctor or therapist. Until then we can look at how it has been.

talk-medicine-1 = About medicines I cannot advise you, and please do not change anything on your own. The doctor who gave them to you, or a pharmacist, can answer that. How are you feeling with it?
talk-medicine-2 = Questions about medicines belong with your doctor or pharmacist; many answer by phone. Would you like to write down what you want to ask?
talk-medicine-3 = I am careful with this one: please talk to a doctor or pharmacist before you change anything. What made you think about it today?

talk-abilities-1 = I can listen, note your mood, keep a journal for you, ask you short questionnaires and do small exercises with you. Begin with any of these:
talk-abilities-2 = You can simply write to me. Or we can do one of these together:
talk-abilities-3 = I am good at listening, keeping track and small exercises. I am not a therapist. What would you like to try?

## What it is about.

talk-panic-1 = That sounds like a wave of panic. It feels awful, and waves like that do pass. Try to let your breath out slowly.
talk-panic-2 = Your body is sounding an alarm. You are not doing anything wrong. Look around, and name one thing you can see.
talk-panic-3 = That must be frightening. Put your feet on the floor if you can, and stay with me for a moment. If you have pain in your chest or cannot get air, call for medical help.

talk-grief-1 = I am so sorry. Losing someone can change everything, and there is no right way to feel about it.
talk-grief-2 = That is a great loss. You can take all the time you need here.
talk-grief-3 = I am sorry for your loss. If you like, tell me about the one you miss.

talk-lonely-1 = That sounds lonely. Thank you for letting me in on it.
talk-lonely-2 = Feeling alone can hurt as much as anything. I am glad you wrote.
talk-lonely-3 = It is hard when it seems that nobody is there. I am a program and no replacement for people, but I am listening.

talk-sleep-1 = Nights like that wear anyone out.
talk-sleep-2 = When sleep does not come right, everything else gets harder.
talk-sleep-3 = It sounds like your nights are not giving you much rest.

talk-angry-1 = It sounds like something really crossed a line for you.
talk-angry-2 = That anger makes sense to me. It often shows that something matters.
talk-angry-3 = I hear how much this gets to you. You can say it here as it is.

talk-sad-1 = That sounds heavy. I am glad you say it here.
talk-sad-2 = I hear how low it is right now. You do not have to pretend here.
talk-sad-3 = It sounds like it hurts. Take your time.

talk-worried-1 = It sounds like your mind does not get much rest.
talk-worried-2 = Worry can fill every corner. I am listening.
talk-worried-3 = That is a lot to be tense about. Let us take one thing at a time.

talk-tired-1 = You sound worn out. That is a real thing, not a weakness.
talk-tired-2 = It seems your batteries are quite empty.
talk-tired-3 = Being tired through and through makes everything harder.

talk-work-1 = It sounds like a lot is being asked of you there.
talk-work-2 = That takes up so much of a day, so it weighs when it goes badly.
talk-work-3 = I hear that this puts pressure on you.

talk-people-1 = People who are close to us can move us most, for better and for worse.
talk-people-2 = It sounds like something between you and them is on your mind.
talk-people-3 = That sounds important to you. I am listening to your side of it.

talk-good-1 = That is nice to hear.
talk-good-2 = I am glad. Moments like that are worth noticing.
talk-good-3 = Good to hear that. What is part of it?

talk-thanks-1 = You are welcome. I am here whenever you like.
talk-thanks-2 = Gladly. Thank you for telling me how things are.
talk-thanks-3 = Of course. Take good care of yourself today.

talk-goodbye-1 = Take care. You can come back any time.
talk-goodbye-2 = Goodbye for now. I hope the rest of the day is kind to you.
talk-goodbye-3 = Until next time. Help now is there at any hour, if you need it.

talk-greeting-1 = Hello. How are you today?
talk-greeting-2 = Hi, good to hear from you. What is on your mind?
talk-greeting-3 = Hello there. How has your day been so far?

talk-unsure-1 = It is fine not to know.
talk-unsure-2 = You do not need the right words for it.
talk-unsure-3 = Not knowing is an answer too. We can go slowly.

talk-brief-1 = I am with you.
talk-brief-2 = All right.
talk-brief-3 = I hear you.

talk-other-1 = Thank you for telling me.
talk-other-2 = I am listening.
talk-other-3 = I see. That is on your mind, then.
