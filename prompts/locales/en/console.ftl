### What the terminal itself says to the person in front of it.

console-starting = Starting. The first time this takes a few seconds ...
# Stands in the empty prompt. /help and /quit are commands: keep them as they are.
console-hint = Write here. /help shows what there is, /quit leaves.
# Stands in the empty prompt while a reply is being made.
console-writing = Evenkeel is writing …
# The heading of what counselors are told, which a person who tries Evenkeel out sees as well.
console-counselors = counselors see
console-not-utf8 = One line was not UTF-8 text, so it was left out. Please save the input as UTF-8 and send that line again.
console-reply-late = Your message is safe, but its reply is late. It will be shown in a next session.
console-goodbye = Take care. What we talked about is kept for the next time.
# $path is where a file that belongs to a reply was put.
console-file-saved = Saved as { $path }. Only you can open it; delete it when you no longer need it.
