"""Every table that was asked for has its columns, relations and closed vocabularies.

Where it says `sealed`, bytes are asked for that only the person's key opens, or the deployment's
where equal values must be found; `!` is NOT NULL. Columns of ours may come beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from tests.databases import Cluster
from tests.one_of_each import Example, insert, insert_all

COLUMNS = """
users: id uuid!, email sealed, username sealed, is_active boolean!, created_at time!, updated_at
  time!
auth_identities: id uuid!, user_id uuid!, provider text!, provider_id sealed!, provider_data
  sealed, created_at time!
consents: id uuid!, user_id uuid!, consent_type text!, consent_text text!, granted boolean!,
  granted_at time, expires_at time, created_at time!
profiles: id uuid!, user_id uuid!, display_name sealed, bio sealed, preferences jsonb!, metadata
  jsonb!, created_at time!, updated_at time!
assessments: id uuid!, name text!, description text, category text, is_active boolean!, created_at
  time!, updated_at time!
assessment_forms: id uuid!, assessment_id uuid!, version integer!, title text!, instructions text,
  is_active boolean!, created_at time!, updated_at time!
assessment_items: id uuid!, form_id uuid!, order_index integer!, question_type text!,
  question_text text!, options jsonb, validation_rules jsonb, is_required boolean!, created_at
  time!
assessment_attempts: id uuid!, user_id uuid!, form_id uuid!, responses sealed, status text!,
  started_at time, completed_at time, created_at time!, updated_at time!
assessment_scores: id uuid!, user_id uuid!, attempt_id uuid!, score_type text!, score_value
  numeric(10,4)!, score_data jsonb, interpretation sealed, calculated_at time!, created_at time!
conversations: id uuid!, user_id uuid!, title sealed, status text!, started_at time!,
  last_activity time!, metadata jsonb!, created_at time!, updated_at time!
messages: id uuid!, user_id uuid!, conversation_id uuid!, role text!, content sealed!, metadata
  jsonb!, created_at time!
ai_runs: id uuid!, user_id uuid!, conversation_id uuid!, message_id uuid!, model_name text!,
  prompt_data sealed, response_data sealed, tokens_used numeric(12,2), response_time
  numeric(12,4), created_at time!
safety_events: id uuid!, user_id uuid!, conversation_id uuid!, message_id uuid!, event_type text!,
  event_data sealed, severity text!, reviewed boolean!, created_at time!
crisis_flags: id uuid!, user_id uuid!, safety_event_id uuid!, flag_type text!, priority text!,
  resolved boolean!, resolved_by uuid, resolved_at time, created_at time!
recommendations: id uuid!, user_id uuid!, recommendation_type text!, content sealed!, metadata
  jsonb!, status text!, delivered_at time, created_at time!
goals: id uuid!, user_id uuid!, title sealed!, description sealed, category text, status text!,
  target_date date, progress_data jsonb, created_at time!, updated_at time!
journal_entries: id uuid!, user_id uuid!, title sealed, content sealed!, mood_data sealed, tags
  jsonb!, is_private boolean!, entry_date time!, created_at time!, updated_at time!
mood_entries: id uuid!, user_id uuid!, mood_score integer!, mood_label text, context_data sealed,
  entry_timestamp time!, created_at time!
feature_flags: id uuid!, name text!, description text, is_enabled boolean!, conditions jsonb,
  created_at time!, updated_at time!
flag_assignments: id uuid!, flag_id uuid!, target_type text!, target_id uuid, is_enabled boolean!,
  override_value jsonb, created_at time!, updated_at time!
audit_logs: id uuid!, user_id uuid!, actor_id uuid, action text!, resource_type text!, resource_id
  uuid, old_values jsonb, new_values jsonb, ip_address inet, user_agent text, created_at time!
"""

TYPES = {"sealed": "bytea", "time": "timestamp with time zone"}

RELATIONS = """
auth_identities (user_id) users(id)
consents (user_id) users(id)
profiles (user_id) users(id)
assessment_forms (assessment_id) assessments(id)
assessment_items (form_id) assessment_forms(id)
assessment_attempts (user_id) users(id)
assessment_attempts (form_id) assessment_forms(id)
assessment_scores (user_id, attempt_id) assessment_attempts(user_id, id)
conversations (user_id) users(id)
messages (user_id, conversation_id) conversations(user_id, id)
ai_runs (user_id, conversation_id) conversations(user_id, id)
ai_runs (user_id, message_id, message_created_at) messages(user_id, id, created_at)
safety_events (user_id, conversation_id) conversations(user_id, id)
safety_events (user_id, message_id, message_created_at) messages(user_id, id, created_at)
crisis_flags (user_id, safety_event_id) safety_events(user_id, id)
crisis_flags (resolved_by) users(id)
recommendations (user_id) users(id)
goals (user_id) users(id)
journal_entries (user_id) users(id)
mood_entries (user_id) users(id)
flag_assignments (flag_id) feature_flags(id)
audit_logs (user_id) users(id)
"""

VOCABULARIES = {
    "assessment_attempts.status": {"pending", "completed", "expired"},
    "conversations.status": {"active", "completed", "archived"},
    "messages.role": {"user", "assistant", "system"},
    "safety_events.severity": {"low", "medium", "high", "critical"},
    "crisis_flags.priority": {"low", "medium", "high", "urgent"},
    "recommendations.status": {"pending", "delivered", "read", "actioned"},
    "goals.status": {"active", "completed", "paused", "cancelled"},
    "flag_assignments.target_type": {"user", "group", "global"},
}

Admin = psycopg.Connection[TupleRow]


@pytest.fixture(scope="module")
def url(cluster: Cluster, template: str) -> Iterator[str]:
    with cluster.clone(template) as name:
        yield cluster.admin_url(name)


@pytest.fixture
def admin(url: str) -> Iterator[Admin]:
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def asked_for() -> set[tuple[str, str, str, bool]]:
    """Table, column, type, whether NOT NULL."""
    wanted = set()
    for line in re.findall(r"^(\w+): (.*(?:\n  .*)*)", COLUMNS, re.MULTILINE):
        for column in re.split(r",\s+", line[1]):
            name, kind = column.split()
            bare = kind.removesuffix("!")
            wanted.add((line[0], name, TYPES.get(bare, bare), kind != bare))
    return wanted


def test_every_column_that_was_asked_for_is_there(admin: Admin) -> None:
    there = set(
        admin.execute(
            "SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull"
            " FROM pg_attribute JOIN pg_class c ON c.oid = attrelid"
            " WHERE relnamespace = 'app'::regnamespace AND attnum > 0 AND NOT attisdropped"
        ).fetchall()
    )
    assert len(asked_for()) == 175
    assert asked_for() - there == set()


def test_every_relation_that_was_asked_for_is_there(admin: Admin) -> None:
    there = {
        re.sub("app[.]|FOREIGN KEY |REFERENCES | ON DELETE CASCADE", "", definition)
        for [definition] in admin.execute(
            "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'app'::regnamespace AND contype = 'f' AND conparentid = 0"
        )
    }
    assert set(RELATIONS.split("\n")) - {""} - there == set()


@pytest.mark.parametrize("column", sorted(VOCABULARIES))
def test_a_status_is_one_of_those_asked_for(admin: Admin, column: str) -> None:
    table, name = column.split(".")
    [[definition]] = admin.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND conname = %s",
        (f"app.{table}", f"ck_{table}_{name}"),
    ).fetchall()
    assert definition.startswith(f"CHECK (({name} = ANY (")
    assert set(re.findall("'([^']*)'", definition)) == VOCABULARIES[column]


# ---------------------------------------------------------------- the diagram's pairs

ANA = Example()


@pytest.fixture
def of_ana(admin: Admin) -> Admin:
    insert_all(admin, ANA)
    return admin


def test_an_attempt_has_one_total_and_one_of_each_other_score(of_ana: Admin) -> None:
    score = ANA.rows()["assessment_scores"]
    other = Example().id
    insert(of_ana, "assessment_scores", score | {"id": other, "score_type": "inattention"})
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(of_ana, "assessment_scores", score | {"id": Example().id})


def test_an_event_raises_at_most_one_flag_and_a_flag_one_escalation(of_ana: Admin) -> None:
    for table in ("crisis_flags", "escalations"):
        with pytest.raises(psycopg.errors.UniqueViolation), of_ana.transaction():
            insert(of_ana, table, ANA.rows()[table] | {"id": Example().id})


def test_a_person_has_one_profile(of_ana: Admin) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(of_ana, "profiles", ANA.rows()["profiles"] | {"id": Example().id})


def test_an_identity_belongs_to_one_person_in_the_world(of_ana: Admin) -> None:
    ben = Example()
    insert(of_ana, "users", {"id": ben.id})
    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(of_ana, "auth_identity_keys", ANA.rows()["auth_identity_keys"] | {"user_id": ben.id})
