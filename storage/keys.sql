-- What the key store is held against.

-- name: longest_known_person
-- As the sign-in role. Their key is in every copy of the key store but the very first.
SELECT user_id FROM app.auth_identity_keys ORDER BY user_id LIMIT 1
