-- After the tables were placed (partitions here, shards on Citus), and always named.
ALTER TABLE app.auth_identity_keys ADD CONSTRAINT fk_auth_identity_keys_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.assessment_forms ADD CONSTRAINT fk_assessment_forms_assessments FOREIGN KEY (assessment_id) REFERENCES app.assessments (id);
ALTER TABLE app.assessment_items ADD CONSTRAINT fk_assessment_items_assessment_forms FOREIGN KEY (form_id) REFERENCES app.assessment_forms (id);
ALTER TABLE app.flag_assignments ADD CONSTRAINT fk_flag_assignments_feature_flags FOREIGN KEY (flag_id) REFERENCES app.feature_flags (id) ON DELETE CASCADE;

ALTER TABLE app.auth_identities ADD CONSTRAINT fk_auth_identities_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.auth_identities ADD CONSTRAINT fk_auth_identities_auth_identity_keys FOREIGN KEY (provider, provider_id, user_id) REFERENCES app.auth_identity_keys (provider, provider_id, user_id);
ALTER TABLE app.consents ADD CONSTRAINT fk_consents_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.profiles ADD CONSTRAINT fk_profiles_users FOREIGN KEY (user_id) REFERENCES app.users (id);

ALTER TABLE app.conversations ADD CONSTRAINT fk_conversations_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.messages ADD CONSTRAINT fk_messages_conversations FOREIGN KEY (user_id, conversation_id) REFERENCES app.conversations (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.ai_runs ADD CONSTRAINT fk_ai_runs_conversations FOREIGN KEY (user_id, conversation_id) REFERENCES app.conversations (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.ai_runs ADD CONSTRAINT fk_ai_runs_messages FOREIGN KEY (user_id, message_id, message_created_at) REFERENCES app.messages (user_id, id, created_at) ON DELETE CASCADE;

ALTER TABLE app.safety_events ADD CONSTRAINT fk_safety_events_conversations FOREIGN KEY (user_id, conversation_id) REFERENCES app.conversations (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.safety_events ADD CONSTRAINT fk_safety_events_messages FOREIGN KEY (user_id, message_id, message_created_at) REFERENCES app.messages (user_id, id, created_at) ON DELETE CASCADE;
ALTER TABLE app.crisis_flags ADD CONSTRAINT fk_crisis_flags_safety_events FOREIGN KEY (user_id, safety_event_id) REFERENCES app.safety_events (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.crisis_flags ADD CONSTRAINT fk_crisis_flags_users FOREIGN KEY (resolved_by) REFERENCES app.users (id);
ALTER TABLE app.escalations ADD CONSTRAINT fk_escalations_crisis_flags FOREIGN KEY (user_id, flag_id) REFERENCES app.crisis_flags (user_id, id) ON DELETE CASCADE;

ALTER TABLE app.assessment_attempts ADD CONSTRAINT fk_assessment_attempts_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.assessment_attempts ADD CONSTRAINT fk_assessment_attempts_assessment_forms FOREIGN KEY (form_id) REFERENCES app.assessment_forms (id);
ALTER TABLE app.assessment_scores ADD CONSTRAINT fk_assessment_scores_assessment_attempts FOREIGN KEY (user_id, attempt_id) REFERENCES app.assessment_attempts (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.mood_entries ADD CONSTRAINT fk_mood_entries_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.journal_entries ADD CONSTRAINT fk_journal_entries_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.goals ADD CONSTRAINT fk_goals_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.recommendations ADD CONSTRAINT fk_recommendations_users FOREIGN KEY (user_id) REFERENCES app.users (id);
ALTER TABLE app.audit_logs ADD CONSTRAINT fk_audit_logs_users FOREIGN KEY (user_id) REFERENCES app.users (id);

ALTER TABLE app.inbox ADD CONSTRAINT fk_inbox_conversations FOREIGN KEY (user_id, conversation_id) REFERENCES app.conversations (user_id, id) ON DELETE CASCADE;
ALTER TABLE app.outbox ADD CONSTRAINT fk_outbox_conversations FOREIGN KEY (user_id, conversation_id) REFERENCES app.conversations (user_id, id) ON DELETE CASCADE;
