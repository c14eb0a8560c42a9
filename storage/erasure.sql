-- Erasing a person. Deletes count what they delete; the order of tables is in erasure.py.

-- name: ask
INSERT INTO app.erasures (user_id, reason, locale, address)
VALUES (%(user_id)s, %(reason)s, %(locale)s, %(address)s)
ON CONFLICT (user_id) DO NOTHING

-- name: hold
-- Fences the turn that is running, and lets no other begin. Whoever erases takes this lock first,
-- as every turn does.
UPDATE app.conversations SET epoch = epoch + 1, lease_owner = NULL, lease_until = 'infinity'
WHERE user_id = %(user_id)s

-- name: withdraw
-- Who is to be forgotten agrees to nothing any more: what they write from now on is not kept.
UPDATE app.consents SET expires_at = now()
WHERE user_id = %(user_id)s AND granted AND (expires_at IS NULL OR expires_at > now())

-- name: ask_if_unagreed
-- After `hold`, so that a yes is either seen here or fenced.
INSERT INTO app.erasures (user_id, reason)
SELECT id, 'never_agreed' FROM app.users
WHERE id = %(user_id)s AND is_active
  AND NOT EXISTS (
    SELECT FROM app.crisis_flags f WHERE f.user_id = %(user_id)s AND NOT f.resolved)
  AND NOT EXISTS (
    SELECT FROM (SELECT granted, expires_at, created_at FROM app.consents
                 WHERE user_id = %(user_id)s AND consent_type = 'service'
                 ORDER BY created_at DESC, id DESC LIMIT 1) AS latest
    WHERE latest.created_at >= now() - make_interval(days => %(days)s)
       OR latest.granted
          AND (latest.expires_at IS NULL
               OR latest.expires_at >= now() - make_interval(days => %(days)s)))
ON CONFLICT (user_id) DO NOTHING
RETURNING user_id

-- name: let_go
UPDATE app.conversations SET lease_until = '-infinity'
WHERE user_id = %(user_id)s AND lease_until = 'infinity'

-- name: unagreed
-- As the dispatcher: who has had no yes for so long, roughly; `ask_if_unagreed` decides.
SELECT c.user_id
FROM app.conversations c JOIN app.users u ON u.id = c.user_id
WHERE u.is_active AND u.created_at < now() - make_interval(days => %(days)s)
  AND NOT EXISTS (SELECT FROM app.erasures e WHERE e.user_id = c.user_id)
  AND NOT EXISTS (
    SELECT FROM app.crisis_flags f WHERE f.user_id = c.user_id AND NOT f.resolved)
  AND NOT EXISTS (
    SELECT FROM app.consents yes
    WHERE yes.user_id = c.user_id AND yes.consent_type = 'service' AND yes.granted
      AND (yes.expires_at IS NULL OR yes.expires_at >= now() - make_interval(days => %(days)s))
      AND NOT EXISTS (
        SELECT FROM app.consents later
        WHERE later.user_id = c.user_id AND later.consent_type = 'service'
          AND (later.created_at, later.id) > (yes.created_at, yes.id)))
  AND NOT EXISTS (
    SELECT FROM app.consents recent
    WHERE recent.user_id = c.user_id AND recent.consent_type = 'service'
      AND recent.created_at >= now() - make_interval(days => %(days)s))
LIMIT %(most)s

-- name: due
-- As the dispatcher: who is to be erased, and who was and is to be told. A kept case waits until
-- counselors are done with it.
SELECT e.user_id FROM app.erasures e
WHERE (e.erased_at IS NULL OR e.told_at IS NULL) AND e.lease_until < now()
  AND NOT (e.reason = 'case_closed' AND EXISTS (
    SELECT FROM app.crisis_flags f
    JOIN app.escalations s ON s.user_id = f.user_id AND s.flag_id = f.id
    WHERE f.user_id = e.user_id AND NOT f.resolved AND s.state <> 'closed'))
ORDER BY e.requested_at LIMIT %(most)s

-- name: take
UPDATE app.erasures SET lease_until = now() + make_interval(secs => %(seconds)s)
WHERE user_id = %(user_id)s AND (erased_at IS NULL OR told_at IS NULL) AND lease_until < now()
RETURNING user_id

-- name: read
SELECT reason, requested_at, erased_at, receipt, locale, address,
       erased_at < now() - make_interval(hours => %(hours)s)
FROM app.erasures WHERE user_id = %(user_id)s

-- name: patience
-- Somebody who kept a diary for years has more rows than a turn ever touches.
SELECT set_config('statement_timeout', '10min', true)

-- name: lock
SELECT erased_at IS NULL FROM app.erasures WHERE user_id = %(user_id)s FOR UPDATE

-- name: deactivate
UPDATE app.users SET is_active = false, email = NULL, username = NULL, updated_at = now()
WHERE id = %(user_id)s

-- name: spend
INSERT INTO app.spent_keys (key) SELECT key FROM app.inbox WHERE user_id = %(user_id)s
ON CONFLICT (key) DO NOTHING

-- name: count_audit
SELECT count(*) FROM app.audit_logs WHERE user_id = %(user_id)s

-- name: erased
UPDATE app.erasures
SET erased_at = now(), receipt = %(receipt)s, lease_until = '-infinity',
    told_at = CASE WHEN address IS NULL THEN now() END
WHERE user_id = %(user_id)s

-- name: told
-- The address goes, and with it the last trace of how to reach them.
UPDATE app.erasures SET told_at = now(), address = NULL, lease_until = '-infinity'
WHERE user_id = %(user_id)s AND erased_at IS NOT NULL AND told_at IS NULL

-- name: tell_later
UPDATE app.erasures SET lease_until = now() + make_interval(secs => %(seconds)s)
WHERE user_id = %(user_id)s AND told_at IS NULL

-- name: forget_spent
WITH gone AS (
  DELETE FROM app.spent_keys WHERE spent_at < now() - make_interval(hours => %(hours)s) RETURNING 1)
SELECT count(*) FROM gone

-- name: restored
-- As the dispatcher: of people whose keys are destroyed, those who are here again.
SELECT id FROM app.users WHERE id = ANY (%(ids)s::uuid[]) AND is_active

-- name: all_erased
-- As the dispatcher.
SELECT user_id FROM app.erasures WHERE erased_at IS NOT NULL

-- name: delete_escalations
WITH gone AS (DELETE FROM app.escalations WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_crisis_flags
WITH gone AS (DELETE FROM app.crisis_flags WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_safety_events
WITH gone AS (DELETE FROM app.safety_events WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_ai_runs
WITH gone AS (DELETE FROM app.ai_runs WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_outbox
WITH gone AS (DELETE FROM app.outbox WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_inbox
WITH gone AS (DELETE FROM app.inbox WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_messages
WITH gone AS (DELETE FROM app.messages WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_assessment_scores
WITH gone AS (DELETE FROM app.assessment_scores WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_assessment_attempts
WITH gone AS (DELETE FROM app.assessment_attempts WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_mood_entries
WITH gone AS (DELETE FROM app.mood_entries WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_journal_entries
WITH gone AS (DELETE FROM app.journal_entries WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_goals
WITH gone AS (DELETE FROM app.goals WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_recommendations
WITH gone AS (DELETE FROM app.recommendations WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_conversations
WITH gone AS (DELETE FROM app.conversations WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_consents
WITH gone AS (DELETE FROM app.consents WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_profiles
WITH gone AS (DELETE FROM app.profiles WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_flag_assignments
WITH gone AS (DELETE FROM app.flag_assignments
              WHERE target_type = 'user' AND target_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_auth_identities
WITH gone AS (DELETE FROM app.auth_identities WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone

-- name: delete_auth_identity_keys
WITH gone AS (DELETE FROM app.auth_identity_keys WHERE user_id = %(user_id)s RETURNING 1)
SELECT count(*) FROM gone
