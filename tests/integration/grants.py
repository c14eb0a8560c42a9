"""What each role may do, table by table: a new grant needs a line here that somebody reads.

A verb stands for every column of its table unless columns follow it.
"""

from __future__ import annotations

from storage.row_security import LOGIN, Role

EVERYTHING = "DELETE INSERT SELECT UPDATE"
SCHEMA_VERSION = {"alembic_version": "SELECT"}

GRANTS: dict[str, dict[str, str]] = {
    Role.WORKER: SCHEMA_VERSION
    | {
        "ai_runs": EVERYTHING,
        "assessment_attempts": EVERYTHING,
        "assessment_scores": EVERYTHING,
        "auth_identities": EVERYTHING,
        "consents": EVERYTHING,
        "conversations": EVERYTHING,
        "crisis_flags": EVERYTHING,
        "escalations": EVERYTHING,
        "goals": EVERYTHING,
        "inbox": EVERYTHING,
        "journal_entries": EVERYTHING,
        "messages": EVERYTHING,
        "mood_entries": EVERYTHING,
        "outbox": EVERYTHING,
        "profiles": EVERYTHING,
        "recommendations": EVERYTHING,
        "safety_events": EVERYTHING,
        # an identity is made or given up, never another's
        "auth_identity_keys": "DELETE INSERT SELECT",
        # made by sign-in
        "users": "DELETE SELECT UPDATE",
        # what proves something is added to, and stays
        "audit_logs": "INSERT SELECT",
        "audit_heads": "INSERT SELECT UPDATE",
        "erasures": "INSERT SELECT UPDATE",
        # belongs to nobody
        "assessments": "SELECT",
        "assessment_forms": "SELECT",
        "assessment_items": "SELECT",
        "feature_flags": "SELECT",
        "flag_assignments": "DELETE SELECT",
        "spent_keys": "DELETE INSERT SELECT",
    },
    Role.SIGN_IN: SCHEMA_VERSION
    | {
        "auth_identities": "INSERT SELECT(id user_id provider provider_id)",
        "auth_identity_keys": "INSERT SELECT",
        "conversations": "INSERT SELECT(id user_id status)",
        "profiles": "INSERT SELECT(id user_id)",
        "spent_keys": "SELECT",
        "users": "INSERT(id) SELECT(id is_active)",
    },
    Role.DISPATCHER: SCHEMA_VERSION
    | {
        "ai_runs": "SELECT(user_id message_created_at created_at)",
        "audit_heads": "SELECT(user_id)",
        "consents": "SELECT(id user_id consent_type granted expires_at created_at)",
        "conversations": "SELECT(id user_id lease_until)",
        "crisis_flags": "SELECT(id user_id safety_event_id resolved resolved_at created_at)",
        "erasures": "SELECT(user_id reason requested_at erased_at told_at lease_until)",
        "escalations": "SELECT",
        "inbox": "SELECT(user_id key conversation_id message_id kind received_at done_at)",
        "outbox": "SELECT(id user_id conversation_id seq message_id class platform state attempts"
        " due_at lease_until sent_at created_at)",
        "safety_events": "SELECT(id user_id message_created_at created_at)",
        "users": "SELECT(id is_active created_at)",
    },
    Role.COUNSELOR: SCHEMA_VERSION
    | {
        "crisis_flags": "SELECT",
        "escalations": "SELECT",
        "safety_events": "SELECT(id user_id conversation_id message_id message_created_at source"
        " event_type severity reviewed created_at)",
    },
    Role.AUDITOR: SCHEMA_VERSION
    | {
        "audit_heads": "SELECT",
        "audit_logs": "SELECT",
        "erasures": "SELECT(user_id reason receipt requested_at erased_at told_at)",
    },
}
"""The owner has what an owner has; the login has nothing before it takes a role."""

READ_OF_EVERYBODY: dict[str, set[str]] = {
    Role.OWNER: set(),
    Role.WORKER: set(),
    Role.SIGN_IN: {"auth_identity_keys", "users"},
    Role.DISPATCHER: set(GRANTS[Role.DISPATCHER]) - {"alembic_version"},
    Role.COUNSELOR: set(GRANTS[Role.COUNSELOR]) - {"alembic_version"},
    Role.AUDITOR: set(GRANTS[Role.AUDITOR]) - {"alembic_version"},
    LOGIN: set(),
}
"""Tables in which a role sees more than the rows of the person it acts for: as much of them as
is granted above."""

EVERYBODY = {role for role in Role if role != Role.OWNER}
EXECUTES: dict[str, set[Role]] = {
    "current_user_id": EVERYBODY,
    "raise_fenced": EVERYBODY,
    "uuid7_ts": EVERYBODY,
    "drop_month": {Role.DISPATCHER},
    "make_partitions_ahead": {Role.DISPATCHER},
    "months_before": {Role.DISPATCHER},
}

OF_NOBODY = {
    "alembic_version": "one row: the version of the schema",
    "assessments": "instruments, the same for everybody",
    "assessment_forms": "versions of instruments",
    "assessment_items": "questions of instruments",
    "feature_flags": "switches of the deployment",
    "spent_keys": "keyed hashes of erased people's updates, for two days; nothing leads back",
}
"""Tables without row security, each with the reason why it needs none."""

PARTLY_OF_PERSONS = {"flag_assignments"}
"""Tables with row security in which some rows name a person and the others belong to nobody; each
has tests of its own."""
