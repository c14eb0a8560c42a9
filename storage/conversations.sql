-- A conversation outside its two hot statements: what a turn looks at first, and its lease.

-- name: glance
-- What screening wants to know. A week of messages is context enough, and prunes the rest.
SELECT (SELECT granted AND (expires_at IS NULL OR expires_at > now()) FROM app.consents
        WHERE user_id = %(user_id)s AND consent_type = 'service'
        ORDER BY created_at DESC, id DESC LIMIT 1) AS consented,
       (SELECT preferences ->> 'locale' FROM app.profiles WHERE user_id = %(user_id)s) AS locale,
       earlier.ids, earlier.contents
FROM (SELECT array_agg(id ORDER BY created_at, id) AS ids,
             array_agg(content ORDER BY created_at, id) AS contents
      FROM (SELECT id, content, created_at FROM app.messages
            WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
              AND role = 'user' AND created_at > now() - interval '7 days'
              AND created_at < now() + interval '1 day'  -- nor the months that are to come
            ORDER BY created_at DESC, id DESC LIMIT %(most)s) AS newest) AS earlier

-- name: load
-- The holder's view. No row: the lease is lost.
SELECT c.state,
       (SELECT preferences FROM app.profiles WHERE user_id = %(user_id)s) AS preferences,
       ARRAY(SELECT consent_type
             FROM (SELECT DISTINCT ON (consent_type) consent_type, granted, expires_at
                   FROM app.consents WHERE user_id = %(user_id)s
                   ORDER BY consent_type, created_at DESC, id DESC) AS latest
             WHERE granted AND (expires_at IS NULL OR expires_at > now())) AS consents
FROM app.conversations c
WHERE c.user_id = %(user_id)s AND c.id = %(conversation_id)s AND c.epoch = %(epoch)s

-- name: acquire
UPDATE app.conversations
SET epoch = epoch + 1, lease_owner = %(worker)s,
    lease_until = now() + make_interval(secs => %(lease_seconds)s)
WHERE user_id = %(user_id)s AND id = %(conversation_id)s AND lease_until < now()
RETURNING epoch

-- name: acquire_if_waiting
UPDATE app.conversations
SET epoch = epoch + 1, lease_owner = %(worker)s,
    lease_until = now() + make_interval(secs => %(lease_seconds)s)
WHERE user_id = %(user_id)s AND id = %(conversation_id)s AND lease_until < now()
  AND EXISTS (SELECT FROM app.inbox i
              WHERE i.user_id = %(user_id)s AND i.conversation_id = %(conversation_id)s
                AND i.done_at IS NULL)
RETURNING epoch

-- name: renew
UPDATE app.conversations SET lease_until = now() + make_interval(secs => %(lease_seconds)s)
WHERE user_id = %(user_id)s AND id = %(conversation_id)s AND epoch = %(epoch)s
  AND lease_owner IS NOT NULL
RETURNING epoch

-- name: release
UPDATE app.conversations SET lease_owner = NULL, lease_until = '-infinity'
WHERE user_id = %(user_id)s AND id = %(conversation_id)s AND epoch = %(epoch)s
