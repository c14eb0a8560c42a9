ALTER TABLE app.audit_heads ADD CONSTRAINT fk_audit_heads_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.erasures ADD CONSTRAINT fk_erasures_users FOREIGN KEY (user_id) REFERENCES app.users (id);

ALTER TABLE app.audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.audit_heads FORCE ROW LEVEL SECURITY;
ALTER TABLE app.erasures ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.erasures FORCE ROW LEVEL SECURITY;

-- worker: nobody deletes the end of a chain, nor the proof of an erasure
CREATE POLICY own_rows ON app.audit_heads TO evenkeel_worker
  USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
GRANT SELECT, INSERT, UPDATE ON app.audit_heads TO evenkeel_worker;
CREATE POLICY own_rows ON app.erasures TO evenkeel_worker
  USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());
GRANT SELECT, INSERT, UPDATE ON app.erasures TO evenkeel_worker;
GRANT SELECT, INSERT, DELETE ON app.spent_keys TO evenkeel_worker;

-- sign-in: whether an update comes again of somebody erased
GRANT SELECT ON app.spent_keys TO evenkeel_signin;

-- dispatcher: whose rows are old enough to go, and who is to be erased; still no content
CREATE POLICY queue ON app.erasures FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (user_id, reason, requested_at, erased_at, told_at, lease_until) ON app.erasures TO evenkeel_dispatcher;
CREATE POLICY queue ON app.audit_heads FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (user_id) ON app.audit_heads TO evenkeel_dispatcher;
CREATE POLICY queue ON app.users FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (id, is_active, created_at) ON app.users TO evenkeel_dispatcher;
CREATE POLICY queue ON app.consents FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (id, user_id, consent_type, granted, expires_at, created_at) ON app.consents TO evenkeel_dispatcher;
CREATE POLICY queue ON app.ai_runs FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (user_id, message_created_at, created_at) ON app.ai_runs TO evenkeel_dispatcher;
CREATE POLICY queue ON app.safety_events FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (id, user_id, message_created_at, created_at) ON app.safety_events TO evenkeel_dispatcher;
CREATE POLICY queue ON app.crisis_flags FOR SELECT TO evenkeel_dispatcher USING (true);
GRANT SELECT (id, user_id, safety_event_id, resolved, resolved_at, created_at) ON app.crisis_flags TO evenkeel_dispatcher;

-- auditor
CREATE POLICY staff_read ON app.audit_heads FOR SELECT TO evenkeel_auditor USING (true);
GRANT SELECT ON app.audit_heads TO evenkeel_auditor;
CREATE POLICY staff_read ON app.erasures FOR SELECT TO evenkeel_auditor USING (true);
GRANT SELECT (user_id, reason, receipt, requested_at, erased_at, told_at) ON app.erasures TO evenkeel_auditor;
