-- The audit log: entries of a person are numbered and chained; the head's row is the lock.

-- name: begin_chain
INSERT INTO app.audit_heads (user_id) VALUES (%(user_id)s) ON CONFLICT (user_id) DO NOTHING

-- name: hold_head
SELECT seq, mac FROM app.audit_heads WHERE user_id = %(user_id)s FOR UPDATE

-- name: append
INSERT INTO app.audit_logs
  (id, user_id, actor_id, action, resource_type, resource_id, old_values, new_values, created_at,
   seq, mac)
VALUES (%(id)s, %(user_id)s, %(actor_id)s, %(action)s, %(resource_type)s, %(resource_id)s,
        %(old_values)s, %(new_values)s, %(created_at)s, %(seq)s, %(mac)s)

-- name: advance
UPDATE app.audit_heads SET seq = %(seq)s, mac = %(mac)s WHERE user_id = %(user_id)s
