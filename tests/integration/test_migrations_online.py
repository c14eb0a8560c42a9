"""Migrations while people talk, with rows in every table, on every version we can start."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import psycopg
import pytest
import sqlalchemy
from psycopg import sql

from bot.server import bring_up_to_date
from storage import migrate as migrating
from storage.errors import LockedError
from storage.migrate import LOCK_TIMEOUT, SchemaState, migrate, schema_state, undo_migrations
from storage.schema_check import differences, problems
from tests.databases import POSTGRES_15, Cluster, debian_cluster, own_cluster
from tests.one_of_each import Example, insert_all
from tests.processes import as_url, reachable_folder, run, start

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
SERVERS = ["embedded", *(["15"] if POSTGRES_15.exists() else [])]


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A server of its own kind: what a migration needs differs between versions."""
    making: AbstractContextManager[Cluster] = own_cluster()
    if request.param == "15":
        making = debian_cluster(POSTGRES_15)
    with making as running:
        yield running


def ask(url: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(question.encode()).fetchall()


def held(url: str) -> dict[str, int]:
    """How many rows each table holds."""
    tables = ask(
        url,
        "SELECT relname FROM pg_class WHERE relnamespace = 'app'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'",
    )
    return {name: ask(url, f"SELECT count(*) FROM app.{name}")[0][0] for (name,) in tables}


def test_every_step_goes_up_and_down_with_rows_in_every_table(server: Cluster) -> None:
    with server.empty_database() as name:
        url = server.admin_url(name)
        migrate(url, hash_partitions=2)
        with psycopg.connect(url) as connection:
            insert_all(connection, Example())
        full = held(url)
        for older, newer in reversed(list(itertools.pairwise(REVISIONS))):
            undo_migrations(url, older)
            kept = held(url)
            assert kept.items() <= full.items(), "going back keeps every row whose table stays"
            migrate(url, revision=newer)
            assert {**held(url), **kept} == held(url), "and so does going forward"
            undo_migrations(url, older)
        migrate(url)
        assert differences(url) == []
        assert schema_state(url) is SchemaState.CURRENT


# ------------------------------------------------------------------ locks


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "_PAUSES", (0.0,))


@pytest.mark.usefixtures("without_pauses")
def test_a_migration_that_meets_a_lock_gives_way_and_leaves_nothing_behind(
    admin_url: str,
) -> None:
    undo_migrations(admin_url, "0001")
    before, told = ask(admin_url, "SELECT * FROM app.alembic_version"), list[str]()
    with psycopg.connect(admin_url) as reader:
        reader.execute("SELECT FROM app.audit_logs")
        with pytest.raises(LockedError):
            migrate(admin_url, tell=told.append)
        assert ask(admin_url, "SELECT * FROM app.alembic_version") == before
        assert "audit_heads" not in held(admin_url)
    assert len(told) == 1
    assert "tries again" in told[0]
    migrate(admin_url)
    assert differences(admin_url) == []


def test_a_migration_comes_again_until_the_lock_is_gone(admin_url: str) -> None:
    undo_migrations(admin_url, "0001")
    reader = psycopg.connect(admin_url)
    reader.execute("SELECT FROM app.audit_logs")
    migrate(admin_url, tell=lambda _: reader.close())
    assert schema_state(admin_url) is SchemaState.CURRENT


def test_a_migration_gives_way_before_anybody_looks_for_a_deadlock(admin_url: str) -> None:
    [(deadlock_timeout,)] = ask(
        admin_url, "SELECT setting::int FROM pg_settings WHERE name = 'deadlock_timeout'"
    )
    assert int(LOCK_TIMEOUT.removesuffix("ms")) < deadlock_timeout


def test_an_index_that_was_cut_short_is_built_again(admin_url: str) -> None:
    undo_migrations(admin_url, "0002")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SET ROLE evenkeel_owner")
        admin.execute("CREATE INDEX idx_ai_runs_message_created_h0 ON app.ai_runs_h0 (id)")
        admin.execute("RESET ROLE")
        admin.execute(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'app.idx_ai_runs_message_created_h0'::regclass"
        )
    migrate(admin_url)
    [(definition, valid)] = ask(
        admin_url,
        "SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index"
        " WHERE indexrelid = 'app.idx_ai_runs_message_created_h0'::regclass",
    )
    assert definition.endswith("(message_created_at)")
    assert valid
    whole = "SELECT bool_and(indisvalid) FROM pg_index WHERE indrelid::regclass::text LIKE 'app.%'"
    assert ask(admin_url, whole) == [(True,)]


# ------------------------------------------------------------------ people who talk meanwhile


def back_and_forth(url: str, stop: threading.Event) -> int:
    times = 0
    while not stop.is_set() or times < 2:
        undo_migrations(url, "0002")
        migrate(url)
        times += 1
    return times


async def reply_to(process: asyncio.subprocess.Process, line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{line}\n".encode())
    async with asyncio.timeout(60):
        return str(json.loads(await process.stdout.readline())["text"])


async def test_no_turn_is_lost_while_a_database_is_migrated(
    database_url: str, admin_url: str
) -> None:
    bring_up_to_date(admin_url, hash_partitions=2)
    with reachable_folder() as folder:
        settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": as_url(database_url)}
        process = await start(settings, "chat", "--as", "someone")
        for line in ("hello", "Yes", "Yes", "US"):
            await reply_to(process, line)
        stop = threading.Event()
        migrations = asyncio.create_task(asyncio.to_thread(back_and_forth, admin_url, stop))
        try:
            for score in range(30):
                assert "Noted" in await reply_to(process, f"/mood {score % 10 + 1} a plain day")
        finally:
            stop.set()
            times = await migrations
        assert times >= 2
        _, err = await process.communicate(b"")
    assert process.returncode == 0, err
    assert ask(admin_url, "SELECT count(*) FROM app.mood_entries") == [(30,)]
    assert ask(admin_url, "SELECT count(*) FROM app.inbox WHERE done_at IS NULL") == [(0,)]


# ------------------------------------------------------------------ what no migration may do

DANGEROUS = {
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)(?!.* ON ONLY )": "locks writers out while it builds",
    r"ADD CONSTRAINT (?!.*NOT VALID)": "looks every row through under a lock",
    r"ALTER COLUMN \w+ (SET DATA )?TYPE": "rewrites the table",
    r"ALTER COLUMN \w+ SET NOT NULL": "looks every row through under a lock",
    r"ADD COLUMN (?!.*NOT NULL DEFAULT)[^,]*NOT NULL": "fails on a table that has rows",
    r"ADD COLUMN [^,]*DEFAULT (now|gen_random|clock_timestamp|nextval)": "rewrites the table",
    r"ADD COLUMN [^,]*GENERATED": "rewrites the table",
    r"RENAME (COLUMN|TO)": "breaks workers of the version before",
    r"\b(VACUUM FULL|CLUSTER|REINDEX(?! .*CONCURRENTLY)|LOCK TABLE)": "locks everybody out",
    r"SET (LOGGED|UNLOGGED|TABLESPACE|ACCESS METHOD)": "rewrites the table",
    r"^(UPDATE|DELETE FROM) (?!app\.alembic_version)": "changes every row at once",
    r"\b(CREATE|ALTER) TRIGGER": "no triggers",
    r"ON DELETE SET NULL": "cannot empty a person's id",
}


def sent_between(url: str, older: str, newer: str) -> list[str]:
    """The statements of a migration, without comments and function bodies, one a line."""
    undo_migrations(url, older)
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.extend(_parted(statement))

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", note)
    try:
        migrate(url, revision=newer)
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "before_cursor_execute", note)
    return statements


def _parted(text: str) -> list[str]:
    bare = re.sub(r"--.*$", "", text, flags=re.MULTILINE)
    bare = re.sub(r"\$(\w*)\$.*?\$\1\$", "''", bare, flags=re.DOTALL)
    return [" ".join(each.split()) for each in bare.split(";") if each.strip()]


def dangers(statements: list[str]) -> list[tuple[str, str]]:
    """Statements that would hurt a table with rows that workers are using."""
    new = {name for each in statements for name in re.findall(r"CREATE TABLE (app\.\w+)", each)}
    return [
        (statement, why)
        for statement in statements
        for pattern, why in DANGEROUS.items()
        if re.search(pattern, statement) and not _concerns(statement, new)
    ]


def _concerns(statement: str, new: set[str]) -> bool:
    """About a table that was made in the same migration and that nobody uses yet."""
    about = re.search(r"(?:ALTER TABLE(?: ONLY)?|\bON) (app\.\w+)", statement)
    return bool(about and about.group(1) in new)


@pytest.mark.parametrize(("older", "newer"), list(itertools.pairwise(REVISIONS)))
def test_no_migration_after_the_first_hurts_those_who_work(
    admin_url: str, older: str, newer: str
) -> None:
    statements = sent_between(admin_url, older, newer)
    assert len(statements) > 3
    assert dangers(statements) == []


def test_the_revisions_tried_here_are_all_there_are() -> None:
    files = sorted((migrating._MIGRATIONS / "versions").glob("*.py"))
    assert tuple(path.name[:4] for path in files) == REVISIONS


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE INDEX idx_x ON app.messages (id)",
        "ALTER TABLE app.goals ADD CONSTRAINT ck_x CHECK (true)",
        "ALTER TABLE app.goals ALTER COLUMN status TYPE int",
        "ALTER TABLE app.goals ADD COLUMN note text NOT NULL",
        "ALTER TABLE app.goals ADD COLUMN at timestamptz DEFAULT now()",
        "ALTER TABLE app.goals ALTER COLUMN status SET NOT NULL",
        "ALTER TABLE app.goals RENAME COLUMN status TO state",
        "UPDATE app.goals SET status = 'active'",
        "LOCK TABLE app.goals",
    ],
)
def test_what_would_hurt_is_recognised(statement: str) -> None:
    assert dangers([statement]) != []


# ------------------------------------------------------------------ asking without changing


async def test_a_check_says_where_a_schema_stands_and_changes_nothing(
    admin_url: str, cluster: Cluster
) -> None:
    with reachable_folder() as folder:
        settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": as_url(admin_url)}
        code, out, _ = await run(settings, "migrate", "--check")
        assert (code, "is that of this version" in out) == (0, True)
        undo_migrations(admin_url, "0002")
        code, out, _ = await run(settings, "migrate", "--check")
        assert (code, "Run `evenkeel migrate`" in out) == (1, True)
        assert schema_state(admin_url) is SchemaState.BEHIND


def test_a_check_names_what_differs(admin_url: str) -> None:
    with psycopg.connect(admin_url) as admin:
        admin.execute("ALTER TABLE app.goals ADD COLUMN note text")
        admin.execute("DROP INDEX app.idx_goals_user_status")
    found = problems(admin_url)
    assert len(found) == 2
    assert any("goals" in each and "note" in each for each in found)
    assert any("idx_goals_user_status" in each for each in found)


def test_a_check_of_a_newer_schema_says_to_install_that_version(admin_url: str) -> None:
    with psycopg.connect(admin_url) as admin:
        admin.execute(sql.SQL("UPDATE app.alembic_version SET version_num = '9999'"))
    [sentence] = problems(admin_url)
    assert "newer version" in sentence
