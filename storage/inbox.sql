-- The inbox after take-in: what waits, and forgetting what is done.

-- name: oldest_undone
-- By the server's clock: workers' clocks differ. The message is looked up by the id that was found,
-- which prunes to its month; as a plain join all that the person ever said may be read for it.
SELECT i.message_id, i.entry, m.content, m.originals
FROM (SELECT message_id, entry FROM app.inbox
      WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s AND done_at IS NULL
      ORDER BY received_at, message_id LIMIT 1) AS i
LEFT JOIN LATERAL (
  SELECT content, originals FROM app.messages
  WHERE user_id = %(user_id)s AND id = i.message_id AND created_at = app.uuid7_ts(i.message_id)
    AND role = 'user' LIMIT 1) AS m ON true

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
