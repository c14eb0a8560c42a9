-- The two statements that every message runs. Each is one round trip and one transaction, as the
-- worker, acting for the person.
--
-- What was learned the hard way:
--   * Every data-modifying branch runs whatever the others return. So each branch takes its rows
--     FROM the branch that won (`fresh`, `done`); VALUES in a branch would write for a loser too.
--   * All branches see the snapshot from before any of them waited for a lock. Numbers that must
--     be fresh (epoch, out_seq) come from RETURNING alone, never from a sub-select like max + 1.
--   * Foreign keys are checked when the statement ends, so a branch may write a row's parent and
--     another the row.
--   * Parameters stand bare in every WHERE: a join with a list of them prunes no partition.
--   * created_at of a message is made by the server from its id: a float made here is off by a
--     microsecond, and the CHECK refuses it.
--   * conversations.last_activity is indexed; leaving it alone keeps these updates HOT.

-- name: take_in
-- The inbox row decides: a second delivery finds it there and writes nothing. A message row only
-- when there is a text to keep (or a finding that needs a parent).
--
-- `held` locks the conversation whether or not its lease is free. Without that, a message could
-- be taken in while its holder commits: too late for the holder to see it, too early to win the
-- lease, and nobody would answer until a sweep. High risk preempts the holder: the epoch moves
-- on, which fences the turn that is running.
WITH fresh AS (
  INSERT INTO app.inbox (user_id, key, conversation_id, message_id, kind, entry)
  VALUES (%(user_id)s, %(key)s, %(conversation_id)s, %(message_id)s, %(kind)s, %(entry)s)
  ON CONFLICT (user_id, key) DO NOTHING
  RETURNING message_id),
held AS (
  SELECT c.lease_until < now() OR %(preempt)s AS free
  FROM fresh, app.conversations c
  WHERE c.user_id = %(user_id)s AND c.id = %(conversation_id)s
  FOR NO KEY UPDATE OF c),
lease AS (
  UPDATE app.conversations c
  SET epoch = c.epoch + 1, lease_owner = %(worker)s,
      lease_until = now() + make_interval(secs => %(lease_seconds)s)
  FROM held
  WHERE held.free AND c.user_id = %(user_id)s AND c.id = %(conversation_id)s
  RETURNING c.epoch),
message AS (
  INSERT INTO app.messages (id, user_id, conversation_id, role, content, originals, created_at)
  SELECT message_id, %(user_id)s, %(conversation_id)s, %(role)s, %(content)s, %(originals)s,
         app.uuid7_ts(message_id)
  FROM fresh WHERE %(content)s::bytea IS NOT NULL),
event AS (
  INSERT INTO app.safety_events
    (id, user_id, conversation_id, message_id, source, event_type, event_data, severity)
  SELECT e.id, %(user_id)s, %(conversation_id)s, message_id, e.source, e.type, e.data, e.severity
  FROM fresh, unnest(%(event_ids)s::uuid[], %(sources)s::text[], %(event_types)s::text[],
                     %(event_data)s::bytea[], %(severities)s::text[])
              AS e (id, source, type, data, severity)),
flag AS (
  INSERT INTO app.crisis_flags (id, user_id, safety_event_id, flag_type, priority)
  SELECT f.id, %(user_id)s, f.event_id, f.type, f.priority
  FROM fresh, unnest(%(flag_ids)s::uuid[], %(flag_event_ids)s::uuid[], %(flag_types)s::text[],
                     %(priorities)s::text[]) AS f (id, event_id, type, priority)),
escalation AS (
  INSERT INTO app.escalations (id, user_id, flag_id, alias, priority, flag_type)
  SELECT e.id, %(user_id)s, e.flag_id, e.alias, e.priority, e.type
  FROM fresh, unnest(%(escalation_ids)s::uuid[], %(flag_ids)s::uuid[], %(aliases)s::text[],
                     %(priorities)s::text[], %(flag_types)s::text[])
              AS e (id, flag_id, alias, priority, type))
SELECT EXISTS (SELECT FROM fresh) AS fresh,
       (SELECT epoch FROM lease) AS epoch,
       NOT EXISTS (SELECT FROM app.inbox i
                   WHERE i.user_id = %(user_id)s AND i.conversation_id = %(conversation_id)s
                     AND i.done_at IS NULL) AS alone

-- name: turn_commit
-- The fence decides: a stale epoch, or an entry that is done already, makes raise_fenced() fail
-- the statement and with it the whole transaction, records included. The commit spends the epoch,
-- so that one lease commits at most once even when the answer to the COMMIT was lost and it is
-- tried again.
--
-- `behind` looks at the last hundred rows only: rows leave in order, so if any older one waits,
-- so does one of these.
WITH fence AS (
  UPDATE app.conversations
  SET state = %(state)s, out_seq = out_seq + %(rows)s, epoch = epoch + 1,
      lease_owner = NULL, lease_until = '-infinity'
  WHERE user_id = %(user_id)s AND id = %(conversation_id)s AND epoch = %(epoch)s
  RETURNING out_seq - %(rows)s AS seq0),
done AS (
  UPDATE app.inbox i SET done_at = now()
  FROM fence
  WHERE i.user_id = %(user_id)s AND i.key = %(key)s AND i.done_at IS NULL
  RETURNING seq0),
message AS (
  INSERT INTO app.messages (id, user_id, conversation_id, role, content, originals, created_at)
  SELECT m.id, %(user_id)s, %(conversation_id)s, m.role, m.content, m.originals,
         app.uuid7_ts(m.id)
  FROM done, unnest(%(message_ids)s::uuid[], %(roles)s::text[], %(contents)s::bytea[],
                    %(originals)s::bytea[]) AS m (id, role, content, originals)),
outgoing AS (
  INSERT INTO app.outbox (id, user_id, conversation_id, seq, message_id, class, platform, payload,
                          state, attempts, lease_until)
  SELECT o.id, %(user_id)s, %(conversation_id)s, seq0 + o.n, o.message_id, o.class, o.platform,
         o.payload, 'sending', 1, now() + make_interval(secs => %(send_seconds)s)
  FROM done, unnest(%(outbox_ids)s::uuid[], %(said_ids)s::uuid[], %(classes)s::text[],
                    %(platforms)s::text[], %(payloads)s::bytea[])
             WITH ORDINALITY AS o (id, message_id, class, platform, payload, n))
SELECT coalesce((SELECT seq0 FROM done), app.raise_fenced()) AS seq0,
       EXISTS (SELECT FROM app.outbox o, done
               WHERE o.user_id = %(user_id)s AND o.conversation_id = %(conversation_id)s
                 AND o.seq > seq0 - 100 AND o.seq <= seq0
                 AND o.state IN ('queued', 'sending')) AS behind
