### Resultados de los cuestionarios. band-*: una o dos palabras que siguen a un número
### ("12 de 27, moderado"; concuerda con "nivel"). meaning-*: qué significa para la persona, con
### palabras sencillas y amables: nunca un diagnóstico, nunca una alarma, nunca una promesa. La
### segunda frase dice qué suele hacer la gente después.

band-phq9-minimal = mínimo
band-phq9-mild = leve
band-phq9-moderate = moderado
band-phq9-moderately_severe = moderadamente grave
band-phq9-severe = grave

meaning-phq9-minimal = En estas dos semanas tuviste pocas de estas dificultades, o ninguna. Mucha gente simplemente vuelve a mirarlo en unas semanas, o cuando algo cambia.
meaning-phq9-mild = Algunas de estas dificultades estuvieron presentes algunos días. La gente suele estar atenta, cuidar el sueño y la compañía, y volver a responder a las mismas preguntas en dos semanas.
meaning-phq9-moderate = Estas dificultades han sido parte de muchos de tus días, y eso puede cansar. Es un buen momento para hablar con alguien de confianza, y mucha gente también enseña una respuesta así a un médico o terapeuta.
meaning-phq9-moderately_severe = Has tenido mucho peso encima, la mayoría de los días. Quienes responden así suelen sentirse mejor con apoyo, así que piensa, por favor, en hablar pronto con un médico o terapeuta.
meaning-phq9-severe = Has estado cargando con muchísimo, casi todos los días. No tienes que llevarlo a solas: por favor, habla con un médico o terapeuta en los próximos días y cuéntale a alguien cercano cómo estás.

band-gad7-minimal = mínimo
band-gad7-mild = leve
band-gad7-moderate = moderado
band-gad7-severe = grave

meaning-gad7-minimal = En estas dos semanas la preocupación y la tensión te molestaron poco o nada. Mucha gente simplemente vuelve a mirarlo en unas semanas, o cuando algo cambia.
meaning-gad7-mild = La preocupación y la tensión estuvieron presentes algunos días. A mucha gente le ayudan la respiración lenta, el movimiento y un sueño regular, y vuelve a responder a las mismas preguntas en dos semanas.
meaning-gad7-moderate = La preocupación y la tensión han sido parte de muchos de tus días, y eso consume energía. Es un buen momento para hablar con alguien de confianza, y mucha gente también enseña una respuesta así a un médico o terapeuta.
meaning-gad7-severe = La preocupación y la tensión han estado contigo casi todos los días, y eso es mucho. Suele mejorar con apoyo, así que piensa, por favor, en hablar pronto con un médico o terapeuta.
