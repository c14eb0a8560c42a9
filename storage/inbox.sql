-- The inbox after take-in: what waits, and forgetting what is done.

-- name: oldest_undone
-- By the server's clock: workers' clocks differ.
SELECT i.message_id, i.entry, m.content, m.originals
FROM app.inbox i
LEFT JOIN app.messages m ON m.user_id = %(user_id)s AND m.id = i.message_id
  AND m.created_at = app.uuid7_ts(i.message_id) AND m.role = 'user'
WHERE i.user_id = %(user_id)s AND i.conversation_id = %(conversation_id)s AND i.done_at IS NULL
ORDER BY i.received_at, i.message_id LIMIT 1

-- name: give_up
-- An entry that does not open can be run by nobody; those behind it can.
UPDATE app.inbox SET done_at = now()
WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
  AND message_id = %(message_id)s AND done_at IS NULL

-- name: due_conversations
-- As the dispatcher.
SELECT i.user_id, i.conversation_id
FROM app.inbox i JOIN app.conversations c ON c.user_id = i.user_id AND c.id = i.conversation_id
WHERE i.done_at IS NULL AND c.lease_until < now()
GROUP BY i.user_id, i.conversation_id
ORDER BY min(i.received_at) LIMIT %(most)s

-- name: people_with_done
-- As the dispatcher.
SELECT DISTINCT user_id FROM app.inbox
WHERE done_at < now() - make_interval(hours => %(hours)s) LIMIT %(most)s

-- name: forget_done
WITH gone AS (
  DELETE FROM app.inbox
  WHERE user_id = %(user_id)s AND done_at < now() - make_interval(hours => %(hours)s)
  RETURNING 1)
SELECT count(*) FROM gone
