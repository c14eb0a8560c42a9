-- Whose an identity is, and signing somebody up.

-- name: find
-- As the sign-in role.
SELECT user_id FROM app.auth_identity_keys
WHERE provider = %(provider)s AND provider_id = %(provider_id)s

-- name: known
-- As the sign-in role.
SELECT id FROM app.users WHERE id = %(user_id)s

-- name: sign_up
-- As the sign-in role, for one new person. The identity's key decides: of two sign-ups at once one
-- writes everything, the other nothing.
WITH won AS (
  INSERT INTO app.auth_identity_keys (provider, provider_id, user_id)
  VALUES (%(provider)s, %(provider_id)s, %(user_id)s)
  ON CONFLICT (provider, provider_id) DO NOTHING
  RETURNING user_id),
person AS (
  INSERT INTO app.users (id) SELECT user_id FROM won),
identity AS (
  INSERT INTO app.auth_identities (id, user_id, provider, provider_id)
  SELECT %(identity_id)s, user_id, %(provider)s, %(provider_id)s FROM won),
profile AS (
  INSERT INTO app.profiles (id, user_id, preferences)
  SELECT %(profile_id)s, user_id, %(preferences)s FROM won),
conversation AS (
  INSERT INTO app.conversations (id, user_id)
  SELECT %(conversation_id)s, user_id FROM won)
SELECT EXISTS (SELECT FROM won)

-- name: meet
SELECT c.id, (SELECT preferences FROM app.profiles WHERE user_id = %(user_id)s) AS preferences
FROM app.conversations c WHERE c.user_id = %(user_id)s AND c.status = 'active'

-- name: spent
-- As the sign-in role: whether somebody sent this who was erased since.
SELECT FROM app.spent_keys WHERE key = %(key)s

-- name: open_conversation
-- The lock waits for whoever is erasing this person, and then finds them gone.
INSERT INTO app.conversations (id, user_id)
SELECT %(conversation_id)s, id FROM app.users WHERE id = %(user_id)s AND is_active FOR SHARE
ON CONFLICT (user_id) WHERE status = 'active' DO NOTHING
