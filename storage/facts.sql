-- A person's own recent records, newest first.

-- name: moods
SELECT id, mood_score, context_data, entry_timestamp FROM app.mood_entries
WHERE user_id = %(user_id)s ORDER BY entry_timestamp DESC, id DESC LIMIT 30

-- name: scores
SELECT s.attempt_id, a.form_id, s.score_type, trim_scale(s.score_value), s.score_data ->> 'band',
       s.calculated_at
FROM app.assessment_scores s
JOIN app.assessment_attempts a ON a.user_id = %(user_id)s AND a.id = s.attempt_id
WHERE s.user_id = %(user_id)s AND a.status = 'completed'
ORDER BY s.calculated_at DESC, s.id DESC LIMIT 30

-- name: journal
SELECT id, content, originals, entry_date FROM app.journal_entries
WHERE user_id = %(user_id)s ORDER BY entry_date DESC, id DESC LIMIT 30

-- name: messages
-- Notes of the system are no part of what was said.
SELECT id, role, content, created_at FROM app.messages
WHERE user_id = %(user_id)s AND conversation_id = %(conversation_id)s
  AND role IN ('user', 'assistant')
ORDER BY created_at DESC, id DESC LIMIT 20
