"""One row of every table that belongs to a person, for tests that walk the schema."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import uuid_utils.compat
from psycopg import sql
from psycopg.rows import TupleRow

from storage.tables.registry import all_tables

SEALED = b"sealed"


def tables_of_persons() -> list[str]:
    """Names of the tables that hold persons' rows, `users` among them."""
    tables = all_tables().tables.values()
    return sorted(t.name for t in tables if t.name == "users" or "user_id" in t.columns)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A person whose rows all have the same id."""

    id: UUID = field(default_factory=uuid_utils.compat.uuid7)
    form_id: UUID = field(default_factory=uuid_utils.compat.uuid7)

    def rows(self) -> dict[str, dict[str, Any]]:
        """Every row by its table, in an order that foreign keys accept. Times that a partition
        or a check asks for are left to SQL: see `insert`."""
        own = {"id": self.id, "user_id": self.id}
        talk = own | {"conversation_id": self.id}
        identity = {"provider": "console", "provider_id": self.id.bytes, "user_id": self.id}
        alarm = {"flag_type": "suicide", "priority": "urgent"}
        return {
            "users": {"id": self.id, "email": self.id.bytes},
            "auth_identity_keys": identity,
            "auth_identities": identity | {"id": self.id, "provider_data": SEALED},
            "consents": own
            | {"consent_type": "service", "version": 1, "consent_text": "?", "granted": True},
            "profiles": own | {"display_name": SEALED},
            "conversations": own | {"state": SEALED},
            "messages": talk | {"role": "user", "content": SEALED},
            "ai_runs": talk | {"message_id": self.id, "model_name": "m", "prompt_data": SEALED},
            "safety_events": talk
            | {"message_id": self.id, "source": "text", "event_type": "suicide"}
            | {"severity": "high", "event_data": SEALED},
            "crisis_flags": own | alarm | {"safety_event_id": self.id},
            "escalations": own | alarm | {"flag_id": self.id, "alias": "quiet-river"},
            "assessment_attempts": own | {"form_id": self.form_id, "responses": SEALED},
            "assessment_scores": own
            | {"attempt_id": self.id, "score_type": "total", "score_value": 3},
            "mood_entries": own | {"mood_score": 5, "context_data": SEALED},
            "journal_entries": own | {"content": SEALED},
            "goals": own | {"title": SEALED},
            "recommendations": own | {"recommendation_type": "exercise", "content": SEALED},
            "audit_logs": own
            | {"action": "read", "resource_type": "profiles", "seq": 1, "mac": SEALED},
            "audit_heads": {"user_id": self.id, "seq": 1, "mac": SEALED},
            "erasures": {"user_id": self.id, "reason": "asked", "address": SEALED},
            "inbox": {"user_id": self.id, "key": self.id.bytes, "conversation_id": self.id}
            | {"message_id": self.id, "kind": "said", "entry": SEALED},
            "outbox": talk
            | {"seq": 1, "class": "normal", "platform": "console", "payload": SEALED},
        }


_TIMES = {
    "messages": ("created_at", sql.SQL("app.uuid7_ts({})")),
    "mood_entries": ("entry_timestamp", sql.SQL("app.uuid7_ts({})")),
    "journal_entries": ("entry_date", sql.SQL("app.uuid7_ts({})")),
    "audit_logs": ("created_at", sql.SQL("app.uuid7_ts({})")),
}


def insert(
    connection: psycopg.Connection[TupleRow], table: str, row: dict[str, Any], ending: str = ""
) -> psycopg.Cursor[TupleRow]:
    """`ending` is SQL that follows the VALUES."""
    columns = [sql.Identifier(name) for name in row]
    values: list[sql.Composable] = [sql.Placeholder(name) for name in row]
    if table in _TIMES:
        column, made_from = _TIMES[table]
        columns.append(sql.Identifier(column))
        values.append(made_from.format(sql.Literal(row["id"])))
    statement = sql.SQL("INSERT INTO app.{} ({}) VALUES ({}) {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join(values),
        sql.SQL(ending),
    )
    return connection.execute(statement, row)


def insert_all(connection: psycopg.Connection[TupleRow], example: Example) -> None:
    """As an administrator; also the form that the example's attempt refers to."""
    form = example.form_id
    insert(connection, "assessments", {"id": form, "name": str(form)})
    insert(
        connection,
        "assessment_forms",
        {"id": form, "assessment_id": form, "version": 1, "title": "A form"},
    )
    for table, row in example.rows().items():
        insert(connection, table, row)
