"""Up, down and up again; several at once; and what a start makes of a schema it finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo

from storage.errors import StorageConfigurationError, StorageError
from storage.migrate import (
    SchemaState,
    as_owner,
    check_schema,
    migrate,
    schema_state,
    undo_migrations,
)
from tests.databases import Cluster, own_cluster

SEARCHED = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    with cluster.empty_database() as name:
        yield cluster.admin_url(name)


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question.encode()).fetchall()


def everything(url: str) -> list[tuple[object, ...]]:
    """Every table, index, constraint, function, policy and grant, in words."""
    return ask(
        url,
        "SELECT 'relation', relname, relkind::text, relacl::text, relrowsecurity::text"
        " FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid), '', ''"
        " FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype <> 'n'"
        " UNION ALL SELECT 'index', indexname, indexdef, '', '' FROM pg_indexes"
        " WHERE schemaname = 'app'"
        " UNION ALL SELECT 'function', proname, prosrc, proacl::text, '' FROM pg_proc"
        " WHERE pronamespace = 'app'::regnamespace"
        " UNION ALL SELECT 'policy', tablename, policyname, roles::text, qual FROM pg_policies"
        " WHERE schemaname = 'app' ORDER BY 1, 2, 3, 4, 5",
    )


def test_down_leaves_nothing_and_up_again_makes_the_same(empty: str) -> None:
    migrate(empty, hash_partitions=2)
    first = everything(empty)
    undo_migrations(empty)
    assert schema_state(empty) is SchemaState.EMPTY
    left = {name for kind, name, *_ in everything(empty) if kind in ("relation", "function")}
    assert left == {"alembic_version", "alembic_version_pkc"}
    migrate(empty, hash_partitions=2)
    assert everything(empty) == first


def test_migrating_twice_changes_nothing(empty: str) -> None:
    migrate(empty)
    first = everything(empty)
    migrate(empty)
    assert everything(empty) == first


@pytest.mark.parametrize("partitions", [0, 3])
def test_the_number_of_partitions_by_person_is_a_setting(empty: str, partitions: int) -> None:
    migrate(empty, hash_partitions=partitions)
    made = ask(empty, "SELECT count(*) FROM pg_class WHERE relname LIKE 'conversations\\_h_'")
    assert made == [(partitions,)]
    assert schema_state(empty) is SchemaState.CURRENT


def _migrate_at_once(urls: list[str]) -> list[str]:
    """What a process each, all started together, complained of."""
    code = (
        "import sys; from storage.migrate import migrate; migrate(sys.argv[1], hash_partitions=0)"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, url],
            env=os.environ | {"PYTHONPATH": SEARCHED},
            stderr=subprocess.PIPE,
            text=True,
        )
        for url in urls
    ]
    return [starter.communicate()[1] for starter in starters]


def test_several_starters_migrate_once(empty: str) -> None:
    assert _migrate_at_once([empty] * 3) == [""] * 3
    assert ask(empty, "SELECT count(*) FROM app.alembic_version") == [(1,)]


def test_several_databases_of_a_new_server_are_migrated_at_once() -> None:
    with own_cluster() as new:
        urls = [new.admin_url(name) for name in ("one", "two", "three")]
        assert _migrate_at_once(urls) == [""] * 3
        assert {schema_state(url) for url in urls} == {SchemaState.CURRENT}


def test_a_missing_database_is_made(cluster: Cluster) -> None:
    url = cluster.admin_url("evenkeel_made_by_a_test")
    try:
        migrate(url, hash_partitions=0)
        assert schema_state(url) is SchemaState.CURRENT
    finally:
        cluster.run("DROP DATABASE {} WITH (FORCE)", "evenkeel_made_by_a_test")


def test_an_empty_database_asks_for_a_migration(empty: str) -> None:
    assert schema_state(empty) is SchemaState.EMPTY
    with pytest.raises(StorageConfigurationError, match="Run `evenkeel migrate`"):
        check_schema(empty)


@pytest.mark.parametrize(
    ("revision", "state", "advice"),
    [
        ("0000", SchemaState.BEHIND, "Run `evenkeel migrate`"),
        ("9999", SchemaState.AHEAD, "Install that version"),
    ],
)
def test_a_schema_of_another_version_is_refused(
    admin_url: str, database_url: str, revision: str, state: SchemaState, advice: str
) -> None:
    with psycopg.connect(admin_url) as connection:
        connection.execute("UPDATE app.alembic_version SET version_num = %s", (revision,))
    assert schema_state(database_url) is state
    with pytest.raises(StorageConfigurationError, match=advice):
        check_schema(database_url)


def test_a_worker_can_tell_that_the_schema_is_current(database_url: str) -> None:
    check_schema(database_url)


def test_the_catalogue_is_written_as_the_owner_and_all_or_nothing(admin_url: str) -> None:
    insert = "INSERT INTO app.assessments (id, name) VALUES (gen_random_uuid(), %s)"
    with as_owner(admin_url) as owner:
        owner.execute(insert, ("one",))
    with pytest.raises(StorageError), as_owner(admin_url) as owner:
        owner.execute(insert, ("two",))
        owner.execute(insert, ("one",))
    assert ask(admin_url, "SELECT name FROM app.assessments") == [("one",)]


def test_a_migration_by_a_user_who_may_not_says_whom_to_be(cluster: Cluster, empty: str) -> None:
    cluster.run("CREATE ROLE {} LOGIN", "evenkeel_test_nobody")
    try:
        stranger = f"{empty} options='-c role=evenkeel_test_nobody'"
        with pytest.raises(StorageConfigurationError, match="administrator"):
            migrate(stranger)
    finally:
        cluster.run("DROP ROLE {}", "evenkeel_test_nobody")


def test_an_administrator_who_is_no_superuser_can_migrate() -> None:
    """As on a managed server: may create roles and databases, nothing more."""
    with own_cluster() as managed:
        managed.run("CREATE ROLE {} LOGIN CREATEROLE CREATEDB", "chief")
        url = conninfo.make_conninfo(managed.admin, user="chief", dbname="evenkeel")
        migrate(url, hash_partitions=0)
        check_schema(url)
        with as_owner(url) as owner:
            assert owner.execute("SELECT current_user").fetchone() == ("evenkeel_owner",)
