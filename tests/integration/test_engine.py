"""Who a connection acts for, what a transaction keeps, and what its errors say."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import psycopg_pool
import pytest
from psycopg import conninfo
from sqlalchemy import select

from storage.embedded.server import EmbeddedServer
from storage.engine import Database
from storage.errors import (
    FencedError,
    StorageConfigurationError,
    StorageError,
    StorageUnavailableError,
)
from storage.migrate import migrate
from storage.tables.conversations import Conversation
from storage.tables.people import User
from storage.translation import translated
from tests.databases import Cluster
from tests.one_of_each import Example, insert_all

ADD_GOAL = "INSERT INTO app.goals (id, user_id, title) VALUES (%s, %s, 'x')"
GOALS = "SELECT id FROM app.goals"


@pytest.fixture
def person(admin_url: str) -> Example:
    """Somebody with a row in every table, beside somebody else."""
    example = Example()
    with psycopg.connect(admin_url) as admin:
        insert_all(admin, example)
        insert_all(admin, Example())
    return example


@pytest.fixture
def own_server() -> Iterator[EmbeddedServer]:
    """A server that a test may stop."""
    folder = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    server = EmbeddedServer.start(folder, fast=True)
    yield server
    server.close()
    shutil.rmtree(folder)


async def test_a_transaction_keeps_all_of_a_block(database: Database, person: Example) -> None:
    new = Example().id
    async with database.acting_for(person.id) as connection:
        await connection.execute(ADD_GOAL, (new, person.id))
        found = await (await connection.execute(GOALS)).fetchall()
    assert sorted(found) == [(person.id,), (new,)]
    assert sorted(await database.run_for(person.id, GOALS, ())) == [(person.id,), (new,)]


async def test_a_block_that_raises_keeps_nothing(database: Database, person: Example) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.acting_for(person.id) as connection:
            await connection.execute(ADD_GOAL, (Example().id, person.id))
            raise ZeroDivisionError
    assert await database.run_for(person.id, GOALS, ()) == [(person.id,)]


async def test_a_statement_that_fails_in_the_middle_keeps_nothing(
    database: Database, person: Example
) -> None:
    with pytest.raises(StorageError):
        async with database.acting_for(person.id) as connection:
            await connection.execute(ADD_GOAL, (Example().id, person.id))
            await connection.execute("SELECT 1 / 0")
            await connection.execute(ADD_GOAL, (Example().id, person.id))
    assert await database.run_for(person.id, GOALS, ()) == [(person.id,)]


async def test_a_fenced_statement_keeps_nothing_of_its_block(
    database: Database, person: Example
) -> None:
    with pytest.raises(FencedError, match="Another worker holds this conversation"):
        async with database.acting_for(person.id) as connection:
            await connection.execute(ADD_GOAL, (Example().id, person.id))
            await connection.execute(
                "WITH fence AS (UPDATE app.conversations SET out_seq = out_seq"
                " WHERE user_id = %s AND epoch = 99 RETURNING out_seq)"
                " SELECT coalesce((SELECT out_seq FROM fence), app.raise_fenced())",
                (person.id,),
            )
    assert await database.run_for(person.id, GOALS, ()) == [(person.id,)]


async def test_one_statement_is_a_transaction_of_its_own(
    database: Database, person: Example
) -> None:
    new = Example().id
    assert await database.run_for(person.id, ADD_GOAL, (new, person.id)) == []
    with pytest.raises(StorageError):
        await database.run_for(
            person.id,
            "WITH gone AS (DELETE FROM app.goals) SELECT 1 / 0 FROM app.goals WHERE user_id = %s",
            (person.id,),
        )
    assert len(await database.run_for(person.id, GOALS, ())) == 2


async def test_one_connection_acts_for_one_person_after_another(
    database_url: str, admin_url: str, person: Example
) -> None:
    other = Example()
    with psycopg.connect(admin_url) as admin:
        insert_all(admin, other)
    database = await Database.open(database_url, pool_size=1)
    for someone in (person, other, person):
        assert await database.run_for(someone.id, GOALS, ()) == [(someone.id,)]
        async with database.acting_for(someone.id) as connection:
            assert await (await connection.execute(GOALS)).fetchall() == [(someone.id,)]
    await database.close()


async def test_sign_in_and_dispatch_take_their_own_roles(database: Database) -> None:
    async with database.sign_in() as connection:
        assert await _role(connection) == "evenkeel_signin"
    async with database.dispatch() as connection:
        assert await _role(connection) == "evenkeel_dispatcher"


async def _role(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> object:
    [role] = await (await connection.execute("SELECT current_user::text")).fetchone() or [None]
    return role


async def test_a_session_reads_models_of_one_person(database: Database, person: Example) -> None:
    async with database.session(person.id) as session:
        assert (await session.scalars(select(User.id))).all() == [person.id]
        [conversation] = (await session.scalars(select(Conversation))).all()
    assert (conversation.status, conversation.state) == ("active", b"sealed")


async def test_a_session_commits_what_it_changed(database: Database, person: Example) -> None:
    async with database.session(person.id) as session:
        [conversation] = (await session.scalars(select(Conversation))).all()
        conversation.status = "archived"
    statuses = await database.run_for(person.id, "SELECT status FROM app.conversations", ())
    assert statuses == [("archived",)]


# ---------------------------------------------------------------- what errors say


async def test_an_error_tells_the_constraint_and_no_value(
    database: Database, person: Example
) -> None:
    insert = "INSERT INTO app.mood_entries (id, user_id, mood_score, mood_label, entry_timestamp)"
    values = f"VALUES ('{person.id}', '{person.id}', 5, 'a canary', now())"
    with pytest.raises(StorageError) as raised:
        await database.run_for(person.id, f"{insert} {values}", ())
    assert "ck_mood_entries_mood_label_is_a_key" in str(raised.value)
    assert "canary" not in "".join(traceback.format_exception(raised.value))


async def test_a_session_speaks_of_errors_in_the_same_words(
    database: Database, person: Example
) -> None:
    with pytest.raises(StorageError, match="ck_conversations_status of conversations"):
        async with database.session(person.id) as session:
            [conversation] = (await session.scalars(select(Conversation))).all()
            conversation.status = "a canary"


async def test_connections_that_were_cut_off_are_replaced(
    database: Database, admin_url: str, person: Example
) -> None:
    async with (
        database.acting_for(person.id) as one,
        database.acting_for(person.id) as two,
        database.acting_for(person.id) as three,
    ):
        assert len({c.info.backend_pid for c in (one, two, three)}) == 3
    with psycopg.connect(admin_url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(StorageUnavailableError):
        await database.run_for(person.id, GOALS, ())
    assert await database.run_for(person.id, GOALS, ()) == [(person.id,)]


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailableError, match="try again in a moment"):
        await Database.open(f"postgresql:///evenkeel?host={tmp_path}&user=evenkeel_app")


async def test_a_server_that_stops_is_unavailable_until_it_is_back(
    own_server: EmbeddedServer,
) -> None:
    migrate(own_server.admin_url, hash_partitions=0)
    database = await Database.open(own_server.app_url)
    anybody = Example().id
    own_server.control("stop", "--mode=fast")
    with pytest.raises(StorageUnavailableError):
        await database.run_for(anybody, GOALS, ())
    again = EmbeddedServer.start(own_server.home.parent, fast=True)
    assert await database.run_for(anybody, GOALS, ()) == []
    await database.close()
    again.close()


async def test_a_missing_database_is_a_matter_of_configuration(cluster: Cluster) -> None:
    with pytest.raises(StorageConfigurationError, match="Correct the name, or let"):
        await Database.open(cluster.app_url("evenkeel_no_such_database"))


async def test_an_unknown_user_is_a_matter_of_configuration(database_url: str) -> None:
    stranger = conninfo.make_conninfo(database_url, user="evenkeel_no_such_user")
    with pytest.raises(StorageConfigurationError):
        await Database.open(stranger)


async def test_a_url_that_cannot_be_read_is_a_matter_of_configuration() -> None:
    with pytest.raises(StorageConfigurationError, match="DATABASE_URL"):
        await Database.open("mysql://elsewhere/evenkeel")


async def test_a_database_without_tables_is_a_matter_of_configuration(cluster: Cluster) -> None:
    with (
        cluster.empty_database() as name,
        pytest.raises(StorageConfigurationError, match="Run `evenkeel migrate`"),
    ):
        await Database.open(cluster.app_url(name))


def test_waiting_too_long_for_a_connection_is_unavailability() -> None:
    with pytest.raises(StorageUnavailableError), translated():
        raise psycopg_pool.PoolTimeout
