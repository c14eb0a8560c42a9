-- Grants and policies name parents only: a partition that a role may read directly has no policy.
-- A policy compares user_id with who is acting, nothing more: `OR is_staff()` would cost a table
-- scan. Other kinds of reader are other roles.

DO $$
DECLARE
  user_scoped text;
BEGIN
  FOR user_scoped IN
    SELECT relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attname = 'user_id'
  LOOP
    EXECUTE format('ALTER TABLE app.%I ENABLE ROW LEVEL SECURITY', user_scoped);
    EXECUTE format('ALTER TABLE app.%I FORCE ROW LEVEL SECURITY', user_scoped);
    CONTINUE WHEN user_scoped IN ('audit_logs', 'auth_identity_keys');
    EXECUTE format('CREATE POLICY own_rows ON app.%I TO evenkeel_worker
                    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id())', user_scoped);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON app.%I TO evenkeel_worker', user_scoped);
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA app TO evenkeel_worker, evenkeel_signin, evenkeel_dispatcher, evenkeel_counselor, evenkeel_auditor;

-- worker: a person's own rows, by the person acting
ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.users FORCE ROW LEVEL SECURITY;
CREATE POLICY own_row ON app.users TO evenkeel_worker
  USING (id = app.current_user_id()) WITH CHECK (id = app.current_user_id());
GRANT SELECT, UPDATE, DELETE ON app.users TO evenkeel_worker;
CREATE POLICY own_rows ON app.auth_identity_keys TO evenkeel_worker
  USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
GRANT SELECT, INSERT, DELETE ON app.auth_identity_keys TO evenkeel_worker;
CREATE POLICY own_read ON app.audit_logs FOR SELECT TO evenkeel_worker USING (user_id = app.current_user_id());
CREATE POLICY own_append ON app.audit_logs FOR INSERT TO evenkeel_worker WITH CHECK (user_id = app.current_user_id());
GRANT SELECT, INSERT ON app.audit_logs TO evenkeel_worker;
GRANT SELECT ON app.assessments, app.assessment_forms, app.assessment_items, app.feature_flags, app.flag_assignments
  TO evenkeel_worker;

-- sign-in: finds whose an identity is; signs one new person up, the one it is acting for
CREATE POLICY find_identity ON app.auth_identity_keys FOR SELECT TO evenkeel_signin USING (true);
GRANT SELECT ON app.auth_identity_keys TO evenkeel_signin;
CREATE POLICY find_person ON app.users FOR SELECT TO evenkeel_signin USING (true);
GRANT SELECT (id, is_active) ON app.users TO evenkeel_signin;
CREATE POLICY sign_up ON app.users FOR INSERT TO evenkeel_signin WITH CHECK (id = app.current_user_id());
GRANT INSERT (id) ON app.users TO evenkeel_signin;
DO $$
DECLARE
  signed_up text;
BEGIN
  FOREACH signed_up IN ARRAY ARRAY['auth_identity_keys', 'auth_identities', 'profiles', 'conversations'] LOOP
    EXECUTE format('CREATE POLICY sign_up ON app.%I FOR INSERT TO evenkeel_signin WITH CHECK (user_id = app.current_user_id())', signed_up);
    EXECUTE format('GRANT INSERT ON app.%I TO evenkeel_signin', signed_up);
  END LOOP;
  FOREACH signed_up IN ARRAY ARRAY['auth_identities', 'profiles', 'conversations'] LOOP
    EXECUTE format('CREATE POLICY signed_up ON app.%I FOR SELECT TO evenkeel_signin USING (user_id = app.current_user_id())', signed_up);
  END LOOP;
END $$;
GRANT SELECT (id, user_id, provider, provider_id) ON app.auth_identities TO evenkeel_signin;
GRANT SELECT (id, user_id) ON app.profiles TO evenkeel_signin;
GRANT SELECT (id, user_id, status) ON app.conversations TO evenkeel_signin;

-- dispatcher: what is due, for whom; never what it says
CREATE POLICY queue ON app.inbox FOR SELECT TO evenkeel_dispatcher USING (true);
CREATE POLICY queue ON app.outbox FOR SELECT TO evenkeel_dispatcher USING (true);
CREATE POLICY queue ON app.escalations FOR SELECT TO evenkeel_dispatcher USING (true);
CREATE POLICY queue ON app.conversations FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (user_id, key, conversation_id, message_id, kind, received_at, done_at) ON app.inbox TO evenkeel_dispatcher;
GRANT SELECT (id, user_id, conversation_id, seq, message_id, class, platform, state, attempts, due_at, lease_until, sent_at, created_at)
  ON app.outbox TO evenkeel_dispatcher;
GRANT SELECT ON app.escalations TO evenkeel_dispatcher;
GRANT SELECT (user_id, id, lease_until) ON app.conversations TO evenkeel_dispatcher;

-- counselor: who needs a human, not what they said
CREATE POLICY staff_read ON app.escalations FOR SELECT TO evenkeel_counselor USING (true);
CREATE POLICY staff_read ON app.crisis_flags FOR SELECT TO evenkeel_counselor USING (true);
CREATE POLICY staff_read ON app.safety_events FOR SELECT TO evenkeel_counselor USING (true);
GRANT SELECT ON app.escalations, app.crisis_flags TO evenkeel_counselor;
GRANT SELECT (id, user_id, conversation_id, message_id, message_created_at, source, event_type, severity, reviewed, created_at)
  ON app.safety_events TO evenkeel_counselor;

-- auditor
CREATE POLICY staff_read ON app.audit_logs FOR SELECT TO evenkeel_auditor USING (true);
GRANT SELECT ON app.audit_logs TO evenkeel_auditor;

-- functions: everybody may ask who is acting; only the owner and the clock make partitions
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.current_user_id(), app.uuid7_ts(uuid), app.raise_fenced()
  TO evenkeel_worker, evenkeel_signin, evenkeel_dispatcher, evenkeel_counselor, evenkeel_auditor;
GRANT EXECUTE ON FUNCTION app.make_partitions_ahead(int) TO evenkeel_dispatcher;

-- so that a start can tell whether the schema is current
GRANT SELECT ON app.alembic_version TO evenkeel_worker, evenkeel_signin, evenkeel_dispatcher, evenkeel_counselor, evenkeel_auditor;
