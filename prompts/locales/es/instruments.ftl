### Cuestionarios: sus nombres, de qué tratan y cómo leer sus números.
### Las preguntas y respuestas no están aquí: se usan al pie de la letra, desde
### prompts/instruments.

# Un nombre para listas y botones; que sea corto.
instrument-phq9 = PHQ-9: ánimo bajo
instrument-gad7 = GAD-7: preocupación y tensión

# Se muestra antes de la primera pregunta.
about-phq9 = Nueve preguntas breves sobre cómo has estado en las últimas dos semanas: tu ánimo, tu sueño, tu energía. Lleva unos tres minutos.
about-gad7 = Siete preguntas breves sobre la preocupación y la tensión en las últimas dos semanas. Lleva unos dos minutos.

# Cómo leer el número.
scale-phq9 = El número va de 0 a 27. Cuanto más alto, más a menudo estuvieron presentes estas dificultades.
scale-gad7 = El número va de 0 a 21. Cuanto más alto, más a menudo estuvieron presentes estas dificultades.

# Se muestra con cada resultado.
result-not-a-diagnosis = Esto sale de tus propias respuestas sobre las últimas dos semanas. No es un diagnóstico; un médico o terapeuta puede mirarlo contigo.

# Se muestra en lugar del resultado cuando quedaron preguntas sin responder.
result-incomplete = Algunas preguntas quedaron sin respuesta, así que esta vez no hay resultado. Lo que sí respondiste queda guardado, y puedes repetirlo cuando quieras.
