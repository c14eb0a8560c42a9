### The crisis dialog. Calm, direct, warm. Never a method, never a promise, never blame; ask straight
### out, and leave every door open. Please have changes read by someone who knows crisis work.

button-misread = You misread me
button-safer = I am safer now
button-numbers = Show the numbers

crisis-call-now = Please call { $number } now. It is the emergency number.
crisis-told = I have alerted the counselors of this service. I cannot say when one of them will see it, so please do not wait for them if you are in danger.
crisis-nobody-reads = I am a program, and no human is reading this right now. Please reach out to a person.

## A card that comes again, shorter.

crisis-again-1 = I am still with you. You can reach someone here:
crisis-again-2 = This still sounds like very much. Please let one of these people be there for you:
crisis-again-3 = I come back to this because I take it seriously. Here is someone to talk to:
crisis-numbers-1 = Here are the numbers:
crisis-numbers-2 = These are the people you can reach:

## Before the gentle question, when something may be meant.

crisis-gentle-1 = Thank you for telling me. I would rather ask than guess:
crisis-gentle-2 = That sounds hard. May I ask you something directly?
crisis-gentle-3 = I am listening, and I want to understand you rightly:
crisis-gentle-unanswered = You do not have to answer that. Thank you for telling me this much. If it ever gets too much, Help now shows people you can reach. Please go on, I am listening.

## Answers.

crisis-gentle-label-danger = Yes
crisis-gentle-label-some = Sometimes
crisis-gentle-label-safe = No
crisis-danger-label-danger = Yes
crisis-danger-label-some = I am not sure
crisis-danger-label-safe = No
crisis-safe-label-danger = No, I am not safe
crisis-safe-label-some = I am not sure
crisis-safe-label-safe = Yes, for now
crisis-suicide-label-danger = Yes, right now
crisis-suicide-label-some = Thoughts, but not now
crisis-suicide-label-safe = No
crisis-self-harm-label-danger = Yes, right now
crisis-self-harm-label-some = I feel the urge
crisis-self-harm-label-safe = No, not now

## When the answer is not clear, and how it ends.

crisis-unclear = Thank you for telling me. I ask once more, because I want to understand you rightly:
crisis-open-door = You do not have to answer. I am still here, and you can write whatever you like. If you are in danger, call { $number }. Help now shows the other numbers.
crisis-back = I come back to what I asked, because it matters:
crisis-safe = Thank you for answering. I am glad to hear it. If that changes, Help now is always there. We can go on where we were, or you can just write to me.
crisis-safer = I am glad that it is a little safer now. Please let one person know how it was today. Help now is always there. We can go on where we were, or you can just write to me.
crisis-some-end = Thank you for going through this with me. If it gets stronger, please call one of the numbers; Help now shows them again. We can go on where we were, or you can just write to me.
crisis-misread = Then I misread you, and I am sorry. Thank you for putting it right. We can go on where we were, or you can just write to me.
crisis-misread-told = The counselors were told before you answered, so one of them may still look at it.

## After that, once: may the message teach. What consent-teaching asks is stored word for word with a
## yes; a change that alters what is agreed to needs a new version (bot/dialogs/consent.py).

consent-teaching = One question, only if you like: may the people who run this service read that message and the few before it, with names and numbers covered where I find them, and keep them to teach me to read better? Nothing else depends on your answer, and with /privacy you can take a yes back.
crisis-teach-yes = Thank you. You can take that back any time with /privacy. We can go on where we were, or you can just write to me.
crisis-teach-left = That is fine: that message is not used for teaching. We can go on where we were, or you can just write to me.

## Steps towards safety.

crisis-step-unclear = Thank you for telling me.

crisis-means = Is there anything near you that you could use to hurt yourself?
crisis-means-near = Yes, it is near
crisis-means-away = I have put it away
crisis-means-nothing = No
crisis-means-near-said = Please put distance between you and it: go to another room, or ask someone to take it. A few minutes and a closed door already help.
crisis-means-away-said = That was a good step. Please leave it where it is hard to reach.
crisis-means-nothing-said = Good. Please stay where it is like that.

crisis-distance = Can you step away from the other person, to another room or outside?
crisis-distance-yes = Yes
crisis-distance-no = No
crisis-distance-yes-said = Good. Please stay there, and breathe out slowly a few times.
crisis-distance-no-said = Then say out loud that you need a break, and call the number as soon as you can.

crisis-place = Can you get to a safer place, or to someone you trust?
crisis-place-yes = Yes
crisis-place-no = No
crisis-place-watched = I cannot speak freely
crisis-place-yes-said = Good. Please go there now if you can, and take your phone with you.
crisis-place-no-said = Then stay near a door, or where others can hear you, and call as soon as you can.
crisis-place-watched-said = Then look after yourself first. You can delete this chat, and call or write when you are alone.

crisis-company = Is someone with you, or could someone come?
crisis-company-yes = Someone is here
crisis-company-could = I could call someone
crisis-company-no = I am alone
crisis-company-yes-said = Good. Let them know how it is, in whatever words you have. You can also show them this chat.
crisis-company-could-said = Please do it now. You could say: "I am not well. Can you come, or stay on the phone with me?"
crisis-company-no-said = The people at the numbers can stay on the line with you. You could also go where other people are.

## Staying, as long as it is not safe.

crisis-stay-begin = I answer every message, but I am a program and cannot send help. If it gets worse, call { $number }.
crisis-stay-1 = I am here. For now only the next few minutes count. If it gets worse, call { $number }.
crisis-stay-2 = Thank you for writing on. What is around you right now? If you are in danger, call { $number }.
crisis-stay-3 = I hear you. Put both feet on the floor, and breathe out slowly, longer than you breathe in. For help at once, call { $number }.
crisis-stay-4 = You do not have to find the right words. Is there one person you could let know how it is? If it gets worse, call { $number }.

## Thoughts of suicide.

crisis-suicide-open = Thank you for telling me. I take what you write seriously, and you do not have to go through this alone. These people are there to listen:
crisis-suicide-ask = I want to ask you straight out: are you thinking of ending your life right now?
crisis-suicide-gentle = Are you having thoughts of ending your life?
crisis-suicide-danger = Please call yourself, or ask someone near you to call. If you have hurt yourself or taken something, say so, even if you feel all right.
crisis-suicide-some = Thank you for being honest. Thoughts like these can be very strong, and they often ease again. Let us make the next hours safer.

## Self-harm.

crisis-self-harm-open = Thank you for telling me. Hurting yourself is often a way to get through something that is too much, and you are not alone with it. These people listen without judging:
crisis-self-harm-ask = Are you hurting yourself right now, or about to?
crisis-self-harm-gentle = Are you hurting yourself, or thinking about it?
crisis-self-harm-danger = If you are injured, please say so when you call, and let someone look at it even if it seems small.
crisis-self-harm-some = Thank you for being honest. An urge often rises, and then falls again. Let us make the time until then safer.

## Harm to others.

crisis-harm-to-others-open = Thank you for saying it instead of carrying it alone. There are people who help before anyone gets hurt:
crisis-harm-to-others-ask = Are you close to hurting someone right now?
crisis-harm-to-others-gentle = Are you having thoughts of hurting someone?
crisis-harm-to-others-danger = Please move away from the other person first. When you call, say that you are afraid of hurting someone. That is a good reason to call.
crisis-harm-to-others-some = Thank you for being honest. Having such thoughts does not mean that you will act on them. Space, and another person to talk to, can help now.

## Abuse and violence.

crisis-abuse-open = What you describe is not okay, and it is not your fault. If someone may be reading with you, look after yourself first. These people can help you, and you decide on each step:
crisis-abuse-ask = Are you safe where you are right now?
crisis-abuse-gentle = Is someone hurting you, or making you afraid?
crisis-abuse-danger = If you can leave safely, go where other people are. If you cannot speak, call and stay on the line; in some countries you can also send a text to the emergency number.
crisis-abuse-some = Please take that feeling seriously. Keep your phone with you, and think of one place you could go.

## Psychosis.

crisis-psychosis-open = That sounds frightening, and I am glad you told me. These people can help you through it:
crisis-psychosis-ask = Is anything telling you to hurt yourself or someone else right now?
crisis-psychosis-gentle = Do you hear, see or sense things that frighten you, or that tell you what to do?
crisis-psychosis-danger = Please do not stay alone with it, and do not act on it. Tell the people on the phone what you told me.
crisis-psychosis-some = Then let us go slowly. Little noise, rest and someone you trust can help until you see a doctor, best today.

## Eating disorders.

crisis-eating-disorder-open = Thank you for telling me. This is hard to talk about, and it is not a matter of will. These people listen:
crisis-eating-disorder-ask = Right now, do you feel faint, have pain in your chest, or keep nothing down, not even water?
crisis-eating-disorder-gentle = Is eating, or not eating, taking over so much that it harms your body?
crisis-eating-disorder-danger = These can be signs that your body needs help today. Say what you feel, and how long it has been going on.
crisis-eating-disorder-some = Then please let a doctor look at you in the next days, and tell someone near you today how it is.

## Alcohol, drugs, medicines.

crisis-substance-open = Thank you for telling me. I do not judge you for it. These people can help:
crisis-substance-ask = Have you taken so much, or mixed things, that you feel unwell right now?
crisis-substance-gentle = Is drinking, or using something, becoming dangerous for you?
crisis-substance-danger = Say what you took and when. They are there to help you. Please take nothing more, do not stay alone, and lie on your side if you feel sleepy.
crisis-substance-some = Please take nothing more for now, and stay near someone who can look after you. If you drink or take something every day, stopping all at once can be dangerous: ask a doctor first.

## Medical emergencies.

crisis-medical-emergency-open = This may need help at once. If you are not sure, it is right to call:
crisis-medical-emergency-ask = Is it happening right now?
crisis-medical-emergency-gentle = Is something wrong with your body right now that may need help quickly?
crisis-medical-emergency-danger = Say what is happening and where you are, and stay on the line. Unlock the door if you can, and please do not drive yourself.
crisis-medical-emergency-some = If you are not sure, call and ask; that is what they are there for. If it gets worse, do not wait.

## A child or young person at risk.

crisis-safeguarding-minor-open = No child should be hurt or afraid. If this is about you: it is not your fault, and it was right to tell someone. These people help children, and those who worry about one:
crisis-safeguarding-minor-ask = Are you, or is the child you mean, safe right now?
crisis-safeguarding-minor-gentle = Is someone hurting or scaring you, or a child you know?
crisis-safeguarding-minor-danger = Go to an adult you trust, or where other people are: a neighbour, a shop, a school. Say on the phone that a child is in danger.
crisis-safeguarding-minor-some = Then please tell an adult you trust today: a teacher, a doctor, a relative. If the first one does not listen, tell another.

## Help was asked for, and nothing more is known.

crisis-none-open = I am glad you reached out. These are people you can reach right now:
crisis-none-ask = Are you safe right now?
crisis-none-gentle = Is anything making you feel unsafe, or are you having thoughts of ending your life?
crisis-none-danger = Say what is happening and where you are.
crisis-none-some = Then let us look at what would make it a little safer.
