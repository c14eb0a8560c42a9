### La primera conversación.
### Los consent-* se guardan palabra por palabra con cada respuesta. Si un cambio altera lo que se
### acepta, la versión en bot/dialogs/consent.py también sube.

start-hello = Hola, te doy la bienvenida. Soy Evenkeel.
start-what-i-am = Soy un programa informático, no un ser humano, ni terapeuta, ni un servicio de emergencias. Puedo escucharte, ayudarte a llevar un registro de cómo estás y enseñarte dónde encontrar personas. Si estás en peligro, pulsa Ayuda ahora en cualquier momento.

consent-service =
    Para hacerlo necesito guardar lo que escribes: mensajes, estados de ánimo, diario y respuestas. Antes de guardar nada intento ocultar nombres, números de teléfono y datos parecidos, y cada palabra queda sellada con una clave hecha solo para ti. Con /forget lo borro todo, cuando quieras.

    Si algo que escribes suena a peligro, lo marco y aviso al equipo de apoyo de este servicio, si lo hay, sin tus palabras.

    ¿Puedo guardar lo que escribes?
consent-service-more = Claro. Primero este programa revisa lo que escribes: oculta nombres, números y direcciones donde los encuentra. Luego se guarda de una forma que no se puede leer sin tu clave. Nadie lee a la vez que escribes. Cuando algo suena a peligro, el equipo de apoyo sabe de qué se trata, no lo que escribiste. Si dices que no, no se guarda nada, con una excepción: un mensaje que suena a que alguien está en peligro se guarda sellado, para que alguien pueda ayudar.

consent-ai-chat = Cuando hablamos libremente, un modelo de lenguaje (un tipo de IA, que gestiona otra empresa o este servicio) puede ayudarme a encontrar mejores palabras. Recibe los últimos mensajes con los nombres y números ocultos. Sin él respondo con palabras mías, más sencillas. ¿Puedo usarlo?
consent-ai-chat-more = El modelo de lenguaje ve los últimos mensajes entre nosotros, con los nombres y números ocultos donde los encontré. Eso puede incluir lo que escribiste en tu diario o en tu registro de ánimo poco antes. Solo responde a la charla libre, y nunca cuando puedas estar en peligro. Puedes cambiarlo cuando quieras con /privacy.

consent-check-ins = ¿Puedo escribirte yo de vez en cuando para preguntarte cómo estás? Puedes cambiarlo cuando quieras con /privacy.
consent-check-ins-more = Es un mensaje corto, como "¿Cómo estás hoy?". Nunca tienes que responder, y puedes desactivarlo con /privacy.

consent-unclear = No lo he entendido del todo. Basta con un sí o un no.
consent-noted-yes = Gracias, he anotado tu sí.
consent-noted-no = Está bien. He anotado tu no.

start-declined = No pasa nada, y gracias por leerlo. No guardo nada de esto. Hay personas que pueden ayudarte, sin mí:
start-declined-end = Si cambias de idea, envía /start. Aquí estaré.
start-still-declined = No puedo guardar lo que escribes ni trabajar con ello si no estás de acuerdo, así que he dejado pasar este mensaje. Puedes leer otra vez lo que pido, o pulsar Ayuda ahora para ver personas con las que puedes hablar.

start-region = Una última cosa: ¿en qué país estás? Así las líneas de ayuda que te muestro serán las adecuadas. Elige uno, o escribe su nombre o sus dos letras, como UY.
start-region-skipped = Está bien. Me lo puedes decir más tarde con /region.
start-ready = Ya está todo. Puedes simplemente escribirme, o empezar con algo de esto:
start-welcome-back = Hola de nuevo. Me alegra leerte. Puedes simplemente escribirme, o empezar con algo de esto:

region-ask = ¿En qué país estás? Así las líneas de ayuda que te muestro serán las adecuadas. Elige uno, o escribe su nombre o sus dos letras, como UY.
region-unknown = No he encontrado ese país. ¿Podrías escribir su nombre de otra manera, o sus dos letras, como UY? También puedes saltar esta pregunta.
region-noted = Gracias. Te mostraré líneas de ayuda de este país: { $country }.
