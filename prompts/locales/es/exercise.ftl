### Ejercicios cortos. Palabras sencillas que también funcionan leídas en voz alta.

exercise-breathe-intro = Vamos a respirar despacio durante un minuto, más o menos. Quédate como estás, de pie o en una silla, y suelta los hombros. Si te resulta desagradable, para y respira como quieras.
exercise-breathe-steps =
    Toma aire por la nariz y cuenta hasta cuatro.
    Retenlo con suavidad y cuenta hasta dos.
    Suelta el aire despacio y cuenta hasta seis, como por una pajita.
    Hazlo cinco veces, a tu ritmo.
exercise-breathe-end = Tómate tu tiempo. Cuando termines, fíjate en si algo se siente un poco distinto. Está bien si no es así.

exercise-ground-intro = Este ayuda a volver al aquí y ahora. Ve despacio y nombra las cosas en voz alta o para tus adentros.
exercise-ground-steps =
    Cinco cosas que puedes ver.
    Cuatro cosas que puedes sentir, como la silla o los pies en el suelo.
    Tres cosas que puedes oír.
    Dos cosas que puedes oler.
    Una cosa que puedes saborear, o una respiración lenta.
exercise-ground-end = Si tus pensamientos se van, sigue sin más con la siguiente. ¿Cómo estás ahora? Puedes contármelo, o simplemente descansar un momento.
