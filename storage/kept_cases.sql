-- A case that outlives its person: whatever counselors need to finish, under another key.

-- name: open_flags
SELECT f.id, f.flag_type, f.priority, f.created_at,
       e.id, e.source, e.event_type, e.severity, e.event_data, e.created_at,
       s.id, s.alias, s.level, s.state, s.attempts, s.due_at, s.alerted_at, s.created_at
FROM app.crisis_flags f
JOIN app.safety_events e ON e.user_id = %(user_id)s AND e.id = f.safety_event_id
JOIN app.escalations s ON s.user_id = %(user_id)s AND s.flag_id = f.id
WHERE f.user_id = %(user_id)s AND NOT f.resolved AND s.state <> 'closed'
ORDER BY f.id

-- name: add_person
-- As the sign-in role: nobody who could be found by an identity.
WITH person AS (
  INSERT INTO app.users (id) VALUES (%(user_id)s) ON CONFLICT DO NOTHING)
INSERT INTO app.conversations (id, user_id) VALUES (%(conversation_id)s, %(user_id)s)
ON CONFLICT DO NOTHING

-- name: add_message
INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)
VALUES (%(message_id)s, %(user_id)s, %(conversation_id)s, 'system', %(content)s,
        app.uuid7_ts(%(message_id)s))
ON CONFLICT DO NOTHING

-- name: add_event
INSERT INTO app.safety_events
  (id, user_id, conversation_id, message_id, source, event_type, event_data, severity, created_at)
VALUES (%(event_id)s, %(user_id)s, %(conversation_id)s, %(message_id)s, %(source)s,
        %(event_type)s, %(event_data)s, %(severity)s, %(found_at)s)
ON CONFLICT DO NOTHING

-- name: add_flag
INSERT INTO app.crisis_flags (id, user_id, safety_event_id, flag_type, priority, created_at)
VALUES (%(flag_id)s, %(user_id)s, %(event_id)s, %(flag_type)s, %(priority)s, %(flagged_at)s)
ON CONFLICT DO NOTHING

-- name: add_escalation
INSERT INTO app.escalations
  (id, user_id, flag_id, alias, priority, flag_type, level, state, attempts, due_at, alerted_at,
   created_at)
VALUES (%(escalation_id)s, %(user_id)s, %(flag_id)s, %(alias)s, %(priority)s, %(flag_type)s,
        %(level)s, %(state)s, %(attempts)s, %(due_at)s, %(alerted_at)s, %(escalated_at)s)
ON CONFLICT DO NOTHING
