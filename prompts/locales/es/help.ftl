### /help

help-what = Soy Evenkeel, un programa informático. Puedes hablarme de cómo estás, llevar un registro de tu ánimo, escribir un diario y responder cuestionarios breves. No soy un ser humano, ni terapeuta, ni un servicio de emergencias.
help-commands =
    Puedes simplemente escribirme, o usar esto:
    /mood para anotar tu ánimo, por ejemplo: /mood 6 con cansancio pero en calma
    /journal para escribir algo
    /checkin para los dos cuestionarios, /phq9 o /gad7 para uno de ellos
    /history para mirar atrás
    /breathe y /ground para ejercicios cortos
    /pause y /resume para hacer una pausa a mitad
    /privacy para lo que puedo guardar, /export para tener una copia, /forget para que se borre todo
    /settings para el idioma y el país
    /help_now para hablar con personas ahora mismo
help-urgent = Si estás en peligro, pulsa Ayuda ahora. Siempre funciona.
help-before-consent = Antes de empezar tengo que preguntarte qué puedo guardar. Hasta entonces no guardo nada de lo que escribes, salvo que suene a que alguien está en peligro.
