### What the terminal itself says to the person in front of it.

console-starting = Un momento, empiezo. La primera vez tarda unos segundos ...
console-hint = Escribe aquí. /help muestra lo que hay, /quit sale.
console-writing = Evenkeel está escribiendo …
console-counselors = lo que ve el equipo de apoyo
console-not-utf8 = Una línea no era texto UTF-8 y se dejó fuera. Guarda la entrada como UTF-8 y envía esa línea otra vez.
console-reply-late = Tu mensaje está a salvo, pero la respuesta se retrasa. Se mostrará en una próxima sesión.
console-goodbye = Cuídate. Lo que hablamos queda guardado para la próxima vez.
console-file-saved = Guardado como { $path }. Solo tú puedes abrirlo; bórralo cuando ya no lo necesites.
