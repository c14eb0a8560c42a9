-- Everything about one person, table by table, in the order of time; read through cursors of one
-- snapshot. Each statement names its columns: what is left out is listed in export_tables.py.

-- name: person
SELECT (SELECT preferences FROM app.profiles WHERE user_id = %(user_id)s) AS preferences
FROM app.users u WHERE u.id = %(user_id)s

-- name: last_asked
-- What the person themselves had lately, newest first.
SELECT resource_id, created_at FROM app.audit_logs
WHERE user_id = %(user_id)s AND actor_id = %(user_id)s AND action = 'exported'
  AND created_at > now() - make_interval(secs => %(seconds)s)
ORDER BY created_at DESC, id DESC

-- name: users
SELECT id, email, username, is_active, created_at, updated_at
FROM app.users WHERE id = %(user_id)s

-- name: profiles
SELECT id, display_name, bio, preferences, metadata, created_at, updated_at
FROM app.profiles WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: auth_identities
SELECT id, provider, provider_id, provider_data, created_at
FROM app.auth_identities WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: consents
SELECT id, consent_type, version, consent_text, granted, granted_at, expires_at, created_at
FROM app.consents WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: flag_assignments
SELECT a.id, f.name AS feature, f.description, a.is_enabled, a.override_value, a.created_at,
       a.updated_at
FROM app.flag_assignments a JOIN app.feature_flags f ON f.id = a.flag_id
WHERE a.target_type = 'user' AND a.target_id = %(user_id)s ORDER BY a.created_at, a.id

-- name: conversations
SELECT id, title, status, state, metadata, started_at, last_activity, created_at, updated_at
FROM app.conversations WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: messages
SELECT id, conversation_id, role, content, originals, metadata, created_at
FROM app.messages WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: journal_entries
SELECT id, entry_date, title, content, originals, mood_data, tags, is_private, created_at,
       updated_at
FROM app.journal_entries WHERE user_id = %(user_id)s ORDER BY entry_date, id

-- name: mood_entries
SELECT id, entry_timestamp, mood_score, mood_label, context_data, created_at
FROM app.mood_entries WHERE user_id = %(user_id)s ORDER BY entry_timestamp, id

-- name: assessment_attempts
SELECT t.id, t.form_id, a.name AS assessment, f.title, f.version, t.status, t.responses,
       t.started_at, t.completed_at, t.created_at, t.updated_at,
       (SELECT jsonb_agg(jsonb_build_object('key', i.validation_rules ->> 'key',
                                            'text', i.question_text, 'options', i.options)
                         ORDER BY i.order_index)
        FROM app.assessment_items i WHERE i.form_id = t.form_id) AS items
FROM app.assessment_attempts t
JOIN app.assessment_forms f ON f.id = t.form_id
JOIN app.assessments a ON a.id = f.assessment_id
WHERE t.user_id = %(user_id)s ORDER BY t.created_at, t.id

-- name: assessment_scores
SELECT s.id, s.attempt_id, a.name AS assessment, s.score_type,
       trim_scale(s.score_value) AS score_value, s.score_data, s.interpretation, s.calculated_at,
       s.created_at
FROM app.assessment_scores s
JOIN app.assessment_attempts t ON t.user_id = %(user_id)s AND t.id = s.attempt_id
JOIN app.assessment_forms f ON f.id = t.form_id
JOIN app.assessments a ON a.id = f.assessment_id
WHERE s.user_id = %(user_id)s ORDER BY s.calculated_at, s.id

-- name: goals
SELECT id, title, description, category, status, target_date, progress_data, created_at, updated_at
FROM app.goals WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: recommendations
SELECT id, recommendation_type, content, metadata, status, delivered_at, created_at
FROM app.recommendations WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: safety_events
SELECT id, conversation_id, message_id, source, event_type, severity, event_data, reviewed,
       created_at
FROM app.safety_events WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: crisis_flags
SELECT id, safety_event_id, flag_type, priority, resolved, resolved_at, created_at
FROM app.crisis_flags WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: escalations
SELECT id, flag_id, alias, priority, flag_type, level, state, alerted_at, created_at
FROM app.escalations WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: ai_runs
SELECT id, conversation_id, message_id, model_name, prompt_name, prompt_version, prompt_data,
       response_data, finish_reason, error, trim_scale(tokens_used) AS tokens_used,
       trim_scale(response_time) AS response_time, created_at
FROM app.ai_runs WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: inbox
SELECT message_id, conversation_id, kind, entry, received_at, done_at
FROM app.inbox WHERE user_id = %(user_id)s ORDER BY received_at, message_id

-- name: outbox
SELECT id, conversation_id, seq, message_id, class, platform, payload, state, platform_ref,
       sent_at, created_at
FROM app.outbox WHERE user_id = %(user_id)s ORDER BY created_at, seq, id

-- name: audit_logs
-- Where somebody else did it, who that was and from where is theirs.
SELECT id, seq, CASE WHEN actor_id = user_id THEN 'you' WHEN actor_id IS NULL THEN 'evenkeel'
                     ELSE 'staff' END AS actor,
       action, resource_type, resource_id, old_values, new_values,
       CASE WHEN actor_id = user_id THEN host(ip_address) END AS ip_address,
       CASE WHEN actor_id = user_id THEN user_agent END AS user_agent, created_at
FROM app.audit_logs WHERE user_id = %(user_id)s ORDER BY created_at, id

-- name: erasures
SELECT reason, locale, receipt, requested_at, erased_at, told_at
FROM app.erasures WHERE user_id = %(user_id)s
