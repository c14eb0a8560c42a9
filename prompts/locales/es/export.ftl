### /export, y lo que acompaña a los datos en el archivo.

export-ask = Puedo prepararte un archivo con todo lo que se guarda sobre ti: lo que escribiste, con los nombres y números tal como los pusiste, tus estados de ánimo, tu diario, tus respuestas y puntuaciones, lo que aceptaste y lo que este servicio anotó.
export-in-the-clear = El archivo no va bloqueado. Quien lo abra puede leerlo todo, así que pídelo solo donde nadie más pueda mirar. Preparo como mucho uno cada { $minutes } minutos.
export-sure = ¿Lo preparo ahora?
export-file = Aquí está todo lo que se guarda sobre ti, en un archivo zip. Para leerlo, abre index.html. No me quedo con ninguna copia; borra este mensaje cuando hayas guardado el archivo.
export-not-now = Está bien. No preparé nada.
export-unclear = No preparé nada. Con /export puedes pedirlo cuando quieras.
offer-export = Todo sobre mí

export-too-soon =
    { $minutes ->
        [one] Hace un momento recibiste un archivo. Puedo preparar el siguiente en un minuto: envía entonces /export otra vez.
       *[other] Hace un momento recibiste un archivo. Puedo preparar el siguiente en { $minutes } minutos: envía entonces /export otra vez.
    }
export-too-large = Se guarda tanto sobre ti que el archivo es demasiado grande para enviarlo aquí. Quienes llevan este servicio pueden dártelo de otra forma: pídeselo, por favor.
export-failed = No pude preparar tu archivo en este momento y lo siento. No se ha perdido nada. Envía /export otra vez dentro de unos minutos, por favor.
export-not-taken = Preparé tu archivo, pero no se pudo enviar aquí. Prueba con /export más tarde o pídeselo a quienes llevan este servicio.

export-language = es
export-title = Todo lo que se guarda sobre ti
export-made = Preparado el { $time } ({ $zone }). Todas las horas están en este huso horario.
export-clear = Aquí está todo a la vista. Guárdalo donde solo tú puedas leerlo.
export-page = Los números que solo enlazan unas entradas con otras están en los demás archivos de esta exportación.
export-files =
    index.html: para leer, en cualquier navegador. Funciona sin conexión.
    export.json: todo en un solo documento, para programas. Las horas están en UTC.
    csv/: una tabla por archivo, para hojas de cálculo, en UTF-8. Un texto que empieza por = + - @ ' o un salto de línea lleva un apóstrofo delante, para que ninguna hoja de cálculo lo tome por una fórmula.
export-contents = Contenido
export-rows =
    { $rows ->
        [0] nada
        [one] { $rows } entrada
       *[other] { $rows } entradas
    }
export-lost = no se pudo leer
export-unreadable =
    { $rows ->
        [one] { $rows } entrada no se pudo leer entera: lo guardado está dañado. Va marcada.
       *[other] { $rows } entradas no se pudieron leer enteras: lo guardado está dañado. Van marcadas.
    }
export-left-out = Lo que se deja fuera y por qué
export-left-out-owner = De quién es cada entrada: en todas eres tú.
export-left-out-restored = Los nombres y números que se guardaban aparte de un texto: están de nuevo en el texto.
export-left-out-repeated = Lo que también dice otra columna u otra tabla.
export-left-out-work = Cómo se reparten el trabajo los ordenadores de este servicio: quién hace qué hasta cuándo y cuántas veces se intentó.
export-left-out-keyed_hash = Valores de control que no significan nada para nadie y de los que no se puede leer nada.
export-left-out-staff = Qué persona del equipo hizo algo y desde dónde: eso trata de ella.
export-left-out-address = Adónde se envía un último mensaje después de borrarlo todo. Se vacía cuando se ha enviado.

export-table-users = Tú
export-table-profiles = Ajustes
export-table-auth_identities = Cómo te conocen las plataformas
export-table-consents = Lo que aceptaste
export-table-flag_assignments = Funciones activadas para ti
export-table-journal_entries = Diario
export-table-mood_entries = Estados de ánimo
export-table-assessment_attempts = Cuestionarios
export-table-assessment_scores = Puntuaciones
export-table-goals = Metas
export-table-recommendations = Recomendaciones
export-table-conversations = Conversaciones
export-table-messages = Mensajes
export-table-safety_events = Lo que se notó por tu seguridad
export-table-crisis_flags = Pasado a una persona
export-table-escalations = Avisos a consejeros
export-table-ai_runs = Preguntas al modelo de lenguaje
export-table-inbox = Recibido hace poco
export-table-outbox = Enviado hace poco
export-table-audit_logs = Lo que se hizo con tus datos
export-table-erasures = Borrado

export-column-action = Acción
export-column-actor = Quién
export-column-alerted_at = Avisado
export-column-alias = Alias
export-column-assessment = Cuestionario
export-column-bio = Sobre mí
export-column-calculated_at = Calculado
export-column-category = Categoría
export-column-class = Clase de mensaje
export-column-completed_at = Terminado
export-column-consent_text = Lo que se te mostró
export-column-consent_type = Sobre
export-column-content = Palabras
export-column-context_data = Nota
export-column-created_at = Guardado
export-column-delivered_at = Entregado
export-column-description = Descripción
export-column-display_name = Nombre
export-column-done_at = Hecho
export-column-email = Correo electrónico
export-column-entry = Lo que llegó
export-column-entry_date = Escrito
export-column-entry_timestamp = Cuándo
export-column-erased_at = Borrado
export-column-error = Error
export-column-event_data = Lo que se notó
export-column-event_type = Sobre
export-column-expires_at = Termina
export-column-feature = Función
export-column-finish_reason = Cómo terminó
export-column-flag_type = Sobre
export-column-granted = Aceptado
export-column-granted_at = Aceptado el
export-column-interpretation = Qué significa
export-column-ip_address = Dirección de red
export-column-is_active = Activo
export-column-is_enabled = Activada
export-column-is_private = Privado
export-column-kind = Clase
export-column-last_activity = Última actividad
export-column-level = Nivel
export-column-locale = Idioma
export-column-metadata = Más detalles
export-column-model_name = Modelo
export-column-mood_data = Ánimo
export-column-mood_label = Ánimo en una palabra
export-column-mood_score = Ánimo, de 1 a 10
export-column-new_values = Después
export-column-old_values = Antes
export-column-override_value = Ajuste
export-column-payload = Qué se envió y adónde
export-column-platform = Plataforma
export-column-platform_ref = Número de la plataforma
export-column-preferences = Ajustes
export-column-priority = Prioridad
export-column-progress_data = Avance
export-column-prompt_data = Lo que se mostró al modelo
export-column-prompt_name = Instrucciones
export-column-prompt_version = Versión de las instrucciones
export-column-provider = Plataforma
export-column-provider_data = Lo que dijo la plataforma
export-column-provider_id = Tu número allí
export-column-reason = Motivo
export-column-receipt = Recibo
export-column-received_at = Recibido
export-column-recommendation_type = Clase
export-column-requested_at = Pedido
export-column-resolved = Resuelto
export-column-resolved_at = Resuelto el
export-column-resource_type = De qué
export-column-response_data = Lo que respondió
export-column-response_time = Segundos
export-column-responses = Respuestas
export-column-reviewed = Visto por una persona
export-column-role = Quién
export-column-score_data = Detalles
export-column-score_type = Puntuación
export-column-score_value = Valor
export-column-sent_at = Enviado
export-column-seq = Número
export-column-severity = Gravedad
export-column-source = Encontrado en
export-column-started_at = Empezado
export-column-state = Estado
export-column-status = Estado
export-column-tags = Etiquetas
export-column-target_date = Hasta
export-column-title = Título
export-column-told_at = Avisado
export-column-tokens_used = Tokens
export-column-updated_at = Cambiado
export-column-user_agent = Programa
export-column-username = Nombre de usuario
export-column-version = Versión

export-value-yes = sí
export-value-no = no
export-value-you = tú
export-value-evenkeel = este servicio
export-value-service = guardar lo que escribes
export-value-staff = el equipo
export-value-user = tú
export-value-assistant = Evenkeel
export-value-system = nota del sistema
export-value-ai_chat = modelo de lenguaje
export-value-check_ins = escribirte primero
export-value-teaching = los mensajes que entendí mal pueden enseñarme
export-value-active = activo
export-value-completed = terminado
export-value-archived = archivado
export-value-pending = sin terminar
export-value-expired = acabó sin resultado
export-value-paused = en pausa
export-value-cancelled = cancelado
export-value-delivered = entregado
export-value-read = leído
export-value-actioned = hecho
export-value-low = baja
export-value-medium = media
export-value-high = alta
export-value-critical = crítica
export-value-urgent = urgente
export-value-open = abierto
export-value-alerted = se avisó a los consejeros
export-value-claimed = un consejero se hizo cargo
export-value-closed = cerrado
export-value-queued = en espera
export-value-sending = enviándose
export-value-sent = enviado
export-value-unknown = nadie puede decir si llegó
export-value-dead = la plataforma no lo aceptó
export-value-safety = de seguridad
export-value-normal = corriente
export-value-said = palabras
export-value-pressed = botón
export-value-other = otra cosa
export-value-text = tus palabras
export-value-assessment_item = una respuesta
export-value-screening_failed = palabras que no se pudieron leer
export-value-person = lo dijiste tú
export-value-misread = un mensaje que se entendió mal
export-value-suicide = suicidio
export-value-self_harm = autolesión
export-value-harm_to_others = daño a otros
export-value-abuse = abuso
export-value-psychosis = psicosis
export-value-eating_disorder = trastorno alimentario
export-value-substance = consumo de sustancias
export-value-medical_emergency = emergencia médica
export-value-safeguarding_minor = un menor en riesgo
export-value-none = no se sabe
export-value-asked = lo pediste tú
export-value-operator = lo hicieron quienes llevan este servicio
export-value-never_agreed = nunca aceptaste que se guardara nada
export-value-case_closed = el caso se cerró
export-value-replayed = hecho otra vez al recuperar una copia de seguridad
