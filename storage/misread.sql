-- Messages that a person says were misread, and which of them may teach the screener.

-- name: report
-- Hangs on the message it is about, and goes with it: of a message that is gone already, or was
-- never kept, nothing is written.
INSERT INTO app.safety_events
  (id, user_id, conversation_id, message_id, source, event_type, event_data, severity)
SELECT %(event_id)s, m.user_id, m.conversation_id, m.id, 'person', 'misread', %(event_data)s, 'low'
FROM app.messages m
WHERE m.user_id = %(user_id)s AND m.id = %(about)s AND m.created_at = app.uuid7_ts(%(about)s)
ON CONFLICT (user_id, id) DO UPDATE SET event_data = EXCLUDED.event_data

-- name: let_go
-- That they were misread stays for counselors to see; what made the messages candidates goes.
WITH gone AS (
  UPDATE app.safety_events SET event_data = NULL
  WHERE user_id = %(user_id)s AND source = 'person' AND event_type = 'misread'
    AND event_data IS NOT NULL
  RETURNING 1)
SELECT count(*) FROM gone

-- name: people
-- As the dispatcher: who lets their messages teach, roughly; `reports` decides.
SELECT DISTINCT user_id FROM app.consents
WHERE consent_type = 'teaching' AND granted AND (expires_at IS NULL OR expires_at > now())
  AND user_id > %(after)s
ORDER BY user_id LIMIT %(most)s

-- name: reports
-- What may teach, as long as the consent to that and the one to the service both stand.
SELECT r.id, r.message_id, r.event_data,
       (SELECT preferences ->> 'locale' FROM app.profiles WHERE user_id = %(user_id)s)
FROM app.safety_events r
WHERE r.user_id = %(user_id)s AND r.source = 'person' AND r.event_type = 'misread'
  AND r.event_data IS NOT NULL
  AND (SELECT granted AND (expires_at IS NULL OR expires_at > now()) FROM app.consents
       WHERE user_id = %(user_id)s AND consent_type = 'teaching'
       ORDER BY created_at DESC, id DESC LIMIT 1)
  AND (SELECT granted AND (expires_at IS NULL OR expires_at > now()) FROM app.consents
       WHERE user_id = %(user_id)s AND consent_type = 'service'
       ORDER BY created_at DESC, id DESC LIMIT 1)
ORDER BY r.id

-- name: misread
-- The message, and the first thing that screening said of it.
SELECT m.conversation_id, m.created_at, m.content, s.id, s.event_type, s.severity, s.event_data
FROM app.messages m
JOIN app.safety_events s ON s.user_id = %(user_id)s AND s.message_id = %(about)s
  AND s.message_created_at = app.uuid7_ts(%(about)s) AND s.source = 'text'
WHERE m.user_id = %(user_id)s AND m.id = %(about)s AND m.created_at = app.uuid7_ts(%(about)s)
ORDER BY s.created_at, s.id LIMIT 1

-- name: earlier
-- What screening looked back on, newest first: see `glance` in conversations.sql.
SELECT id, content FROM app.messages
WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s AND role = 'user'
  AND created_at > %(at)s::timestamptz - interval '7 days' AND created_at < %(at)s
ORDER BY created_at DESC, id DESC LIMIT %(most)s
