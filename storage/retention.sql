-- What is older than it may be. Found by the dispatcher, deleted by the worker for the person
-- concerned; whole months are dropped by functions of the schema.

-- name: months
-- As the dispatcher: months of a table that may go, oldest first.
SELECT month, ends, held FROM app.months_before(%(table)s, %(days)s)

-- name: drop_month
-- As the dispatcher.
SELECT app.drop_month(%(table)s, %(month)s)

-- name: people_with_children
-- As the dispatcher: whose records hang on messages of before.
SELECT user_id FROM app.ai_runs WHERE message_created_at < %(before)s
UNION
SELECT user_id FROM app.safety_events WHERE message_created_at < %(before)s
LIMIT %(most)s

-- name: conversations_with_open_flags
SELECT DISTINCT e.conversation_id
FROM app.safety_events e
JOIN app.crisis_flags f ON f.user_id = %(user_id)s AND f.safety_event_id = e.id
WHERE e.user_id = %(user_id)s AND e.message_created_at < %(before)s AND NOT f.resolved

-- name: add_message
-- Of the system, for open flags to hang on.
INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)
VALUES (%(message_id)s, %(user_id)s, %(conversation_id)s, 'system', %(content)s,
        app.uuid7_ts(%(message_id)s))

-- name: move_open_flags
UPDATE app.safety_events e SET message_id = %(message_id)s
FROM app.crisis_flags f
WHERE e.user_id = %(user_id)s AND e.conversation_id = %(conversation_id)s
  AND e.message_created_at < %(before)s
  AND f.user_id = %(user_id)s AND f.safety_event_id = e.id AND NOT f.resolved

-- name: delete_events
-- Their flags and escalations go with them. A flag that was opened again meanwhile stays.
WITH gone AS (
  DELETE FROM app.safety_events e
  WHERE e.user_id = %(user_id)s AND e.message_created_at < %(before)s
    AND NOT EXISTS (SELECT FROM app.crisis_flags f
                    WHERE f.user_id = %(user_id)s AND f.safety_event_id = e.id AND NOT f.resolved)
  RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_runs
WITH gone AS (
  DELETE FROM app.ai_runs WHERE user_id = %(user_id)s AND message_created_at < %(before)s
  RETURNING 1)
SELECT count(*) FROM gone

-- name: people_with_old_runs
-- As the dispatcher.
SELECT DISTINCT user_id FROM app.ai_runs
WHERE message_created_at < now() - make_interval(days => %(days)s) LIMIT %(most)s

-- name: delete_old_runs
WITH gone AS (
  DELETE FROM app.ai_runs
  WHERE user_id = %(user_id)s AND message_created_at < now() - make_interval(days => %(days)s)
  RETURNING 1)
SELECT count(*) FROM gone

-- name: people_with_settled
-- As the dispatcher.
SELECT DISTINCT user_id FROM app.outbox
WHERE state NOT IN ('queued', 'sending') AND created_at < now() - make_interval(days => %(days)s)
LIMIT %(most)s

-- name: delete_settled
WITH gone AS (
  DELETE FROM app.outbox
  WHERE user_id = %(user_id)s AND state NOT IN ('queued', 'sending')
    AND created_at < now() - make_interval(days => %(days)s)
  RETURNING 1)
SELECT count(*) FROM gone
