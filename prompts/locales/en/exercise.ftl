### Short exercises. Plain words that also work when read aloud.

exercise-breathe-intro = Let us breathe slowly for about a minute. Sit or stand as you are, and let your shoulders drop. If it feels unpleasant, stop and breathe as you like.
exercise-breathe-steps =
    Breathe in through your nose and count to four.
    Hold it gently and count to two.
    Breathe out slowly and count to six, as if through a straw.
    Do this five times, at your own pace.
exercise-breathe-end = Take your time. When you are done, notice whether anything feels a little different. It is fine if nothing does.

exercise-ground-intro = This one helps to come back to the here and now. Go slowly, and name things out loud or in your head.
exercise-ground-steps =
    Five things you can see.
    Four things you can feel, such as the chair or your feet on the floor.
    Three things you can hear.
    Two things you can smell.
    One thing you can taste, or one slow breath.
exercise-ground-end = If your thoughts wander off, just go on with the next one. How is it now? You can tell me, or simply rest for a moment.
