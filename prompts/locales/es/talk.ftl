### Charla libre sin modelo de lenguaje. Cada señal tiene tres maneras de decir que se ha oído; después
### viene una pregunta o una propuesta. Corto, cálido, sin diagnóstico, sin promesas, sin animar a la
### fuerza.

talk-again = Aquí estoy. ¿Qué tienes en la cabeza?
talk-model-away = Ahora mismo no puedo usar el modelo de lenguaje, así que respondo con palabras mías, más sencillas.

## En lugar de una respuesta que la comprobación rechazó.

reply-withheld-1 = Quiero ir con cuidado aquí, así que no voy a responder con prisas. ¿Qué es lo que más te importa de esto?
reply-withheld-2 = No he encontrado palabras de las que pueda responder, y prefiero decirlo. Si quieres, cuéntame un poco más.
reply-withheld-3 = Eso no debería contestarlo así sin más. Te escucho: ¿cómo lo llevas ahora mismo?
reply-withheld-disclosed = Vuelvo a lo que me has contado, porque importa.

## Una pregunta abierta.

talk-question-1 = ¿Qué es lo más difícil de esto para ti?
talk-question-2 = ¿Quieres contarme un poco más?
talk-question-3 = ¿Desde cuándo es así?
talk-question-4 = ¿Qué te ayudaría un poco ahora mismo?
talk-question-5 = ¿Cómo estás en este momento?
talk-question-6 = ¿Quién sabe cómo estás estos días?

## Una propuesta pequeña.

talk-offer-breathe = Si quieres, podemos respirar despacio juntos durante un minuto.
talk-offer-ground = Si quieres, podemos probar un ejercicio corto para volver al aquí y ahora.
talk-offer-journal = A algunas personas les pesa menos cuando está escrito. Tu diario está aquí si lo quieres.
talk-offer-mood = Si quieres, anota cómo está tu ánimo ahora. Basta un toque.
talk-offer-checkin = Si quieres, unas preguntas breves pueden mostrar cómo han sido las últimas dos semanas.

## Quién o qué está hablando.

talk-human-1 = Soy Evenkeel, un programa informático. Esto no lo escribe ningún ser humano. Puedo escucharte, llevar un registro contigo y enseñarte dónde encontrar personas.
talk-human-2 = No soy una persona, soy un programa que se llama Evenkeel. Si quieres hablar con alguien, Ayuda ahora te muestra personas a las que puedes llamar.
talk-human-3 = Estás escribiendo con un programa. Está bien que lo preguntes. Lo que dices importa igual, y con Ayuda ahora encuentras personas.

talk-diagnosis-1 = No puedo decirte cómo se llama; eso solo lo puede hacer un médico o terapeuta. Lo que sí puedo es ayudarte a describirlo.
talk-diagnosis-2 = Es una pregunta importante, y yo no puedo responderla. Un médico o terapeuta puede mirarlo contigo, y ayuda llevar notas.
talk-diagnosis-3 = Ponerle nombre es algo que se averigua con un médico o terapeuta. Mientras tanto podemos mirar cómo ha sido.

talk-medicine-1 = Sobre medicamentos no puedo aconsejarte y, por favor, no cambies nada por tu cuenta. Quien te los recetó, o en la farmacia, te lo puede responder. ¿Cómo te sientes con ello?
talk-medicine-2 = Las preguntas sobre medicamentos son para tu médico o para la farmacia; muchos responden por teléfono. ¿Quieres apuntar lo que te gustaría preguntar?
talk-medicine-3 = Con esto tengo cuidado: habla con tu médico o con la farmacia antes de cambiar nada, por favor. ¿Qué te hizo pensar en ello hoy?

talk-abilities-1 = Puedo escucharte, anotar tu ánimo, llevarte un diario, hacerte cuestionarios breves y pequeños ejercicios. Empieza con lo que quieras:
talk-abilities-2 = Puedes simplemente escribirme. O podemos hacer algo de esto:
talk-abilities-3 = Se me da bien escuchar, llevar un registro y los ejercicios pequeños. No soy terapeuta. ¿Qué te gustaría probar?

## De qué se trata.

talk-panic-1 = Eso suena a una ola de pánico. Es horrible, y esas olas pasan. Intenta soltar el aire despacio.
talk-panic-2 = Tu cuerpo está dando una alarma. No estás haciendo nada mal. Mira a tu alrededor y nombra una cosa que veas.
talk-panic-3 = Debe de dar miedo. Apoya los pies en el suelo si puedes, y quédate conmigo un momento. Si te duele el pecho o te falta el aire, llama a urgencias.

talk-grief-1 = Lo siento mucho. Perder a alguien puede cambiarlo todo, y no hay una manera correcta de sentirse.
talk-grief-2 = Es una gran pérdida. Aquí puedes tomarte todo el tiempo que necesites.
talk-grief-3 = Siento tu pérdida. Si quieres, háblame de quien echas de menos.

talk-lonely-1 = Eso suena a mucha soledad. Gracias por contármelo.
talk-lonely-2 = La soledad puede doler tanto como cualquier otra cosa. Me alegra que hayas escrito.
talk-lonely-3 = Es duro cuando parece que no hay nadie. Soy un programa y no sustituyo a las personas, pero te leo con atención.

talk-sleep-1 = Noches así desgastan a cualquiera.
talk-sleep-2 = Cuando no se duerme bien, todo lo demás cuesta más.
talk-sleep-3 = Parece que tus noches no te dan mucho descanso.

talk-angry-1 = Parece que algo pasó de la raya para ti.
talk-angry-2 = Entiendo ese enfado. Muchas veces muestra que algo importa.
talk-angry-3 = Veo cuánto te afecta. Aquí puedes decirlo tal como es.

talk-sad-1 = Eso suena pesado. Me alegra que lo digas aquí.
talk-sad-2 = Veo lo bajo que está todo ahora. Aquí no tienes que fingir.
talk-sad-3 = Parece que duele. Tómate tu tiempo.

talk-worried-1 = Parece que tu cabeza no descansa mucho.
talk-worried-2 = La preocupación puede llenarlo todo. Te leo.
talk-worried-3 = Son muchas cosas que dan tensión. Vayamos de una en una.

talk-tired-1 = Se nota el cansancio. Es algo real, no una debilidad.
talk-tired-2 = Parece que te queda muy poca batería.
talk-tired-3 = El cansancio de verdad lo hace todo más difícil.

talk-work-1 = Parece que ahí te piden mucho.
talk-work-2 = Eso ocupa gran parte del día, así que pesa cuando va mal.
talk-work-3 = Veo que esto te mete presión.

talk-people-1 = Las personas cercanas son las que más nos mueven, para bien y para mal.
talk-people-2 = Parece que algo entre tú y esas personas te da vueltas en la cabeza.
talk-people-3 = Suena importante para ti. Quiero conocer tu lado.

talk-good-1 = Da gusto leerlo.
talk-good-2 = Me alegro. Momentos así merecen que uno se fije en ellos.
talk-good-3 = Me alegra leer eso. ¿Qué forma parte de ello?

talk-thanks-1 = De nada. Aquí estoy cuando quieras.
talk-thanks-2 = Con gusto. Gracias por contarme cómo van las cosas.
talk-thanks-3 = No hay de qué. Cuídate mucho hoy.

talk-goodbye-1 = Cuídate. Puedes volver cuando quieras.
talk-goodbye-2 = Hasta luego. Espero que el resto del día te trate bien.
talk-goodbye-3 = Hasta la próxima. Ayuda ahora está ahí a cualquier hora, si la necesitas.

talk-greeting-1 = Hola. ¿Cómo estás hoy?
talk-greeting-2 = Hola, me alegra leerte. ¿Qué tienes en la cabeza?
talk-greeting-3 = Hola. ¿Cómo ha ido tu día hasta ahora?

talk-unsure-1 = Está bien no saberlo.
talk-unsure-2 = No necesitas las palabras exactas.
talk-unsure-3 = No saber también es una respuesta. Podemos ir despacio.

talk-brief-1 = Estoy contigo.
talk-brief-2 = De acuerdo.
talk-brief-3 = Te leo.

talk-other-1 = Gracias por contármelo.
talk-other-2 = Te leo con atención.
talk-other-3 = Ya veo. Eso es lo que te ronda, entonces.
