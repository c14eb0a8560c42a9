"""Databases that are not as they should be: a sentence that says what to do, and nothing half
written. Each is made so for real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from psycopg import conninfo

from bot.server import bring_up_to_date
from bot.updates import Said
from storage import migrate as migrating
from storage.embedded.server import EmbeddedServer
from storage.engine import Database
from storage.errors import StorageConfigurationError, StorageError, StorageUnavailableError
from storage.migrate import check_schema, migrate
from tests.databases import Cluster
from tests.engine import CRISIS_WORDS, Someone, worker
from tests.processes import as_url, reachable_folder, run

Wrong = type[StorageError]


def administer(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(statement.encode())


def name_of(url: str) -> str:
    return str(conninfo.conninfo_to_dict(url)["dbname"])


# ------------------------------------------------------------------ seen at the start


@pytest.mark.parametrize(
    ("spoilt_by", "kind", "advice"),
    [
        ("DROP TABLE app.goals", StorageConfigurationError, "lost a table: goals"),
        (
            "REVOKE SELECT ON app.alembic_version FROM evenkeel_worker",
            StorageConfigurationError,
            "lacks a right",
        ),
        (
            "ALTER DATABASE {name} SET default_transaction_read_only = on",
            StorageUnavailableError,
            "read-only",
        ),
        (
            "ALTER DATABASE {name} CONNECTION LIMIT 0",
            StorageUnavailableError,
            "no connection left",
        ),
        ("DROP SCHEMA app CASCADE", StorageConfigurationError, "Run `evenkeel migrate`"),
    ],
)
def test_a_start_refuses_what_it_cannot_work_with(
    database_url: str, admin_url: str, spoilt_by: str, kind: Wrong, advice: str
) -> None:
    administer(admin_url, spoilt_by.format(name=name_of(admin_url)))
    with pytest.raises(kind, match=advice):
        check_schema(database_url)


def test_migrating_does_not_pretend_to_bring_back_a_lost_table(admin_url: str) -> None:
    administer(admin_url, "DROP TABLE app.goals")
    with pytest.raises(StorageConfigurationError, match="Restore a backup"):
        migrate(admin_url)


@pytest.mark.parametrize(("version", "refused"), [(149999, True), (150000, False)])
def test_a_server_that_is_too_old_is_refused(version: int, refused: bool) -> None:
    answering = SimpleNamespace(info=SimpleNamespace(server_version=version))
    if not refused:
        migrating._require_server(answering)
        return
    with pytest.raises(StorageConfigurationError, match="PostgreSQL 14; Evenkeel needs 15"):
        migrating._require_server(answering)


def test_a_database_that_cannot_store_every_language_is_refused(cluster: Cluster) -> None:
    name = "evenkeel_test_latin"
    cluster.run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'", name)
    try:
        migrate(cluster.admin_url(name), hash_partitions=0)
        with pytest.raises(StorageConfigurationError, match="UTF8"):
            check_schema(cluster.app_url(name))
    finally:
        cluster.run("DROP DATABASE {} WITH (FORCE)", name)


# ------------------------------------------------------------------ the command's words and codes


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


async def refused(folder: Path, url: str, *command: str) -> tuple[int, str]:
    settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": url}
    code, out, err = await run(settings, *(command or ("chat",)), lines="hello\n")
    assert out == ""
    [line] = err.strip().splitlines()
    assert line.startswith("evenkeel: ")
    return code, line


async def test_a_database_that_does_not_exist_is_said_so(folder: Path, cluster: Cluster) -> None:
    code, line = await refused(folder, as_url(cluster.admin_url("evenkeel_no_such")))
    assert code == 2
    assert "does not exist" in line


async def test_a_login_that_is_no_member_is_told_what_to_be(
    folder: Path, cluster: Cluster, database_name: str
) -> None:
    cluster.run("CREATE ROLE {} LOGIN", "evenkeel_test_stranger")
    try:
        url = conninfo.make_conninfo(
            cluster.admin_url(database_name), user="evenkeel_test_stranger"
        )
        code, line = await refused(folder, as_url(url))
    finally:
        cluster.run("DROP ROLE {}", "evenkeel_test_stranger")
    assert code == 2
    assert "member of evenkeel_worker" in line


async def test_what_is_not_postgresql_is_said_so(folder: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        code, line = await refused(folder, f"postgresql://someone@127.0.0.1:{port}/evenkeel")
    assert code == 2
    assert "not PostgreSQL" in line


async def test_a_read_only_database_is_refused_before_anybody_is_greeted(
    folder: Path, admin_url: str, database_url: str
) -> None:
    administer(
        admin_url, f"ALTER DATABASE {name_of(admin_url)} SET default_transaction_read_only = on"
    )
    code, line = await refused(folder, as_url(database_url))
    assert code == 1
    assert "read-only" in line


async def test_months_that_nobody_made_are_made_before_serving(
    folder: Path, admin_url: str, database_url: str
) -> None:
    bring_up_to_date(admin_url, hash_partitions=2)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        parts = admin.execute(
            "SELECT inhparent::regclass::text, inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent::regclass::text = 'app.messages'"
        ).fetchall()
        for parent, month in parts:
            admin.execute(f"ALTER TABLE {parent} DETACH PARTITION {month}".encode())
            admin.execute(f"DROP TABLE {month}".encode())
        settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": as_url(database_url)}
        code, out, err = await run(settings, "chat", "--as", "someone", lines="")
        assert (code, out, err) == (0, "", "")
        made = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'app.messages'::regclass"
        assert admin.execute(made.encode()).fetchone() == (5,)


# ------------------------------------------------------------------ in the middle of a turn


def spoil(url: str, table: str, code: str) -> None:
    """Have the server refuse every new row of a table, as a full disk would."""
    administer(
        url,
        f"CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$;"
        f"CREATE TRIGGER refuse BEFORE INSERT ON app.{table}"
        " FOR EACH ROW EXECUTE FUNCTION app.refuse();",
    )


def mend(url: str) -> None:
    administer(url, "DROP FUNCTION app.refuse CASCADE")


@pytest.fixture
async def friend(database: Database, admin_url: str, tmp_path: Path) -> AsyncIterator[Someone]:
    async with worker(database, admin_url, tmp_path) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        yield friend


def held(url: str) -> list[int]:
    tables = ("inbox", "messages", "safety_events", "escalations")
    with psycopg.connect(url) as admin:
        return [
            admin.execute(f"SELECT count(*) FROM app.{table}".encode()).fetchall()[0][0]
            for table in tables
        ]


@pytest.mark.parametrize("table", ["inbox", "messages", "safety_events", "escalations"])
@pytest.mark.parametrize(
    ("code", "words"),
    [("53100", "disk is full"), ("25006", "read-only"), ("42501", "lacks a right")],
)
async def test_who_is_in_danger_gets_the_helplines_when_nothing_can_be_stored(
    friend: Someone, admin_url: str, table: str, code: str, words: str
) -> None:
    before = held(admin_url)
    spoil(admin_url, table, code)
    update = friend.update(Said(CRISIS_WORDS))
    with pytest.raises(StorageError, match=words):
        await friend.does(update)
    assert "988" in friend.platform.shown[-1].text
    assert held(admin_url) == before, "nothing half written"
    mend(admin_url)
    [reply, *_] = await friend.does(update)
    assert reply.dialog == "crisis"
    assert held(admin_url) > before


async def test_a_reply_that_could_not_be_stored_is_given_when_there_is_room(
    friend: Someone, admin_url: str
) -> None:
    spoil(admin_url, "outbox", "53100")
    shown = len(friend.platform.shown)
    turn = await friend.app.turns.receive(friend.update(Said("/mood 4 a plain day")))
    await asyncio.gather(turn, return_exceptions=True)
    assert len(friend.platform.shown) == shown
    mend(admin_url)
    administer(admin_url, "UPDATE app.conversations SET lease_until = '-infinity'")
    assert await friend.app.recovery.resume_turns() == 1
    await friend.app.tasks.finish(10)
    assert "Noted" in friend.platform.shown[-1].text
    with psycopg.connect(admin_url) as admin:
        assert admin.execute("SELECT mood_score FROM app.mood_entries").fetchall() == [(4,)]


async def test_oddly_set_databases_behave_the_same(
    admin_url: str, database_url: str, tmp_path: Path
) -> None:
    name = name_of(admin_url)
    for setting in (
        "timezone = 'Pacific/Kiritimati'",
        "datestyle = 'SQL, DMY'",
        "intervalstyle = 'iso_8601'",
        "bytea_output = 'escape'",
        "extra_float_digits = 0",
        "search_path = 'nowhere'",
        "default_transaction_isolation = 'serializable'",
    ):
        administer(admin_url, f"ALTER DATABASE {name} SET {setting}")
    database = await Database.open(database_url)
    try:
        async with worker(database, admin_url, tmp_path) as (app, platform):
            friend = Someone(app, platform)
            await friend.agrees()
            await friend.says("/mood 4 ein langer Tag \u65e5\u672c")
            [reply, *_] = await friend.says("/history")
            assert "4" in reply.text
            assert await app.recovery.keep_to_retention() == 0
    finally:
        await database.close()


# ------------------------------------------------------------------ a server of its own


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """Not the shared one: it is restarted, and asked for a password."""
    with reachable_folder() as home:
        running = EmbeddedServer.start(home)
        bring_up_to_date(running.admin_url, 2)
        yield running
        running.close()


@asynccontextmanager
async def talking(server: EmbeddedServer, folder: Path) -> AsyncIterator[Someone]:
    database = await Database.open(server.app_url)
    try:
        async with worker(database, server.admin_url, folder) as (app, platform):
            yield Someone(app, platform, name=str(folder))
    finally:
        await database.close()


async def persistently(friend: Someone, text: str) -> None:
    """As a platform delivers: again and again until it is taken in."""
    update = friend.update(Said(text))
    async with asyncio.timeout(60):
        while True:
            try:
                turn = await friend.app.turns.receive(update)
            except StorageUnavailableError:
                await asyncio.sleep(0.05)
                continue
            await asyncio.gather(turn, return_exceptions=True)
            return


async def swept(friend: Someone) -> None:
    """As the clock does it: a tick that meets connections from before is followed by the next."""
    left = 1
    while left:
        try:
            left = await friend.app.recovery.resume_turns()
        except StorageUnavailableError:
            continue
        await friend.app.tasks.finish(10)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_restart_under_load_loses_nothing_and_doubles_nothing(
    server: EmbeddedServer, tmp_path: Path, mode: str
) -> None:
    async with talking(server, tmp_path) as friend:
        await friend.agrees()
        count = "SELECT count(*), count(DISTINCT id) FROM app.mood_entries"
        with psycopg.connect(server.admin_url) as admin:
            [(before, _)] = admin.execute(count.encode()).fetchall()
        restarting = asyncio.create_task(
            asyncio.to_thread(server.control, "restart", f"--mode={mode}", f"--log={server.log}")
        )
        said = 0
        while not restarting.done() or said < 20:
            await persistently(friend, f"/mood {said % 10 + 1} a plain day")
            said += 1
        assert (await restarting).returncode == 0
        administer(server.admin_url, "UPDATE app.conversations SET lease_until = '-infinity'")
        await swept(friend)
    with psycopg.connect(server.admin_url) as admin:
        undone = "SELECT count(*) FROM app.inbox WHERE done_at IS NULL"
        assert admin.execute(undone.encode()).fetchall() == [(0,)]
        assert admin.execute(count.encode()).fetchall() == [(before + said, before + said)]


async def test_a_wrong_password_is_said_without_showing_it(
    server: EmbeddedServer, folder: Path
) -> None:
    administer(server.admin_url, "CREATE ROLE teller LOGIN PASSWORD 'right'")
    rules = server.data / "pg_hba.conf"
    before = rules.read_text(encoding="utf-8")
    rules.write_text(f"local all teller scram-sha-256\n{before}", encoding="utf-8")
    server.control("reload")
    try:
        code, line = await refused(folder, server.url("teller") + "&password=wr0ng-secret")
    finally:
        rules.write_text(before, encoding="utf-8")
        server.control("reload")
    assert code == 2
    assert "password" in line
    assert "wr0ng" not in line
