-- The outbox: rows of a conversation leave in order; a safety row waits for safety rows only.

-- name: due_conversations
-- As the dispatcher.
SELECT user_id, conversation_id FROM app.outbox
WHERE state IN ('queued', 'sending') AND platform = ANY (%(platforms)s::text[])
  AND (state = 'queued' AND due_at <= now() OR state = 'sending' AND lease_until < now())
GROUP BY user_id, conversation_id
ORDER BY bool_or(class = 'safety') DESC, min(due_at) LIMIT %(most)s

-- name: counts
-- As the dispatcher.
SELECT state, count(*) FROM app.outbox WHERE state <> 'sent' GROUP BY state

-- name: hold_conversation
-- Two takers at once would each see the other's rows as still free to pass by. The lock makes
-- the next statements of this transaction see what the other one took.
SELECT id FROM app.conversations
WHERE user_id = %(user_id)s AND id = %(conversation_id)s FOR NO KEY UPDATE

-- name: give_up_lost
-- Whoever was sending these is gone, and nobody can say whether they went out.
UPDATE app.outbox SET state = 'unknown'
WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
  AND state = 'sending' AND class = 'normal' AND lease_until < now()

-- name: take
UPDATE app.outbox o
SET state = 'sending', attempts = o.attempts + 1,
    lease_until = now() + make_interval(secs => %(send_seconds)s)
WHERE o.user_id = %(user_id)s AND o.conversation_id = %(conversation_id)s
  AND o.platform = ANY (%(platforms)s::text[])
  AND (o.state = 'queued' AND o.due_at <= now()
       OR o.state = 'sending' AND o.class = 'safety' AND o.lease_until < now())
  AND NOT EXISTS (
    SELECT FROM app.outbox before
    WHERE before.user_id = %(user_id)s AND before.conversation_id = %(conversation_id)s
      AND before.platform = o.platform AND before.seq < o.seq
      AND (o.class = 'normal' OR before.class = 'safety')
      AND (before.state = 'queued' AND before.due_at > now()
           OR before.state = 'sending' AND before.lease_until >= now()))
RETURNING o.id, o.seq, o.class, o.attempts, o.payload

-- name: sent
-- A row whose lease ran out while its sender was slow may be `unknown` by now; the sender knows.
UPDATE app.outbox o SET state = 'sent', sent_at = now(), platform_ref = s.ref
FROM unnest(%(ids)s::uuid[], %(refs)s::bytea[]) AS s (id, ref)
WHERE o.user_id = %(user_id)s AND o.id = s.id AND o.state IN ('sending', 'unknown')

-- name: hold
UPDATE app.outbox SET lease_until = now() + make_interval(secs => %(send_seconds)s)
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'sending'

-- name: later
UPDATE app.outbox
SET state = 'queued', due_at = now() + make_interval(secs => %(seconds)s), lease_until = '-infinity'
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'sending'

-- name: requeue
-- Untried, so the attempt that taking them counted is taken back.
UPDATE app.outbox
SET state = 'queued', due_at = now(), lease_until = '-infinity',
    attempts = greatest(attempts - 1, 0)
WHERE user_id = %(user_id)s AND id = ANY (%(ids)s::uuid[]) AND state = 'sending'

-- name: settle
UPDATE app.outbox SET state = %(state)s, platform_ref = coalesce(%(ref)s, platform_ref)
WHERE user_id = %(user_id)s AND id = %(id)s AND state = 'sending'
