### Moods, from 1 (very low) to 10 (very good). Do not praise high numbers or pity low ones: each
### is only how it is.

mood-ask = How is your mood right now, from 1 (very low) to 10 (very good)? You can add a few words if you like, for example: 6 tired but calm
mood-unclear = I need a whole number from 1 to 10 for this. For example: 6, or: 6 tired but calm. What fits best?
mood-let-go = We can leave the mood for another time. What would you like to talk about?
mood-saved =
    { $noted ->
        [yes] Noted: { $score } of 10, with your words.
       *[no] Noted: { $score } of 10.
    }

mood-low-1 = That sounds like a heavy moment. Thank you for telling me how it really is.
mood-low-2 = I hear that it is hard right now. You do not have to make it look better here.
mood-low-3 = Thank you for noting it, low as it is. If it gets too much, Help now shows people you can reach.

mood-middle-1 = Somewhere in between, then. That is worth noting too.
mood-middle-2 = Thank you. Days like this are easily forgotten, so it is good to have it written down.
mood-middle-3 = Got it. If something in particular made it so, you can tell me or write it down.

mood-high-1 = Thank you. If you like, notice what is part of it today.
mood-high-2 = Good to know. Anything about this day that you would like to remember?
mood-high-3 = Thank you for noting it. It can help later to see what days like this have in common.
