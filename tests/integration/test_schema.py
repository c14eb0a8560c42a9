"""The migrated database and the models say the same, and both keep the rules of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow

from storage.migrate import TABLES
from storage.schema_check import PARTITION, differences
from storage.tables.registry import all_tables
from tests.databases import Cluster

CUT_BY_MONTH = {"messages", "mood_entries", "audit_logs"}
ASKED_FOR = {
    *("users", "auth_identities", "consents", "profiles"),
    *("assessments", "assessment_forms", "assessment_items"),
    *("assessment_attempts", "assessment_scores"),
    *("conversations", "messages", "ai_runs"),
    *("safety_events", "crisis_flags", "recommendations", "goals"),
    *("journal_entries", "mood_entries", "feature_flags", "flag_assignments", "audit_logs"),
}
OUR_OWN = {
    *("auth_identity_keys", "inbox", "outbox", "escalations"),
    *("audit_heads", "erasures", "spent_keys"),
}

Administrator = psycopg.Connection[TupleRow]


@pytest.fixture(scope="module")
def schema(cluster: Cluster, template: str) -> Iterator[str]:
    """A migrated database. What a test writes to it is rolled back."""
    with cluster.clone(template) as name:
        yield cluster.admin_url(name)


@pytest.fixture
def admin(schema: str) -> Iterator[Administrator]:
    with psycopg.connect(schema) as connection:
        yield connection
        connection.rollback()


def _rows(connection: Administrator, query: str) -> list[TupleRow]:
    return connection.execute(query.encode()).fetchall()


def test_models_and_migrations_describe_the_same_tables(schema: str) -> None:
    assert differences(schema) == []
    assert {table.name for table in all_tables().tables.values()} == TABLES


def test_constraints_and_indexes_are_those_of_the_models(admin: Administrator) -> None:
    in_models = set()
    for table in all_tables().tables.values():
        in_models |= {(table.name, str(c.name)) for c in table.constraints}
        in_models |= {(table.name, str(i.name)) for i in table.indexes}
    in_database = {
        (table, name)
        for table, name in _rows(
            admin,
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE connamespace = 'app'::regnamespace AND contype <> 'n' AND conparentid = 0"
            " UNION SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index"
            " JOIN pg_class ON pg_class.oid = indrelid"
            " WHERE relnamespace = 'app'::regnamespace AND NOT relispartition",
        )
    }
    ours = {
        (table.removeprefix("app."), name.removeprefix("app."))
        for table, name in in_database
        if not PARTITION.search(table) and table != "app.alembic_version"
    }
    assert ours == in_models


def test_every_table_that_was_asked_for_is_there() -> None:
    assert {table.name for table in all_tables().tables.values()} == ASKED_FOR | OUR_OWN


@pytest.mark.parametrize(
    ("index", "columns"),
    [
        ("idx_mood_entries_user_timestamp", "user_id, entry_timestamp"),
        ("idx_messages_conversation_created", "user_id, conversation_id, created_at"),
        ("idx_audit_logs_user_created", "user_id, created_at"),
    ],
)
def test_named_indexes_begin_with_the_person(
    admin: Administrator, index: str, columns: str
) -> None:
    [[definition]] = _rows(admin, f"SELECT pg_get_indexdef('app.{index}'::regclass)")
    assert definition.endswith(f"({columns})")


def test_every_foreign_key_has_an_index_that_begins_with_its_columns(admin: Administrator) -> None:
    without = _rows(
        admin,
        "SELECT conrelid::regclass, conname FROM pg_constraint c"
        " WHERE connamespace = 'app'::regnamespace AND contype = 'f' AND NOT EXISTS ("
        "   SELECT FROM pg_index i WHERE i.indrelid = c.conrelid"
        "   AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)",
    )
    assert without == []


def test_a_person_is_part_of_every_key_of_their_rows() -> None:
    for table in all_tables().tables.values():
        if "user_id" not in table.columns or table.name == "auth_identity_keys":
            continue
        assert "user_id" in table.primary_key.columns, table.name
        for key in table.foreign_key_constraints:
            to_shared = key.referred_table.name in {"users", "assessment_forms"}
            assert to_shared or "user_id" in key.columns, key.name


def test_no_trigger_of_ours_runs(admin: Administrator) -> None:
    assert _rows(admin, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []


def test_the_system_has_a_user_of_its_own(admin: Administrator) -> None:
    assert _rows(admin, "SELECT id FROM app.users") == [(UUID(int=0),)]


def test_person_scoped_tables_are_cut_by_person_or_by_month(admin: Administrator) -> None:
    cut: dict[str, str] = dict(
        _rows(
            admin,
            "SELECT relname, partstrat FROM pg_partitioned_table JOIN pg_class ON oid = partrelid",
        )
    )
    expected = {
        table.name: "r" if table.name in CUT_BY_MONTH else "h"
        for table in all_tables().tables.values()
        if "user_id" in table.columns and table.name != "auth_identity_keys"
    }
    assert cut == expected


PERSON = "0190a000-0000-7000-8000-000000000001"
CONVERSATION = "0190a000-0000-7000-8000-000000000002"


@pytest.fixture
def conversation(admin: Administrator) -> None:
    admin.execute(f"INSERT INTO app.users (id) VALUES ('{PERSON}')".encode())
    _converse(admin, CONVERSATION)


def _converse(admin: Administrator, conversation_id: str, status: str = "active") -> None:
    admin.execute(
        "INSERT INTO app.conversations (user_id, id, status) VALUES (%s, %s, %s)",
        (PERSON, conversation_id, status),
    )


@pytest.mark.usefixtures("conversation")
def test_a_person_has_one_active_conversation_and_many_past_ones(admin: Administrator) -> None:
    _converse(admin, "0190a000-0000-7000-8000-000000000003", "completed")
    _converse(admin, "0190a000-0000-7000-8000-000000000004", "archived")
    with pytest.raises(psycopg.errors.UniqueViolation):
        _converse(admin, "0190a000-0000-7000-8000-000000000005")


@pytest.mark.usefixtures("conversation")
def test_a_message_is_dated_by_its_id_and_by_nothing_else(admin: Administrator) -> None:
    insert = (
        "INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)"
        " SELECT id, %(user)s, %(conversation)s, 'user', 'x', app.uuid7_ts(id) + %(late)s::interval"
        " FROM (SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0')"
        " || '7abc8000000000000001')::uuid) AS made (id)"
    )
    values = {"user": PERSON, "conversation": CONVERSATION}
    with pytest.raises(psycopg.errors.CheckViolation), admin.transaction():
        admin.execute(insert, values | {"late": "1 ms"})
    admin.execute(insert, values | {"late": "0"})
    [[age]] = _rows(admin, "SELECT now() - created_at < interval '1 minute' FROM app.messages")
    assert age


def test_the_time_inside_an_id_is_exact_to_the_millisecond(admin: Administrator) -> None:
    [[at]] = _rows(admin, "SELECT app.uuid7_ts('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')")
    assert at == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)  # the example of RFC 9562


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO app.mood_entries (id, user_id, mood_score, entry_timestamp)"
        " VALUES (gen_random_uuid(), '{person}', 11, now())",
        "INSERT INTO app.mood_entries (id, user_id, mood_score, mood_label, entry_timestamp)"
        " VALUES (gen_random_uuid(), '{person}', 5, 'Words of a person', now())",
        "INSERT INTO app.conversations (id, user_id, status)"
        " VALUES (gen_random_uuid(), '{person}', 'lost')",
        "INSERT INTO app.goals (id, user_id, title, status)"
        " VALUES (gen_random_uuid(), '{person}', 'x', 'lost')",
    ],
)
@pytest.mark.usefixtures("conversation")
def test_values_outside_a_closed_vocabulary_are_refused(
    admin: Administrator, statement: str
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute(statement.format(person=PERSON).encode())
