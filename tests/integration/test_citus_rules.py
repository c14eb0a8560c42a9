"""Beyond one machine: tables are placed as Citus wants it, and the SQL keeps its rules.

There is no Citus here: functions of the same names and signatures write down what they are asked.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import TupleRow
from sqlalchemy import select

import storage
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import StorageConfigurationError
from storage.migrate import PLACED_BY_CITUS, TABLES, SchemaState, migrate, schema_state
from storage.placement import SHARED
from storage.statements import statements
from storage.tables.conversations import Message
from storage.tables.registry import all_tables
from tests.databases import Cluster
from tests.integration.stores import Stores, identity

PRETENDED = """
CREATE TABLE public.placed
  (n serial, what text, relation text, by_column text, beside text, keys int);
CREATE FUNCTION public.create_reference_table(table_name regclass) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.placed (what, relation, keys) SELECT 'reference', table_name::text,
    (SELECT count(*) FROM pg_constraint WHERE conrelid = table_name AND contype = 'f') $$;
CREATE FUNCTION public.create_distributed_table(
    table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL)
  RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.placed (what, relation, by_column, beside, keys)
  SELECT 'distributed', table_name::text, distribution_column, colocate_with,
    (SELECT count(*) FROM pg_constraint WHERE conrelid = table_name AND contype = 'f') $$;
GRANT ALL ON public.placed, public.placed_n_seq TO PUBLIC;
"""

OF_PERSONS = TABLES - set(SHARED)


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    with cluster.empty_database() as name:
        yield cluster.admin_url(name)


def test_without_the_extension_nothing_is_made(empty: str) -> None:
    with pytest.raises(StorageConfigurationError, match="CREATE EXTENSION citus"):
        migrate(empty, citus=True)
    assert schema_state(empty) is SchemaState.EMPTY
    migrate(empty, hash_partitions=0)
    assert schema_state(empty) is SchemaState.CURRENT


def test_every_table_is_placed_once_before_it_refers_to_another(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as admin:
        admin.execute(PRETENDED.encode())
        migrate(empty, citus=True)
        placed: list[TupleRow] = admin.execute(
            "SELECT what, relation, by_column, beside, keys FROM public.placed ORDER BY n"
        ).fetchall()
        cut_by_hash = admin.execute("SELECT FROM pg_partitioned_table WHERE partstrat = 'h'")
        assert cut_by_hash.fetchall() == []
    assert sorted(relation for _, relation, *_ in placed) == sorted(
        f"app.{name}" for name in TABLES
    )
    assert {keys for *_, keys in placed} == {0}
    shared = {relation for what, relation, *_ in placed if what == "reference"}
    assert shared == {f"app.{name}" for name in SHARED}
    [first, *others] = [each for each in placed if each[0] == "distributed"]
    assert first[1:4] == ("app.conversations", "user_id", "default")
    assert {each[2:4] for each in others} == {("user_id", "app.conversations")}


def test_shared_tables_are_those_without_a_person_and_the_keys_of_identities() -> None:
    of_persons = {t.name for t in all_tables().tables.values() if "user_id" in t.columns}
    assert of_persons - OF_PERSONS == {"auth_identity_keys"}


# ------------------------------------------------------------------ what the statements keep to

FILES = sorted(path.stem for path in Path(storage.__file__).parent.glob("*.sql"))
EVERY = [(file, name) for file in FILES for name in statements(file)]
DISPATCHERS = {
    ("audit", "chains"),
    ("audit", "chains_among"),
    ("audit", "chains_by_lot"),
    ("erasure", "all_erased"),
    ("erasure", "due"),
    ("erasure", "unagreed"),
    ("escalations", "due"),
    ("escalations", "open_flags"),
    ("inbox", "due_conversations"),
    ("inbox", "people_with_done"),
    ("misread", "people"),
    ("outbox", "counts"),
    ("outbox", "due_conversations"),
    ("retention", "months"),
    ("retention", "drop_month"),
    ("retention", "people_with_children"),
    ("retention", "people_with_old_runs"),
    ("retention", "people_with_settled"),
}
"""Found across everybody: they ask every node, and never on the path of a message."""


def text(file: str, name: str) -> str:
    return str(statements(file)[name])


def about_persons(statement: str) -> set[str]:
    return {name for name in OF_PERSONS if re.search(rf"\bapp\.{name}\b", statement)}


FOR_ONE = [each for each in EVERY if about_persons(text(*each)) and "%(user_id)s" in text(*each)]


def references(statement: str) -> list[tuple[str, str]]:
    """Tables of persons that are read or changed, each with the name it goes by."""
    found = re.findall(
        r"(?:\b(?:FROM|JOIN|UPDATE)|,)\s+app\.(\w+)(?:\s+(?:AS\s+)?(?!WHERE|SET|ON|JOIN|LEFT|ORDER|GROUP"
        r"|LIMIT|FOR|UNION|RETURNING|USING|VALUES)(\w+))?",
        statement,
    )
    return [(table, alias or table) for table, alias in found if table in OF_PERSONS]


@pytest.mark.parametrize(("file", "name"), FOR_ONE)
def test_a_statement_names_the_person_for_every_table_of_persons(file: str, name: str) -> None:
    statement = text(file, name)
    used = references(statement)
    named = re.findall(r"(?:(\w+)\.)?user_id = %\(user_id\)s", statement)
    bare = sum(1 for qualifier in named if not qualifier)
    qualified = [qualifier for qualifier in named if qualifier]
    unnamed = [alias for _, alias in used if alias not in qualified]
    assert len(unnamed) <= bare, (used, named)


@pytest.mark.parametrize(("file", "name"), EVERY)
def test_a_statement_keeps_to_what_citus_can_do(file: str, name: str) -> None:
    statement = text(file, name)
    assert "SKIP LOCKED" not in statement
    for change in re.findall(r"UPDATE app\.\w+(?: \w+)? SET (.*?)(?: FROM | WHERE |$)", statement):
        assert not re.search(r"(^|, )user_id =", change), "a person's rows stay where they are"
        for assigned in re.split(r", (?=\w+ = )", change):
            stable = re.search(r"\bnow\(\)", assigned)
            column = re.search(r"= .*\b(?!now|interval|make_interval)[a-z]\w*\.[a-z]\w+", assigned)
            assert not (stable and column), "no expression over a column that only the node can say"


def test_a_statement_for_nobody_in_particular_is_known_as_such() -> None:
    for_nobody = {
        each for each in EVERY if about_persons(text(*each)) and "%(user_id)s" not in text(*each)
    }
    after_a_restore = {each for each in EVERY if each[0] == "settle"}
    assert for_nobody - after_a_restore <= DISPATCHERS
    assert set(EVERY) >= DISPATCHERS


# ------------------------------------------------------------------ what the schema keeps to


@pytest.fixture(scope="module")
def admin(cluster: Cluster, template: str) -> Iterator[psycopg.Connection[TupleRow]]:
    with cluster.clone(template) as name, psycopg.connect(cluster.admin_url(name)) as connection:
        yield connection


def test_no_policy_has_a_sub_select(admin: psycopg.Connection[TupleRow]) -> None:
    policies = admin.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = 'app'"
        " AND concat(qual, with_check) ~* '\\mselect\\M'"
    )
    assert policies.fetchall() == []


def test_no_reference_empties_a_column(admin: psycopg.Connection[TupleRow]) -> None:
    emptying = admin.execute(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'app'::regnamespace"
        " AND contype = 'f' AND confdeltype IN ('n', 'd')"
    )
    assert emptying.fetchall() == []


def test_every_constraint_in_the_migrations_has_a_name_of_its_own() -> None:
    versions = Path(storage.__file__).parent / "migrations" / "versions"
    for path in versions.glob("**/*.sql"):
        bare = re.sub(r"--.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        kinds = re.findall(r"(\w+\s+)?\b(PRIMARY KEY|FOREIGN KEY|CHECK|UNIQUE(?! INDEX))\b", bare)
        named = len(re.findall(r"\bCONSTRAINT \w+\s+(?:PRIMARY|FOREIGN|CHECK|UNIQUE)", bare))
        policies = len(re.findall(r"WITH CHECK", bare))
        assert len(kinds) - policies == named, path.name
        assert "TRIGGER" not in bare


# ------------------------------------------------------------------ who is acting, everywhere


@pytest.fixture
async def stores_by_citus(admin_url: str, database_url: str, vault: Vault) -> AsyncIterator[Stores]:
    """Over a schema that says it was placed by Citus, where the way that Citus does not tell its
    nodes about is forbidden."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(f"COMMENT ON SCHEMA app IS '{PLACED_BY_CITUS}'".encode())
        connection.execute("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC")
    database = await Database.open(database_url)
    yield Stores.over(database, vault, admin_url)
    await database.close()


async def test_turns_say_who_is_acting_in_the_one_way_that_reaches_every_node(
    stores_by_citus: Stores,
) -> None:
    stores = stores_by_citus
    people = [await stores.people.of(identity(f"person-{n}")) for n in range(2)]
    for person in people:
        await stores.turn(person, "a reply")
    assert stores.count("messages") == 4
    for person in people:
        async with stores.database.acting_for(person.id) as connection:
            seen = await connection.execute("SELECT DISTINCT user_id FROM app.messages")
            assert await seen.fetchall() == [(person.id,)]
        async with stores.database.session(person.id) as session:
            rows = await session.execute(select(Message.user_id).distinct())
            assert rows.scalars().all() == [person.id]
        async with stores.database.snapshot_for(person.id) as connection:
            seen = await connection.execute("SELECT DISTINCT user_id FROM app.messages")
            assert await seen.fetchall() == [(person.id,)]
