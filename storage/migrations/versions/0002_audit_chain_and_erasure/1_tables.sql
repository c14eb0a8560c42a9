-- {by_user} as in the first schema.

-- An entry's `mac` covers the entry and the one before it, under a key that the database has not:
-- an entry that was changed, dropped or slipped in later breaks the chain of its person.
-- Entries from before there were chains belong to none.
ALTER TABLE app.audit_logs ADD COLUMN seq bigint NOT NULL DEFAULT 0, ADD COLUMN mac bytea NOT NULL DEFAULT '';
ALTER TABLE app.audit_logs ALTER COLUMN seq DROP DEFAULT, ALTER COLUMN mac DROP DEFAULT;

-- Where each chain ends, and where it begins since older months were dropped. The row is also the
-- lock that keeps two writers from taking the same number.
CREATE TABLE app.audit_heads (
  user_id uuid NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  mac bytea NOT NULL DEFAULT '',
  checkpoint_seq bigint NOT NULL DEFAULT 0,
  checkpoint_mac bytea NOT NULL DEFAULT '',
  CONSTRAINT pk_audit_heads PRIMARY KEY (user_id),
  CONSTRAINT ck_audit_heads_checkpoint_is_past CHECK (checkpoint_seq <= seq)) {by_user};

-- People who are to be erased, and the receipt of those who were. `address` is sealed with the
-- deployment's key, since the person's own is gone by the time the receipt is sent; it is emptied
-- then. The receipt counts rows and names what stays.
CREATE TABLE app.erasures (
  user_id uuid NOT NULL,
  reason text NOT NULL,
  locale text,
  address bytea,
  receipt jsonb,
  requested_at timestamptz NOT NULL DEFAULT now(),
  erased_at timestamptz,
  told_at timestamptz,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  CONSTRAINT pk_erasures PRIMARY KEY (user_id),
  CONSTRAINT ck_erasures_reason CHECK (reason IN ('asked', 'operator', 'never_agreed', 'case_closed', 'replayed')),
  CONSTRAINT ck_erasures_told_after_erased CHECK (told_at IS NULL OR erased_at IS NOT NULL)) {by_user};
CREATE INDEX idx_erasures_todo ON app.erasures (requested_at) WHERE erased_at IS NULL OR told_at IS NULL;

-- Keyed hashes of updates that erased people sent, for two days: a platform that delivers one
-- again must not sign the person up anew. Belongs to nobody.
CREATE TABLE app.spent_keys (
  key bytea CONSTRAINT pk_spent_keys PRIMARY KEY,
  spent_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX idx_spent_keys_spent ON app.spent_keys (spent_at);
