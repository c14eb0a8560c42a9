### Botones que van debajo de muchos mensajes. Que sean cortos: algunos teléfonos cortan tras 20 letras.

button-yes = Sí
button-no = No
button-back = Atrás
button-skip = Saltar
button-pause = Pausa
button-stop = Parar
button-continue = Continuar
button-done = Listo
button-discard = Descartar
button-show-all = Ver todas las respuestas
button-tell-me-more = Cuéntame más
button-read-again = Leerlo otra vez
button-help-now = Ayuda ahora

## Botones que abren algo.

offer-start = Empezar
offer-mood = Anotar mi ánimo
offer-journal = Escribir en mi diario
offer-checkin = Hacer un chequeo
offer-history = Ver mi historial
offer-breathe = Respirar despacio
offer-ground = Volver al presente
offer-help = ¿Qué puedes hacer?
offer-help_now = Ayuda ahora
offer-privacy = Mis datos
offer-settings = Ajustes
offer-language = Idioma
offer-region = País

## Los idiomas, cada uno en sus propias palabras.

language-en = English
language-es = Español
