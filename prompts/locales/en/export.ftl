### /export, and what stands around the data in the file.

export-ask = I can make you a file with everything that is kept about you: what you wrote, with names and numbers as you wrote them, your moods, journal, answers and scores, what you agreed to, and what this service noted.
export-in-the-clear = The file is not locked. Whoever opens it can read all of it, so only ask for it where nobody else can look. I make at most one every { $minutes } minutes.
export-sure = Shall I make it now?
# Stands under the file. Telegram shows at most 1,024 characters there.
export-file = Here is everything that is kept about you, as a zip file. Open index.html in it to read. I keep no copy; delete this message when you have saved the file.
export-not-now = That is fine. I made nothing.
export-unclear = I made nothing. With /export you can ask any time.
offer-export = Everything about me

## Said in place of the file.

# $minutes is how long to wait.
export-too-soon =
    { $minutes ->
        [one] You had a file a moment ago. I can make the next one in a minute: send /export again then.
       *[other] You had a file a moment ago. I can make the next one in { $minutes } minutes: send /export again then.
    }
export-too-large = So much is kept about you that the file is too large to send here. The people who run this service can give it to you another way: please ask them.
export-failed = I could not make your file just now, and I am sorry. Nothing is lost. Please send /export again in a few minutes.
export-not-taken = I made your file, but it could not be sent here. Please try /export again later, or ask the people who run this service for it.

## In the file.

# The language of the words below, as a BCP 47 tag.
export-language = en
export-title = Everything that is kept about you
export-made = Made on { $time } ({ $zone }). All times are in this time zone.
export-clear = This holds everything in the clear. Keep it where only you can read it.
export-page = Numbers that only link entries to each other are left to the other files of this export.
export-files =
    index.html: for reading, in any browser. Works offline.
    export.json: everything in one document, for programs. Times are in UTC.
    csv/: one table a file, for spreadsheets, in UTF-8. A text that begins with = + - @ ' or a line break has an apostrophe put in front, so that no spreadsheet takes it for a formula.
export-contents = Contents
export-rows =
    { $rows ->
        [0] nothing
        [one] { $rows } entry
       *[other] { $rows } entries
    }
export-lost = could not be read
export-unreadable =
    { $rows ->
        [one] { $rows } entry could not be read in full: what is stored of it is damaged. It is marked.
       *[other] { $rows } entries could not be read in full: what is stored of them is damaged. They are marked.
    }
export-left-out = What is left out, and why
export-left-out-owner = Whose entry it is: it is yours, in every one.
export-left-out-restored = Names and numbers that were kept apart from a text: they are back in the text.
export-left-out-repeated = What another column or table says as well.
export-left-out-work = How the computers of this service share their work: who does what until when, and how often it was tried.
export-left-out-keyed_hash = Check values that mean nothing to anybody, and from which nothing can be read.
export-left-out-staff = Who of the staff did something, and from where: that is about them.
export-left-out-address = Where a last message is sent after everything was deleted. It is emptied once it was sent.

## Tables.

export-table-users = You
export-table-profiles = Settings
export-table-auth_identities = How platforms know you
export-table-consents = What you agreed to
export-table-flag_assignments = Features switched for you
export-table-journal_entries = Journal
export-table-mood_entries = Moods
export-table-assessment_attempts = Questionnaires
export-table-assessment_scores = Scores
export-table-goals = Goals
export-table-recommendations = Recommendations
export-table-conversations = Conversations
export-table-messages = Messages
export-table-safety_events = What was noticed for your safety
export-table-crisis_flags = Passed on to a human
export-table-escalations = Alerts to counselors
export-table-ai_runs = Questions to the language model
export-table-inbox = Received lately
export-table-outbox = Sent lately
export-table-audit_logs = What was done with your data
export-table-erasures = Deletion

## Columns.

export-column-action = Action
export-column-actor = By
export-column-alerted_at = Alerted
export-column-alias = Alias
export-column-assessment = Questionnaire
export-column-bio = About me
export-column-calculated_at = Calculated
export-column-category = Category
export-column-class = Kind of message
export-column-completed_at = Completed
export-column-consent_text = What you were shown
export-column-consent_type = About
export-column-content = Words
export-column-context_data = Note
export-column-created_at = Stored
export-column-delivered_at = Delivered
export-column-description = Description
export-column-display_name = Name
export-column-done_at = Done
export-column-email = E-mail
export-column-entry = What came in
export-column-entry_date = Written
export-column-entry_timestamp = When
export-column-erased_at = Deleted
export-column-error = Error
export-column-event_data = What was noticed
export-column-event_type = About
export-column-expires_at = Ends
export-column-feature = Feature
export-column-finish_reason = How it ended
export-column-flag_type = About
export-column-granted = Agreed
export-column-granted_at = Agreed on
export-column-interpretation = What it means
export-column-ip_address = Network address
export-column-is_active = Active
export-column-is_enabled = Switched on
export-column-is_private = Private
export-column-kind = Kind
export-column-last_activity = Last activity
export-column-level = Level
export-column-locale = Language
export-column-metadata = Further details
export-column-model_name = Model
export-column-mood_data = Mood
export-column-mood_label = Mood in a word
export-column-mood_score = Mood, 1 to 10
export-column-new_values = After
export-column-old_values = Before
export-column-override_value = Setting
export-column-payload = What was sent, and where
export-column-platform = Platform
export-column-platform_ref = The platform's number
export-column-preferences = Settings
export-column-priority = Priority
export-column-progress_data = Progress
export-column-prompt_data = What the model was shown
export-column-prompt_name = Instructions
export-column-prompt_version = Version of the instructions
export-column-provider = Platform
export-column-provider_data = What the platform said
export-column-provider_id = Your id there
export-column-reason = Reason
export-column-receipt = Receipt
export-column-received_at = Received
export-column-recommendation_type = Kind
export-column-requested_at = Asked for
export-column-resolved = Settled
export-column-resolved_at = Settled on
export-column-resource_type = Of what
export-column-response_data = What it answered
export-column-response_time = Seconds
export-column-responses = Answers
export-column-reviewed = Looked at by a human
export-column-role = Who
export-column-score_data = Details
export-column-score_type = Score
export-column-score_value = Value
export-column-sent_at = Sent
export-column-seq = Number
export-column-severity = Severity
export-column-source = Found in
export-column-started_at = Begun
export-column-state = State
export-column-status = Status
export-column-tags = Tags
export-column-target_date = Until
export-column-title = Title
export-column-told_at = Told
export-column-tokens_used = Tokens
export-column-updated_at = Changed
export-column-user_agent = Program
export-column-username = User name
export-column-version = Version

## Values.

export-value-yes = yes
export-value-no = no
export-value-you = you
export-value-evenkeel = this service
export-value-service = keeping what you write
export-value-staff = staff
export-value-user = you
export-value-assistant = Evenkeel
export-value-system = note of the system
export-value-ai_chat = language model
export-value-check_ins = writing to you first
export-value-teaching = messages I misread may teach me
export-value-active = active
export-value-completed = completed
export-value-archived = archived
export-value-pending = not finished
export-value-expired = ended without result
export-value-paused = paused
export-value-cancelled = cancelled
export-value-delivered = delivered
export-value-read = read
export-value-actioned = done
export-value-low = low
export-value-medium = medium
export-value-high = high
export-value-critical = critical
export-value-urgent = urgent
export-value-open = open
export-value-alerted = counselors were told
export-value-claimed = a counselor took it on
export-value-closed = closed
export-value-queued = waiting
export-value-sending = being sent
export-value-sent = sent
export-value-unknown = nobody can say whether it arrived
export-value-dead = not taken by the platform
export-value-safety = for safety
export-value-normal = ordinary
export-value-said = words
export-value-pressed = button
export-value-other = something else
export-value-text = your words
export-value-assessment_item = an answer
export-value-screening_failed = words that could not be read
export-value-person = you said so
export-value-misread = a message that was misread
export-value-suicide = suicide
export-value-self_harm = self-harm
export-value-harm_to_others = harm to others
export-value-abuse = abuse
export-value-psychosis = psychosis
export-value-eating_disorder = eating disorder
export-value-substance = substance use
export-value-medical_emergency = medical emergency
export-value-safeguarding_minor = a minor at risk
export-value-none = not known
export-value-asked = you asked for it
export-value-operator = the people who run this service did it
export-value-never_agreed = you never agreed to anything being kept
export-value-case_closed = the case was closed
export-value-replayed = done again after a backup was put back
