-- {by_user} becomes PARTITION BY HASH (user_id), or nothing when there are no hash partitions.
-- Columns of type bytea are sealed with the person's key unless a comment says otherwise.

---------------------------------------------------------------------------------- catalogue
CREATE TABLE app.users (
  id uuid CONSTRAINT pk_users PRIMARY KEY,
  email bytea CONSTRAINT uq_users_email UNIQUE,           -- sealed deterministically, so that
  username bytea CONSTRAINT uq_users_username UNIQUE,     -- equal values are equal bytes
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

-- An identity belongs to one person in the whole world: a table cut by user_id cannot promise that.
CREATE TABLE app.auth_identity_keys (
  provider text NOT NULL,
  provider_id bytea NOT NULL,                             -- sealed deterministically
  user_id uuid NOT NULL,
  CONSTRAINT pk_auth_identity_keys PRIMARY KEY (provider, provider_id),
  CONSTRAINT uq_auth_identity_keys_provider_provider_id_user_id UNIQUE (provider, provider_id, user_id));
CREATE INDEX idx_auth_identity_keys_user ON app.auth_identity_keys (user_id);

CREATE TABLE app.assessments (
  id uuid CONSTRAINT pk_assessments PRIMARY KEY,
  name text NOT NULL CONSTRAINT uq_assessments_name UNIQUE,
  description text,
  category text,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE app.assessment_forms (
  id uuid CONSTRAINT pk_assessment_forms PRIMARY KEY,
  assessment_id uuid NOT NULL,
  version int NOT NULL,
  title text NOT NULL,
  instructions text,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_assessment_forms_assessment_id_version UNIQUE (assessment_id, version));

CREATE TABLE app.assessment_items (
  id uuid CONSTRAINT pk_assessment_items PRIMARY KEY,
  form_id uuid NOT NULL,
  order_index int NOT NULL,
  question_type text NOT NULL,
  question_text text NOT NULL,
  options jsonb,
  validation_rules jsonb,
  is_required boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT uq_assessment_items_form_id_order_index UNIQUE (form_id, order_index));

CREATE TABLE app.feature_flags (
  id uuid CONSTRAINT pk_feature_flags PRIMARY KEY,
  name text NOT NULL CONSTRAINT uq_feature_flags_name UNIQUE,
  description text,
  is_enabled boolean NOT NULL DEFAULT false,
  conditions jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE app.flag_assignments (
  id uuid CONSTRAINT pk_flag_assignments PRIMARY KEY,
  flag_id uuid NOT NULL,
  target_type text NOT NULL,
  target_id uuid,
  is_enabled boolean NOT NULL,
  override_value jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT ck_flag_assignments_target_type CHECK (target_type IN ('user', 'group', 'global')));
CREATE UNIQUE INDEX uq_flag_assignments_target ON app.flag_assignments
  (flag_id, target_type, coalesce(target_id, '00000000-0000-0000-0000-000000000000'::uuid));

---------------------------------------------------------------------------------- people
CREATE TABLE app.auth_identities (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  provider text NOT NULL,
  provider_id bytea NOT NULL,                             -- sealed deterministically
  provider_data bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_auth_identities PRIMARY KEY (user_id, id),
  CONSTRAINT uq_auth_identities_user_id_provider_provider_id UNIQUE (user_id, provider, provider_id)) {by_user};
CREATE INDEX idx_auth_identities_key ON app.auth_identities (provider, provider_id, user_id);

CREATE TABLE app.consents (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  consent_type text NOT NULL,
  version int NOT NULL,
  consent_text text NOT NULL,                             -- our words, as they were shown
  granted boolean NOT NULL,
  granted_at timestamptz,
  expires_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_consents PRIMARY KEY (user_id, id)) {by_user};
CREATE INDEX idx_consents_user_type ON app.consents (user_id, consent_type, created_at);

CREATE TABLE app.profiles (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  display_name bytea,
  bio bytea,
  preferences jsonb NOT NULL DEFAULT '{}',                -- locale, region, timezone
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_profiles PRIMARY KEY (user_id, id),
  CONSTRAINT uq_profiles_user_id UNIQUE (user_id)) {by_user};

---------------------------------------------------------------------------------- conversations
-- One active conversation a person; `state` is its dialogs' state. A worker holds it by a lease;
-- the epoch fences a worker whose lease was taken over. `out_seq` numbers its outbox.
CREATE TABLE app.conversations (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  title bytea,
  status text NOT NULL DEFAULT 'active',
  state bytea,
  epoch bigint NOT NULL DEFAULT 0,
  lease_owner uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  out_seq bigint NOT NULL DEFAULT 0,
  metadata jsonb NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL DEFAULT now(),
  last_activity timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_conversations PRIMARY KEY (user_id, id),
  CONSTRAINT ck_conversations_status CHECK (status IN ('active', 'completed', 'archived'))) {by_user};
CREATE UNIQUE INDEX uq_conversations_one_active ON app.conversations (user_id) WHERE status = 'active';
CREATE INDEX idx_conversations_user_activity ON app.conversations (user_id, last_activity);

-- created_at is the time inside the id: an id alone finds its partition, and (user_id, id) is
-- unique across partitions.
CREATE TABLE app.messages (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  role text NOT NULL,
  content bytea NOT NULL,
  originals bytea,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_messages PRIMARY KEY (user_id, id, created_at),
  CONSTRAINT ck_messages_role CHECK (role IN ('user', 'assistant', 'system')),
  CONSTRAINT ck_messages_created_at_is_id_time CHECK (created_at = app.uuid7_ts(id)))
  PARTITION BY RANGE (created_at);
CREATE INDEX idx_messages_conversation_created ON app.messages (user_id, conversation_id, created_at);

CREATE TABLE app.ai_runs (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  message_created_at timestamptz NOT NULL GENERATED ALWAYS AS (app.uuid7_ts(message_id)) STORED,
  model_name text NOT NULL,
  prompt_name text,
  prompt_version text,
  prompt_data bytea,
  response_data bytea,
  finish_reason text,
  error text,
  tokens_used numeric(12, 2),
  response_time numeric(12, 4),                           -- seconds
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_ai_runs PRIMARY KEY (user_id, id)) {by_user};
CREATE INDEX idx_ai_runs_conversation ON app.ai_runs (user_id, conversation_id);
CREATE INDEX idx_ai_runs_message ON app.ai_runs (user_id, message_id, message_created_at);

---------------------------------------------------------------------------------- safety
CREATE TABLE app.safety_events (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  message_created_at timestamptz NOT NULL GENERATED ALWAYS AS (app.uuid7_ts(message_id)) STORED,
  source text NOT NULL,
  event_type text NOT NULL,
  event_data bytea,
  severity text NOT NULL,
  reviewed boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_safety_events PRIMARY KEY (user_id, id),
  CONSTRAINT ck_safety_events_source CHECK (source IN ('text', 'assessment_item', 'screening_failed')),
  CONSTRAINT ck_safety_events_severity CHECK (severity IN ('low', 'medium', 'high', 'critical'))) {by_user};
CREATE INDEX idx_safety_events_conversation ON app.safety_events (user_id, conversation_id);
CREATE INDEX idx_safety_events_message ON app.safety_events (user_id, message_id, message_created_at);
CREATE INDEX idx_safety_events_unreviewed ON app.safety_events (severity, created_at) WHERE NOT reviewed;

CREATE TABLE app.crisis_flags (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  safety_event_id uuid NOT NULL,
  flag_type text NOT NULL,
  priority text NOT NULL,
  resolved boolean NOT NULL DEFAULT false,
  resolved_by uuid,
  resolved_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_crisis_flags PRIMARY KEY (user_id, id),
  CONSTRAINT uq_crisis_flags_user_id_safety_event_id UNIQUE (user_id, safety_event_id),
  CONSTRAINT ck_crisis_flags_priority CHECK (priority IN ('low', 'medium', 'high', 'urgent'))) {by_user};
CREATE INDEX idx_crisis_flags_open ON app.crisis_flags (created_at) WHERE NOT resolved;
CREATE INDEX idx_crisis_flags_resolved_by ON app.crisis_flags (resolved_by) WHERE resolved_by IS NOT NULL;

-- All a dispatcher needs to alert counselors, and nothing a person wrote.
CREATE TABLE app.escalations (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  flag_id uuid NOT NULL,
  alias text NOT NULL,
  priority text NOT NULL,
  flag_type text NOT NULL,
  level int NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'open',
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  alerted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_escalations PRIMARY KEY (user_id, id),
  CONSTRAINT uq_escalations_user_id_flag_id UNIQUE (user_id, flag_id),
  CONSTRAINT ck_escalations_priority CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
  CONSTRAINT ck_escalations_state CHECK (state IN ('open', 'alerted', 'claimed', 'closed'))) {by_user};
CREATE INDEX idx_escalations_due ON app.escalations (due_at) WHERE state <> 'closed';

---------------------------------------------------------------------------------- records
CREATE TABLE app.assessment_attempts (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  form_id uuid NOT NULL,
  responses bytea,
  status text NOT NULL DEFAULT 'pending',
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_assessment_attempts PRIMARY KEY (user_id, id),
  CONSTRAINT ck_assessment_attempts_status CHECK (status IN ('pending', 'completed', 'expired'))) {by_user};
CREATE INDEX idx_assessment_attempts_user_form ON app.assessment_attempts (user_id, form_id);
CREATE INDEX idx_assessment_attempts_form ON app.assessment_attempts (form_id);

CREATE TABLE app.assessment_scores (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  attempt_id uuid NOT NULL,
  score_type text NOT NULL,
  score_value numeric(10, 4) NOT NULL,
  score_data jsonb,                                       -- bands and numbers, no free text
  interpretation bytea,
  calculated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_assessment_scores PRIMARY KEY (user_id, id),
  CONSTRAINT uq_assessment_scores_user_id_attempt_id_score_type UNIQUE (user_id, attempt_id, score_type)) {by_user};

CREATE TABLE app.mood_entries (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  mood_score int NOT NULL,
  mood_label text,                                        -- a word of a closed vocabulary
  context_data bytea,
  entry_timestamp timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_mood_entries PRIMARY KEY (user_id, id, entry_timestamp),
  CONSTRAINT ck_mood_entries_mood_score CHECK (mood_score BETWEEN 1 AND 10),
  CONSTRAINT ck_mood_entries_mood_label_is_a_key CHECK (mood_label ~ '^[a-z_]{1,32}$'))
  PARTITION BY RANGE (entry_timestamp);
CREATE INDEX idx_mood_entries_user_timestamp ON app.mood_entries (user_id, entry_timestamp);

CREATE TABLE app.journal_entries (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  title bytea,
  content bytea NOT NULL,
  originals bytea,
  mood_data bytea,
  tags jsonb NOT NULL DEFAULT '[]',
  is_private boolean NOT NULL DEFAULT true,
  entry_date timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_journal_entries PRIMARY KEY (user_id, id)) {by_user};
CREATE INDEX idx_journal_entries_user_date ON app.journal_entries (user_id, entry_date);

CREATE TABLE app.goals (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  title bytea NOT NULL,
  description bytea,
  category text,
  status text NOT NULL DEFAULT 'active',
  target_date date,
  progress_data jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_goals PRIMARY KEY (user_id, id),
  CONSTRAINT ck_goals_status CHECK (status IN ('active', 'completed', 'paused', 'cancelled'))) {by_user};
CREATE INDEX idx_goals_user_status ON app.goals (user_id, status);

CREATE TABLE app.recommendations (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  recommendation_type text NOT NULL,
  content bytea NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'pending',
  delivered_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_recommendations PRIMARY KEY (user_id, id),
  CONSTRAINT ck_recommendations_status CHECK (status IN ('pending', 'delivered', 'read', 'actioned'))) {by_user};
CREATE INDEX idx_recommendations_user_status ON app.recommendations (user_id, status);

-- Names fields, never the values of sealed ones. Events of the system belong to the nil user.
CREATE TABLE app.audit_logs (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  actor_id uuid,
  action text NOT NULL,
  resource_type text NOT NULL,
  resource_id uuid,
  old_values jsonb,
  new_values jsonb,
  ip_address inet,
  user_agent text,
  created_at timestamptz NOT NULL,
  CONSTRAINT pk_audit_logs PRIMARY KEY (user_id, id, created_at))
  PARTITION BY RANGE (created_at);
CREATE INDEX idx_audit_logs_user_created ON app.audit_logs (user_id, created_at);

---------------------------------------------------------------------------------- delivery
CREATE TABLE app.inbox (
  user_id uuid NOT NULL,
  key bytea NOT NULL,                                     -- keyed hash of the platform's own id
  conversation_id uuid NOT NULL,
  message_id uuid NOT NULL,
  kind text NOT NULL,
  entry bytea,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  done_at timestamptz,
  CONSTRAINT pk_inbox PRIMARY KEY (user_id, key),
  CONSTRAINT ck_inbox_kind CHECK (kind IN ('said', 'pressed', 'other'))) {by_user};
CREATE INDEX idx_inbox_todo ON app.inbox (received_at) WHERE done_at IS NULL;
CREATE INDEX idx_inbox_conversation_todo ON app.inbox (user_id, conversation_id, received_at) WHERE done_at IS NULL;

CREATE TABLE app.outbox (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  conversation_id uuid NOT NULL,
  seq bigint NOT NULL,
  message_id uuid,
  class text NOT NULL,
  platform text NOT NULL,
  payload bytea NOT NULL,
  state text NOT NULL DEFAULT 'queued',
  attempts int NOT NULL DEFAULT 0,
  due_at timestamptz NOT NULL DEFAULT now(),
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  platform_ref bytea,
  sent_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_outbox PRIMARY KEY (user_id, id),
  CONSTRAINT uq_outbox_user_id_conversation_id_seq UNIQUE (user_id, conversation_id, seq),
  CONSTRAINT ck_outbox_class CHECK (class IN ('safety', 'normal')),
  CONSTRAINT ck_outbox_state CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'dead'))) {by_user};
CREATE INDEX idx_outbox_due ON app.outbox (due_at) WHERE state IN ('queued', 'sending');

-- Events of the system have a user to belong to. Before row security is forced, since nobody may
-- write it afterwards.
INSERT INTO app.users (id) VALUES ('00000000-0000-0000-0000-000000000000');
