-- After a restore, by an administrator whom row security does not bind, for everybody at once.

-- name: is_unbound
SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user

-- name: workers
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'evenkeel' AND pid <> pg_backend_pid()

-- name: park_outbox
-- Whether they went out between then and the restore, nobody can say.
WITH parked AS (
  UPDATE app.outbox SET state = 'unknown', lease_until = '-infinity'
  WHERE user_id IS NOT NULL AND state IN ('queued', 'sending') RETURNING user_id)
SELECT count(*), count(DISTINCT user_id) FROM parked

-- name: end_inbox
-- They were answered, in a time that is no more.
WITH ended AS (
  UPDATE app.inbox SET done_at = now()
  WHERE user_id IS NOT NULL AND done_at IS NULL RETURNING user_id)
SELECT count(*), count(DISTINCT user_id) FROM ended

-- name: free_conversations
-- The epoch moves, so that a worker from before the restore can commit nothing.
WITH freed AS (
  UPDATE app.conversations SET epoch = epoch + 1, lease_owner = NULL, lease_until = '-infinity'
  WHERE user_id IS NOT NULL RETURNING user_id)
SELECT count(*), count(DISTINCT user_id) FROM freed

-- name: free_escalations
-- They stay open: counselors are told twice rather than never.
WITH open AS (
  UPDATE app.escalations SET due_at = now(), lease_until = '-infinity'
  WHERE user_id IS NOT NULL AND state = 'open' RETURNING user_id)
SELECT count(*), count(DISTINCT user_id) FROM open

-- name: end_farewells
-- Who was erased by then was told, or will be told nothing more.
WITH ended AS (
  UPDATE app.erasures SET told_at = now(), address = NULL, lease_until = '-infinity'
  WHERE user_id IS NOT NULL AND erased_at IS NOT NULL AND told_at IS NULL RETURNING user_id)
SELECT count(*), count(DISTINCT user_id) FROM ended

-- name: make_partitions
SELECT app.make_partitions_ahead(%(months)s)
