-- The audit log: entries of a person are numbered and chained; the head's row is the lock.

-- name: begin_chain
INSERT INTO app.audit_heads (user_id) VALUES (%(user_id)s) ON CONFLICT (user_id) DO NOTHING

-- name: hold_head
-- And what the entry will say, spelled as `entries` will read it.
SELECT seq, mac, %(id)s::uuid::text, %(user_id)s::uuid::text, %(actor_id)s::uuid::text,
       %(action)s::text, %(resource_type)s::text, %(resource_id)s::uuid::text,
       %(old_values)s::jsonb::text, %(new_values)s::jsonb::text,
       %(ip_address)s::inet::text, %(user_agent)s::text,
       to_char(%(created_at)s::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
FROM app.audit_heads WHERE user_id = %(user_id)s FOR UPDATE

-- name: append
INSERT INTO app.audit_logs
  (id, user_id, actor_id, action, resource_type, resource_id, old_values, new_values, ip_address,
   user_agent, created_at, seq, mac)
VALUES (%(id)s, %(user_id)s, %(actor_id)s, %(action)s, %(resource_type)s, %(resource_id)s,
        %(old_values)s, %(new_values)s, %(ip_address)s, %(user_agent)s, %(created_at)s,
        %(seq)s, %(mac)s)

-- name: advance
UPDATE app.audit_heads SET seq = %(seq)s, mac = %(mac)s WHERE user_id = %(user_id)s

-- name: chains
SELECT user_id FROM app.audit_heads WHERE user_id > %(after)s ORDER BY user_id LIMIT %(most)s

-- name: chains_by_lot
SELECT user_id FROM app.audit_heads WHERE user_id <> %(besides)s ORDER BY random() LIMIT %(most)s

-- name: chains_among
SELECT user_id FROM app.audit_heads WHERE user_id = ANY(%(user_ids)s)

-- name: entries
-- The head and the entries after a place, seen at one moment. Two entries of one number are told
-- apart by their ids.
SELECT h.seq, h.mac, h.checkpoint_seq, h.checkpoint_mac, l.*
FROM app.audit_heads h LEFT JOIN LATERAL (
  SELECT e.seq, e.mac, e.id::text, e.user_id::text, e.actor_id::text,
         e.action, e.resource_type, e.resource_id::text,
         e.old_values::text, e.new_values::text, e.ip_address::text, e.user_agent,
         to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
  FROM app.audit_logs e
  WHERE e.user_id = %(user_id)s AND e.seq > h.checkpoint_seq
    AND (e.seq, e.id) > (%(after)s, %(after_id)s)
  ORDER BY e.seq, e.id LIMIT %(most)s) l ON true
WHERE h.user_id = %(user_id)s

-- name: last_before
SELECT max(l.seq) FROM app.audit_heads h JOIN app.audit_logs l ON l.user_id = h.user_id
WHERE h.user_id = %(user_id)s AND l.user_id = %(user_id)s
  AND l.seq > h.checkpoint_seq AND l.created_at < %(before)s

-- name: move_checkpoint
UPDATE app.audit_heads SET checkpoint_seq = %(seq)s, checkpoint_mac = %(mac)s
WHERE user_id = %(user_id)s AND checkpoint_seq < %(seq)s AND seq >= %(seq)s
RETURNING user_id
