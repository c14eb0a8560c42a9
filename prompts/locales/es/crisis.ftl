### El diálogo de crisis. Sereno, directo, cálido. Nunca un método, nunca una promesa, nunca un
### reproche; pregunta sin rodeos y deja todas las puertas abiertas. Los cambios debería leerlos
### alguien que conozca la atención en crisis.

button-misread = Me entendiste mal
button-safer = Ahora hay menos peligro
button-numbers = Ver los números

crisis-call-now = Por favor, llama ahora al { $number }. Es el número de emergencias.
crisis-told = He avisado al equipo de apoyo de este servicio. No sé cuándo lo verá alguien, así que, si estás en peligro, no esperes por ellos.
crisis-nobody-reads = Soy un programa, y ningún ser humano está leyendo esto ahora. Por favor, habla con una persona.

## Una tarjeta que vuelve, más corta.

crisis-again-1 = Sigo contigo. Aquí puedes hablar con alguien:
crisis-again-2 = Esto sigue sonando a mucho dolor. Por favor, deja que una de estas personas te acompañe:
crisis-again-3 = Vuelvo a esto porque me lo tomo en serio. Aquí hay alguien con quien hablar:
crisis-numbers-1 = Aquí tienes los números:
crisis-numbers-2 = Estas son las personas con las que puedes hablar:

## Antes de la pregunta suave, cuando quizá se quiere decir algo.

crisis-gentle-1 = Gracias por contármelo. Prefiero preguntar a suponer:
crisis-gentle-2 = Eso suena difícil. ¿Puedo preguntarte algo directamente?
crisis-gentle-3 = Te leo con atención, y quiero entenderte bien:
crisis-gentle-unanswered = No tienes que responder a eso. Gracias por contarme hasta aquí. Si llega a ser demasiado, Ayuda ahora te muestra personas con las que puedes hablar. Sigue, por favor, te leo.

## Respuestas.

crisis-gentle-label-danger = Sí
crisis-gentle-label-some = A veces
crisis-gentle-label-safe = No
crisis-danger-label-danger = Sí
crisis-danger-label-some = No lo sé
crisis-danger-label-safe = No
crisis-safe-label-danger = No, corro peligro
crisis-safe-label-some = No lo sé
crisis-safe-label-safe = Sí, por ahora
crisis-suicide-label-danger = Sí, ahora mismo
crisis-suicide-label-some = Lo pienso, ahora no
crisis-suicide-label-safe = No
crisis-self-harm-label-danger = Sí, ahora mismo
crisis-self-harm-label-some = Siento el impulso
crisis-self-harm-label-safe = No, ahora no

## Cuando la respuesta no está clara, y cómo termina.

crisis-unclear = Gracias por contármelo. Pregunto una vez más, porque quiero entenderte bien:
crisis-open-door = No tienes que responder. Sigo aquí, y puedes escribir lo que quieras. Si estás en peligro, llama al { $number }. Ayuda ahora te muestra los demás números.
crisis-back = Vuelvo a lo que te pregunté, porque importa:
crisis-safe = Gracias por responder. Me alegra leerlo. Si eso cambia, Ayuda ahora siempre está ahí. Podemos seguir donde estábamos, o puedes simplemente escribirme.
crisis-safer = Me alegra que ahora haya un poco menos de peligro. Por favor, cuéntale a una persona cómo ha sido hoy. Ayuda ahora siempre está ahí. Podemos seguir donde estábamos, o puedes simplemente escribirme.
crisis-some-end = Gracias por recorrer esto conmigo. Si se hace más fuerte, llama a uno de los números, por favor; Ayuda ahora te los muestra otra vez. Podemos seguir donde estábamos, o puedes simplemente escribirme.
crisis-misread = Entonces te entendí mal, y lo siento. Gracias por aclararlo. Podemos seguir donde estábamos, o puedes simplemente escribirme.
crisis-misread-told = El equipo de apoyo recibió el aviso antes de que respondieras, así que puede que alguien lo mire de todos modos.

## Después, una sola vez: si el mensaje puede enseñar. Lo que pregunta consent-teaching se guarda palabra
## por palabra con un sí; un cambio que altere lo que se acepta pide una versión nueva
## (bot/dialogs/consent.py).

consent-teaching = Una pregunta, solo si quieres: ¿pueden las personas que llevan este servicio leer ese mensaje y los pocos anteriores, con los nombres y números ocultos donde los encuentro, y guardarlos para enseñarme a entender mejor? Nada más depende de tu respuesta, y con /privacy puedes retirar un sí.
crisis-teach-yes = Gracias. Puedes retirarlo cuando quieras con /privacy. Podemos seguir donde estábamos, o puedes simplemente escribirme.
crisis-teach-left = Está bien: ese mensaje no se usa para enseñarme. Podemos seguir donde estábamos, o puedes simplemente escribirme.

## Pasos hacia un lugar más seguro.

crisis-step-unclear = Gracias por contármelo.

crisis-means = ¿Tienes cerca algo con lo que podrías hacerte daño?
crisis-means-near = Sí, está cerca
crisis-means-away = Lo he apartado
crisis-means-nothing = No
crisis-means-near-said = Por favor, pon distancia: ve a otra habitación, o pide a alguien que se lo lleve. Unos minutos y una puerta cerrada ya ayudan.
crisis-means-away-said = Ese ha sido un buen paso. Déjalo, por favor, donde cueste alcanzarlo.
crisis-means-nothing-said = Bien. Quédate, por favor, donde siga siendo así.

crisis-distance = ¿Puedes apartarte de la otra persona, a otra habitación o a la calle?
crisis-distance-yes = Sí
crisis-distance-no = No
crisis-distance-yes-said = Bien. Quédate ahí, por favor, y suelta el aire despacio unas cuantas veces.
crisis-distance-no-said = Entonces di en voz alta que necesitas una pausa, y llama al número en cuanto puedas.

crisis-place = ¿Puedes ir a un lugar más seguro, o con alguien de confianza?
crisis-place-yes = Sí
crisis-place-no = No
crisis-place-watched = No puedo hablar libremente
crisis-place-yes-said = Bien. Ve ahora si puedes, por favor, y lleva el teléfono contigo.
crisis-place-no-said = Entonces quédate cerca de una puerta, o donde otras personas puedan oírte, y llama en cuanto puedas.
crisis-place-watched-said = Entonces, primero cuídate. Puedes borrar este chat, y llamar o escribir cuando nadie te vea.

crisis-company = ¿Hay alguien contigo, o podría venir alguien?
crisis-company-yes = Hay alguien aquí
crisis-company-could = Podría llamar a alguien
crisis-company-no = No hay nadie
crisis-company-yes-said = Bien. Cuéntale cómo estás, con las palabras que tengas. También puedes enseñarle este chat.
crisis-company-could-said = Hazlo ahora, por favor. Podrías decir: "No estoy bien. ¿Puedes venir, o quedarte al teléfono conmigo?"
crisis-company-no-said = Las personas de esos números pueden quedarte acompañando al teléfono. También podrías ir a donde haya más gente.

## Acompañar mientras siga habiendo peligro.

crisis-stay-begin = Respondo a cada mensaje, pero soy un programa y no puedo enviar ayuda. Si empeora, llama al { $number }.
crisis-stay-1 = Aquí estoy. Por ahora solo cuentan los próximos minutos. Si empeora, llama al { $number }.
crisis-stay-2 = Gracias por seguir escribiendo. ¿Qué hay a tu alrededor ahora mismo? Si estás en peligro, llama al { $number }.
crisis-stay-3 = Te leo. Apoya los dos pies en el suelo y suelta el aire despacio, más despacio de lo que lo tomas. Para tener ayuda ya, llama al { $number }.
crisis-stay-4 = No tienes que encontrar las palabras exactas. ¿Hay una persona a la que podrías contarle cómo estás? Si empeora, llama al { $number }.

## Pensamientos de suicidio.

crisis-suicide-open = Gracias por contármelo. Me tomo en serio lo que escribes, y no tienes que pasar por esto a solas. Estas personas están para escucharte:
crisis-suicide-ask = Quiero preguntártelo sin rodeos: ¿estás pensando en quitarte la vida ahora mismo?
crisis-suicide-gentle = ¿Tienes pensamientos de quitarte la vida?
crisis-suicide-danger = Llama tú, o pide a alguien cercano que llame. Si te has hecho daño o has tomado algo, dilo, aunque te encuentres bien.
crisis-suicide-some = Gracias por tu sinceridad. Estos pensamientos pueden ser muy fuertes, y muchas veces vuelven a aflojar. Hagamos más seguras las próximas horas.

## Autolesiones.

crisis-self-harm-open = Gracias por contármelo. Hacerse daño suele ser una forma de pasar por algo que es demasiado, y no tienes que llevarlo a solas. Estas personas escuchan sin juzgar:
crisis-self-harm-ask = ¿Te estás haciendo daño ahora mismo, o estás a punto?
crisis-self-harm-gentle = ¿Te estás haciendo daño, o lo estás pensando?
crisis-self-harm-danger = Si tienes una herida, dilo cuando llames, por favor, y deja que alguien la mire aunque parezca pequeña.
crisis-self-harm-some = Gracias por tu sinceridad. El impulso muchas veces sube y luego vuelve a bajar. Hagamos más seguro el tiempo hasta entonces.

## Daño a otras personas.

crisis-harm-to-others-open = Gracias por decirlo en vez de llevarlo a solas. Hay personas que ayudan antes de que alguien salga herido:
crisis-harm-to-others-ask = ¿Estás a punto de hacer daño a alguien?
crisis-harm-to-others-gentle = ¿Tienes pensamientos de hacer daño a alguien?
crisis-harm-to-others-danger = Primero aléjate de la otra persona, por favor. Cuando llames, di que tienes miedo de hacer daño a alguien. Es un buen motivo para llamar.
crisis-harm-to-others-some = Gracias por tu sinceridad. Tener esos pensamientos no significa que vayas a hacerlo. Un poco de espacio y otra persona con quien hablar pueden ayudar ahora.

## Maltrato y violencia.

crisis-abuse-open = Lo que cuentas no está bien, y no es culpa tuya. Si alguien puede estar leyendo contigo, primero cuídate. Estas personas pueden ayudarte, y cada paso lo decides tú:
crisis-abuse-ask = ¿Estás a salvo donde estás ahora?
crisis-abuse-gentle = ¿Alguien te está haciendo daño, o te da miedo?
crisis-abuse-danger = Si puedes irte sin peligro, ve a donde haya más gente. Si no puedes hablar, llama y quédate en la línea; en algunos países también puedes enviar un SMS al número de emergencias.
crisis-abuse-some = Tómate en serio esa sensación, por favor. Ten el teléfono contigo, y piensa en un lugar al que podrías ir.

## Psicosis.

crisis-psychosis-open = Eso suena a que da miedo, y me alegra que me lo cuentes. Estas personas pueden ayudarte a atravesarlo:
crisis-psychosis-ask = ¿Hay algo que te diga ahora mismo que te hagas daño o que se lo hagas a alguien?
crisis-psychosis-gentle = ¿Oyes, ves o sientes cosas que te asustan, o que te dicen lo que tienes que hacer?
crisis-psychosis-danger = Por favor, no te quedes a solas con eso, y no hagas lo que dice. Cuenta por teléfono lo que me has contado a mí.
crisis-psychosis-some = Entonces vayamos despacio. Poco ruido, descanso y alguien de confianza pueden ayudar hasta que te vea un médico, mejor hoy.

## Trastornos alimentarios.

crisis-eating-disorder-open = Gracias por contármelo. Cuesta hablar de esto, y no es cuestión de voluntad. Estas personas escuchan:
crisis-eating-disorder-ask = Ahora mismo, ¿sientes que te desmayas, te duele el pecho, o no retienes nada, ni siquiera agua?
crisis-eating-disorder-gentle = ¿Comer, o no comer, ocupa tanto que le hace daño a tu cuerpo?
crisis-eating-disorder-danger = Pueden ser señales de que tu cuerpo necesita ayuda hoy. Di qué sientes, y desde cuándo.
crisis-eating-disorder-some = Entonces, por favor, deja que te vea un médico en los próximos días, y cuéntale hoy a alguien cercano cómo estás.

## Alcohol, drogas, medicamentos.

crisis-substance-open = Gracias por contármelo. No te juzgo por ello. Estas personas pueden ayudar:
crisis-substance-ask = ¿Has tomado tanto, o mezclado cosas, que ahora te encuentras mal?
crisis-substance-gentle = ¿Beber, o consumir algo, se está volviendo peligroso para ti?
crisis-substance-danger = Di qué tomaste y cuándo. Están ahí para ayudarte. Por favor, no tomes nada más, no te quedes a solas, y túmbate de lado si te entra sueño.
crisis-substance-some = Por favor, no tomes nada más por ahora, y quédate cerca de alguien que pueda cuidarte. Si bebes o consumes algo cada día, dejarlo de golpe puede ser peligroso: pregunta antes a un médico.

## Urgencias médicas.

crisis-medical-emergency-open = Puede que esto necesite ayuda enseguida. Si tienes dudas, hay que llamar:
crisis-medical-emergency-ask = ¿Está pasando ahora mismo?
crisis-medical-emergency-gentle = ¿Le pasa algo a tu cuerpo ahora mismo que pueda necesitar ayuda pronto?
crisis-medical-emergency-danger = Di qué está pasando y dónde estás, y no cuelgues. Deja la puerta abierta si puedes, y no conduzcas, por favor.
crisis-medical-emergency-some = Si tienes dudas, llama y pregunta; para eso están. Si empeora, no esperes.

## Un niño, una niña o adolescente en riesgo.

crisis-safeguarding-minor-open = Ningún niño ni ninguna niña debería sufrir daño o tener miedo. Si se trata de ti: no es culpa tuya, e hiciste bien en contarlo. Estas personas ayudan a niños, y a quienes se preocupan por uno:
crisis-safeguarding-minor-ask = ¿Estás a salvo ahora, o lo está el niño o la niña de quien hablas?
crisis-safeguarding-minor-gentle = ¿Alguien te hace daño o te asusta, o se lo hace a un niño o una niña que conoces?
crisis-safeguarding-minor-danger = Ve con una persona adulta de confianza, o a donde haya más gente: una casa vecina, una tienda, una escuela. Di por teléfono que hay un menor en peligro.
crisis-safeguarding-minor-some = Entonces, cuéntaselo hoy, por favor, a una persona adulta de confianza: en la escuela, en el centro de salud, en la familia. Si la primera no escucha, cuéntaselo a otra.

## Se pidió ayuda, y no se sabe nada más.

crisis-none-open = Me alegra que hayas pedido ayuda. Estas son personas con las que puedes hablar ahora:
crisis-none-ask = ¿Estás a salvo ahora mismo?
crisis-none-gentle = ¿Hay algo que te haga sentir en peligro, o tienes pensamientos de quitarte la vida?
crisis-none-danger = Di qué está pasando y dónde estás.
crisis-none-some = Entonces veamos qué lo haría un poco más seguro.
