"""Every statement, as its role, under row security and with generic plans, looks only into the
partitions it needs. Read from EXPLAIN ANALYZE, in a transaction that is rolled back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

import storage
from storage.row_security import ACT_FOR, Role, connect_options
from storage.statements import statements
from storage.wire.pipeline import numbered
from tests.databases import Cluster
from tests.one_of_each import Example, insert_all

Worker = psycopg.Connection[TupleRow]

FILES = sorted(path.stem for path in Path(storage.__file__).parent.glob("*.sql"))
BY_PERSON = "%(user_id)s"

SCANNED = re.compile(r"(?:Seq|Index(?: Only)?|Bitmap Heap) Scan .*?\bon (\w+?)_(h\d+|p\d{6})\b")
VALUES = {
    "uuid": None,
    "uuid[]": "{}",
    "text[]": "{}",
    "bytea[]": "{}",
    "bytea": "\\x00",
    "text": "said",
    "boolean": "false",
    "timestamp with time zone": "now",
    "jsonb": "{}",
    "inet": "::1",
}
"""A value for each type of parameter; NULL of a uuid becomes the person's own."""

NAMED = {
    "epoch": "0",
    "role": "user",
    "reason": "asked",
    "severity": "high",
    "source": "text",
    "priority": "urgent",
    "state": "sent",
}
"""Values that the statements would refuse otherwise, by the parameter's name."""

NEW_MESSAGE = {("hot", "take_in"), ("retention", "add_message")}
NOT_AS_WORKER = {
    ("people", "sign_up"): "the sign-in role's",
    ("kept_cases", "add_person"): "the sign-in role's",
    ("erasure", "delete_auth_identity_keys"): "runs after the identities are gone",
}

MANY_MONTHS = {
    ("audit", "*"): "a chain is read from its checkpoint to its end",
    ("exports", "*"): "everything about a person",
    ("erasure", "*"): "everything about a person",
    ("conversations", "glance"): "a week, which may begin in the last month: see below",
    ("facts", "moods"): "the latest thirty, whenever they were",
    ("facts", "messages"): "the latest twenty, whenever they were",
    ("misread", "earlier"): "a week, which may begin in the last month",
    ("settle", "*"): "after a restore, once",
}
"""Statements that may look into every month, and why."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The partitions that a statement's plan really scanned: `h1`, `202411`, by table."""

    partitions: dict[str, set[str]]

    def remainders(self) -> set[str]:
        return {part for parts in self.partitions.values() for part in parts if part[0] == "h"}

    def months(self, table: str) -> set[str]:
        return self.partitions.get(table, set())


@pytest.fixture(scope="module")
def person() -> Example:
    return Example()


@pytest.fixture(scope="module")
def worker(cluster: Cluster, template: str, person: Example) -> Iterator[Worker]:
    with cluster.clone(template) as name:
        with psycopg.connect(cluster.admin_url(name)) as admin:
            for example in (person, *(Example() for _ in range(20))):
                insert_all(admin, example)
        options = connect_options(Role.WORKER)
        url = cluster.app_url(name)
        with psycopg.connect(url, options=options, autocommit=True) as connection:
            connection.prepare_threshold = None
            yield connection


def looked(worker: Worker, person: Example, file: str, name: str) -> Looked:
    """Where the statement looked when it was run for the person."""
    statement = numbered(statements(file)[name])
    named = dict(NAMED)
    if (file, name) in NEW_MESSAGE:
        named["message_id"] = str(uuid7())
    if file == "kept_cases":
        named["state"] = "open"
    if (file, name) == ("hot", "turn_commit"):
        named["key"] = "\\x" + person.id.hex
    with worker.transaction(force_rollback=True):
        worker.execute("DEALLOCATE ALL")
        worker.execute(ACT_FOR, (person.id,))
        worker.execute(b"PREPARE tried AS " + statement.text)
        plan = worker.execute(_explained(worker, statement.parameters, named, person)).fetchall()
    partitions: dict[str, set[str]] = {}
    for (line,) in plan:
        found = SCANNED.search(line)
        if found and "never executed" not in line:
            partitions.setdefault(found[1], set()).add(found[2])
    return Looked(partitions=partitions)


def _explained(
    worker: Worker, names: tuple[str, ...], named: Mapping[str, str], person: Example
) -> sql.Composed:
    row = worker.execute(
        "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'tried'"
    ).fetchone()
    assert row is not None
    values = [
        sql.Literal(named.get(name) or VALUES.get(type_, "1") or str(person.id))
        for name, type_ in zip(names, row[0], strict=True)
    ]
    given = sql.SQL("({})").format(sql.SQL(", ").join(values)) if values else sql.SQL("")
    return sql.SQL("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) EXECUTE tried") + given


@cache
def statements_for_a_person() -> list[tuple[str, str]]:
    return [
        (file, name)
        for file in FILES
        for name, text in statements(file).items()
        if BY_PERSON in text
    ]


AS_WORKER = [each for each in statements_for_a_person() if each not in NOT_AS_WORKER]


@pytest.mark.parametrize(("file", "name"), AS_WORKER)
def test_a_statement_for_a_person_looks_where_their_rows_are(
    worker: Worker, person: Example, file: str, name: str
) -> None:
    where = looked(worker, person, file, name)
    assert len(where.remainders()) <= 1, where
    if (file, name) not in MANY_MONTHS and (file, "*") not in MANY_MONTHS:
        for table in ("messages", "mood_entries", "audit_logs"):
            assert len(where.months(table)) <= 1, (table, where)


def test_what_screening_wants_to_know_is_found_in_a_week(worker: Worker, person: Example) -> None:
    assert len(looked(worker, person, "conversations", "glance").months("messages")) <= 2


@pytest.mark.parametrize(("file", "name"), [*MANY_MONTHS, *NOT_AS_WORKER])
def test_every_exception_is_of_a_statement_that_there_is(file: str, name: str) -> None:
    assert name == "*" or name in statements(file)


def test_the_two_statements_of_every_message_look_into_one_partition_a_table(
    worker: Worker, person: Example
) -> None:
    for name in ("take_in", "turn_commit"):
        where = looked(worker, person, "hot", name)
        assert "conversations" in where.partitions
        assert {len(parts) for parts in where.partitions.values()} == {1}


def test_a_query_without_the_person_is_seen_to_look_everywhere(
    worker: Worker, person: Example
) -> None:
    """The reading of plans itself: row security names the person, so the plan must not prune by
    the statement alone."""
    with worker.transaction(force_rollback=True):
        worker.execute(ACT_FOR, (person.id,))
        lines = worker.execute("EXPLAIN (ANALYZE, COSTS OFF) SELECT FROM app.messages").fetchall()
    scanned = {found[2] for (line,) in lines if (found := SCANNED.search(line))}
    assert len(scanned) == 5
