### Estados de ánimo, de 1 (muy bajo) a 10 (muy bueno). No elogies los números altos ni compadezcas
### los bajos: cada uno es simplemente como es.

mood-ask = ¿Cómo está tu ánimo ahora, de 1 (muy bajo) a 10 (muy bueno)? Puedes añadir unas palabras si quieres, por ejemplo: 6 con cansancio pero en calma
mood-unclear = Para esto necesito un número entero del 1 al 10. Por ejemplo: 6, o bien: 6 con cansancio pero en calma. ¿Cuál encaja mejor?
mood-let-go = Podemos dejar el ánimo para otro momento. ¿De qué te gustaría hablar?
mood-saved =
    { $noted ->
        [yes] Anotado: { $score } de 10, con tus palabras.
       *[no] Anotado: { $score } de 10.
    }

mood-low-1 = Parece un momento pesado. Gracias por contarme cómo es de verdad.
mood-low-2 = Te leo, y veo que ahora es difícil. Aquí no tienes que hacer que parezca mejor.
mood-low-3 = Gracias por anotarlo, por bajo que sea. Si llega a ser demasiado, Ayuda ahora te muestra personas con las que puedes hablar.

mood-middle-1 = Algo intermedio, entonces. También vale la pena anotarlo.
mood-middle-2 = Gracias. Los días así se olvidan con facilidad, por eso está bien tenerlo escrito.
mood-middle-3 = Entendido. Si hubo algo en concreto que lo hizo así, puedes contármelo o escribirlo.

mood-high-1 = Gracias. Si te apetece, fíjate en qué forma parte de esto hoy.
mood-high-2 = Está bien saberlo. ¿Hay algo de este día que te gustaría recordar?
mood-high-3 = Gracias por anotarlo. Más adelante puede ayudar ver qué tienen en común los días así.
