"""Random reads and writes across people, as every role, on every table: none gets anywhere.

Each attack runs in a transaction of an administrator who took the role; afterwards the rows of
everybody but the person acted for are compared, past row security, and all is rolled back.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from psycopg.rows import TupleRow
from sqlalchemy import LargeBinary

from storage.row_security import ACT_FOR, SYSTEM_USER, Role
from storage.tables.registry import all_tables
from tests.databases import Cluster
from tests.integration.attacks import (
    CONDITIONS,
    ENDINGS,
    READS,
    WRITES,
    Attack,
    attacks,
    person_column,
)
from tests.integration.grants import GRANTS, READ_OF_EVERYBODY
from tests.one_of_each import Example, insert, insert_all, tables_of_persons

Admin = psycopg.Connection[TupleRow]
Rows = list[tuple[Any, ...]]

ANA, BEN, EVA = Example(), Example(), Example()
OTHERS = (BEN.id, EVA.id, SYSTEM_USER)
NOBODY = UUID(int=1)
NUMBERS = itertools.count()
NOT_ATTACKS = (
    psycopg.errors.SyntaxError,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.AmbiguousColumn,
    psycopg.errors.DatatypeMismatch,
)
"""An attack that fails for one of these reasons tried nothing."""


@pytest.fixture(scope="module")
def admin(cluster: Cluster, template: str) -> Iterator[Admin]:
    """A database with everything of three people, whose sealed bytes tell whose they are."""
    with cluster.clone(template) as name:
        generic = "-c plan_cache_mode=force_generic_plan"
        with psycopg.connect(cluster.admin_url(name), options=generic) as connection:
            for person in (ANA, BEN, EVA):
                insert_all(connection, person)
            for table in all_tables().tables.values():
                for column in table.columns if table.name in tables_of_persons() else ():
                    if isinstance(column.type, LargeBinary):
                        mark(connection, table.name, column.name)
            connection.commit()
            yield connection
            connection.rollback()


def mark(admin: Admin, table: str, column: str) -> None:
    person = person_column(table)
    admin.execute(
        f'UPDATE app.{table} SET "{column}" = uuid_send({person})'
        f' WHERE "{column}" IS NOT NULL AND {person} <> %s'.encode(),
        (SYSTEM_USER,),
    )


@pytest.fixture(scope="module")
def parts(admin: Admin) -> dict[str, str]:
    """A partition of each table that holds a row of BEN's; a table that is whole is its own."""
    found = {}
    for table in tables_of_persons():
        person = person_column(table)
        [[name]] = admin.execute(
            f"SELECT tableoid::regclass::text FROM app.{table} WHERE {person} = %s".encode(),
            (BEN.id,),
        ).fetchall()
        found[table] = name.removeprefix("app.")
    return found


@pytest.fixture(scope="module")
def before(admin: Admin) -> dict[UUID, Rows]:
    return {actor: of_others(admin, actor) for actor in (ANA.id, NOBODY)}


def of_others(admin: Admin, actor: UUID) -> Rows:
    """A digest of every row that is not the actor's, by table."""
    each = (
        f"SELECT '{table}', count(*), md5(string_agg(a::text, ',' ORDER BY a::text))"
        f" FROM app.{table} a WHERE {person_column(table)} <> %(actor)s"
        for table in tables_of_persons()
    )
    return admin.execute(" UNION ALL ".join(each).encode(), {"actor": actor}).fetchall()


def act(admin: Admin, attack: Attack) -> None:
    contexts = {"mine": str(ANA.id), "nobody": "", "nonsense": "' OR true --"}
    admin.execute("SELECT set_config('app.user_id', %s, true)", (contexts[attack.context],))


def attempt(admin: Admin, attack: Attack, part: str) -> tuple[set[str], list[Any]]:
    """Names and rows of what came back."""
    statement = attack.statement(ANA.id, BEN.id, part)
    if attack.spoofed:
        return fetched(insert(admin, attack.table, attack.row(ANA, BEN), statement))
    if attack.how == "copy":
        with admin.cursor().copy(f"COPY ({statement}) TO STDOUT".encode()) as copied:
            return set(attack.selected), [bytes(chunk).decode() for chunk in copied]
    if attack.how == "cursor":
        admin.execute(f"DECLARE reading CURSOR FOR {statement}".encode())
        return fetched(admin.execute("FETCH ALL FROM reading"))
    if attack.how == "prepared":
        name = f"reading_{next(NUMBERS)}"
        admin.execute(f"PREPARE {name} AS {statement}".encode())
        admin.execute(ACT_FOR, (BEN.id,))
        admin.execute(f"EXECUTE {name}".encode())
        act(admin, attack)
        return fetched(admin.execute(f"EXECUTE {name}".encode()))
    return fetched(admin.execute(statement.encode()))


def fetched(cursor: psycopg.Cursor[TupleRow]) -> tuple[set[str], list[Any]]:
    columns = cursor.description or ()
    return {column.name for column in columns}, cursor.fetchall() if columns else []


def mentions(value: Any, people: tuple[UUID, ...]) -> bool:
    """Whether somebody's id, which each of their rows has, is in what came back."""
    if isinstance(value, (list, tuple)):
        return any(mentions(each, people) for each in value)
    words = value.hex() if isinstance(value, bytes) else str(value).replace("-", "")
    return any(person.hex in words for person in people)


def may_be_read(attack: Attack, columns: set[str]) -> bool:
    """Whether the role may see these columns of everybody's rows."""
    if attack.table not in READ_OF_EVERYBODY[attack.role]:
        return False
    listed = f" {GRANTS[attack.role][attack.table]}".partition(" SELECT(")[2]
    return not listed or columns <= set(listed.rstrip(")").split())


def run(admin: Admin, attack: Attack, part: str) -> list[str]:
    """What came back that should not have. Leaves the transaction open."""
    admin.execute(f"SET LOCAL ROLE {attack.role}".encode())
    act(admin, attack)
    others = OTHERS if attack.context == "mine" else (*OTHERS, ANA.id)
    names: set[str] = set()
    rows: list[Any] = []
    try:
        with admin.transaction():
            names, rows = attempt(admin, attack, part)
    except psycopg.Error as exc:
        if isinstance(exc, NOT_ATTACKS):
            raise
    admin.execute("RESET ROLE")
    leaked = mentions(rows, others) and not may_be_read(attack, names)
    return [f"{attack.table} was read"] if leaked else []


def changed(admin: Admin, attack: Attack, before: dict[UUID, Rows]) -> list[str]:
    actor = ANA.id if attack.context == "mine" else NOBODY
    after = of_others(admin, actor)
    return [f"{table} changed" for table, *digest in after if (table, *digest) not in before[actor]]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(attack=attacks())
def test_no_row_of_anybody_else_is_seen_or_changed(
    admin: Admin, parts: dict[str, str], before: dict[UUID, Rows], attack: Attack
) -> None:
    try:
        wrong = run(admin, attack, parts[attack.table])
        assert [*wrong, *changed(admin, attack, before)] == []
    finally:
        admin.rollback()


# ---------------------------------------------------------------- whether the attacks are any good


def worker_attack(table: str, template: str, **more: Any) -> Attack:
    return Attack(role=Role.WORKER, context="mine", table=table, template=template, **more)


def succeeds(
    admin: Admin, parts: dict[str, str], before: dict[UUID, Rows], opened: str, attack: Attack
) -> bool:
    """Whether an attack is noticed to get somewhere once a door was opened to it."""
    try:
        admin.execute(opened.encode())
        return bool(run(admin, attack, parts[attack.table]) or changed(admin, attack, before))
    finally:
        admin.rollback()


@pytest.mark.parametrize("how", ["plain", "prepared", "cursor", "copy"])
def test_reading_a_table_that_was_left_open_is_noticed(
    admin: Admin, parts: dict[str, str], before: dict[UUID, Rows], how: Any
) -> None:
    for table in tables_of_persons():
        attack = worker_attack(table, READS[0], how=how)
        opened = f"ALTER TABLE app.{table} DISABLE ROW LEVEL SECURITY"
        assert succeeds(admin, parts, before, opened, attack), table


def test_every_attack_on_a_table_that_was_left_open_is_noticed(
    admin: Admin, parts: dict[str, str], before: dict[UUID, Rows]
) -> None:
    opened = "; ".join(
        [
            *(f"ALTER TABLE app.{t} DISABLE ROW LEVEL SECURITY" for t in ("goals", "users")),
            f"GRANT ALL ON app.goals, app.{parts['goals']} TO {Role.WORKER}",
        ]
    )
    whole = [*READS, *(write for write in WRITES if not write.startswith("INSERT"))]
    rows = [worker_attack("goals", ending, spoofed="fresh") for ending in ENDINGS]
    for attack in [*(worker_attack("goals", template) for template in whole), *rows]:
        assert succeeds(admin, parts, before, opened, attack), attack


def test_every_condition_reaches_somebody_elses_row(
    admin: Admin, parts: dict[str, str], before: dict[UUID, Rows]
) -> None:
    opened = (
        "ALTER TABLE app.goals DISABLE ROW LEVEL SECURITY;"
        "ALTER TABLE app.users DISABLE ROW LEVEL SECURITY"
    )
    for condition in CONDITIONS:
        attack = worker_attack("goals", READS[0], condition=condition)
        assert succeeds(admin, parts, before, opened, attack), condition
