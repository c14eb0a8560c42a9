-- Escalations: found by the dispatcher, taken and marked by the worker for the person concerned.

-- name: due
SELECT id, user_id, alias, priority, flag_type, created_at, attempts FROM app.escalations
WHERE state = 'open' AND due_at <= now() AND lease_until < now()
ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], priority), due_at
LIMIT %(most)s

-- name: take
UPDATE app.escalations
SET attempts = attempts + 1, lease_until = now() + make_interval(secs => %(seconds)s)
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'open' AND lease_until < now()
RETURNING id

-- name: alerted
UPDATE app.escalations SET state = 'alerted', alerted_at = now(), lease_until = '-infinity'
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'open'

-- name: later
UPDATE app.escalations
SET due_at = now() + make_interval(secs => %(seconds)s), lease_until = '-infinity'
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'open'

-- name: open_flags
SELECT flag_id, alias, flag_type, priority, created_at, state FROM app.escalations
WHERE state <> 'closed'
ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], priority), created_at
