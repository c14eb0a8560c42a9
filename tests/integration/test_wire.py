"""The hot path's way to the server: what goes there and comes back, and what an error leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from storage.engine import Database
from storage.errors import StorageError, StorageUnavailableError
from storage.wire.pipeline import Wire, numbered

SOMEBODY = UUID(int=7)
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.fixture
async def wire(database_url: str) -> AsyncIterator[Wire]:
    connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    wire = Wire(connection)
    yield wire
    wire.close()
    await connection.close()


async def _echo(wire: Wire, type_: str, value: object) -> Any:
    [[(back,)]] = await wire.run([(f"SELECT %s::{type_}", (value,))])
    return back


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    values=st.fixed_dictionaries(
        {
            "uuid": st.uuids(),
            "text": TEXT,
            "bytea": st.binary(),
            "boolean": st.booleans(),
            "int": st.integers(-(2**31), 2**31 - 1),
            "bigint": st.integers(-(2**63), 2**63 - 1),
            "float8": st.floats(allow_nan=False),
            "text[]": st.lists(st.none() | TEXT),
            "bytea[]": st.lists(st.none() | st.binary()),
            "uuid[]": st.lists(st.none() | st.uuids()),
        }
    )
)
async def test_what_is_sent_comes_back(wire: Wire, values: dict[str, Any]) -> None:
    for type_, value in values.items():
        assert await _echo(wire, type_, value) == value
        assert await _echo(wire, type_, None) is None


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("timestamptz", datetime(2026, 11, 22, 8, 30, 0, 123456, tzinfo=UTC)),
        ("numeric", Decimal("12.3400")),
        ("int[]", [1, None, 3]),
        ("date", datetime(2026, 11, 22, tzinfo=UTC).date()),
    ],
)
async def test_other_types_are_left_to_psycopg(wire: Wire, type_: str, value: object) -> None:
    assert await _echo(wire, type_, value) == value


async def test_a_value_of_a_neighbouring_type_is_taken_as_psycopg_does(wire: Wire) -> None:
    assert await _echo(wire, "float8", 30) == 30.0
    assert await _echo(wire, "uuid", str(SOMEBODY)) == SOMEBODY
    assert await _echo(wire, "text", SOMEBODY) == str(SOMEBODY)
    assert await _echo(wire, "jsonb", Jsonb({"a": [1, None]})) == {"a": [1, None]}


async def test_a_number_too_large_for_its_column_is_refused_by_the_server(wire: Wire) -> None:
    with pytest.raises(psycopg.errors.NumericValueOutOfRange):
        await _echo(wire, "int", 2**31)
    assert await _echo(wire, "int", 1) == 1


async def test_large_questions_and_large_answers_pass_each_other(wire: Wire) -> None:
    large = b"\x5a" * 4_000_000
    echo = ("SELECT %s::bytea", (large,))
    answers = await wire.run([echo, echo, echo])
    assert [rows == [(large,)] for rows in answers] == [True] * 3


async def test_statements_of_one_call_are_kept_together_or_not_at_all(
    database: Database, admin_url: str
) -> None:
    add = "INSERT INTO app.goals (id, user_id, title) VALUES (%s, %s, 'x')"
    with psycopg.connect(admin_url) as admin:
        admin.execute("INSERT INTO app.users (id) VALUES (%s)", (SOMEBODY,))
    fine = (add, (uuid7(), SOMEBODY))
    for wrong in (("SELECT 1 / %s::int", (0,)), ("SELECT * FROM app.no_such_table", ())):
        with pytest.raises(StorageError):
            await database.run_all_for(SOMEBODY, [fine, wrong, fine])
    assert await database.run_for(SOMEBODY, "SELECT count(*) FROM app.goals", ()) == [(0,)]
    await database.run_all_for(SOMEBODY, [fine])
    assert await database.run_for(SOMEBODY, "SELECT count(*) FROM app.goals", ()) == [(1,)]


async def test_a_call_that_was_cancelled_leaves_a_pool_that_works(
    database: Database, admin_url: str
) -> None:
    slow = asyncio.create_task(database.run_for(SOMEBODY, "SELECT pg_sleep(%s)", (10.0,)))
    await _until_it_sleeps(admin_url)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow
    assert await asyncio.gather(*(_number(database, n) for n in range(12))) == list(range(12))


async def _until_it_sleeps(admin_url: str) -> None:
    asked = "SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep($1)'"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        while admin.execute(asked).fetchone() is None:
            await asyncio.sleep(0)


async def _number(database: Database, number: int) -> int:
    [(back,)] = await database.run_for(SOMEBODY, "SELECT %s::bigint", (number,))
    return int(back)


async def test_a_connection_that_was_cut_while_it_was_waited_for_is_unavailability(
    database: Database, admin_url: str
) -> None:
    slow = asyncio.create_task(database.run_for(SOMEBODY, "SELECT pg_sleep(%s)", (10.0,)))
    await _until_it_sleeps(admin_url)
    with psycopg.connect(admin_url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'SELECT pg_sleep($1)'"
        )
    with pytest.raises(StorageUnavailableError):
        await slow
    assert await _number(database, 5) == 5


async def test_psycopg_and_the_wire_take_turns_on_one_connection(database_url: str) -> None:
    database = await Database.open(database_url, pool_size=1)
    for number in range(5):
        assert await _number(database, number) == number
        async with database.acting_for(SOMEBODY) as connection:
            found = await connection.execute("SELECT current_setting('app.user_id')")
            assert await found.fetchone() == (str(SOMEBODY),)
    await database.close()


def test_a_name_that_comes_twice_is_one_parameter() -> None:
    statement = numbered("SELECT %(a)s, %(b)s, %(a)s, 5 %% 2")
    assert statement.text == b"SELECT $1, $2, $1, 5 % 2"
    assert list(statement.values({"b": 2, "a": 1, "c": 3})) == [1, 2]
    assert numbered("SELECT %s, %s").text == b"SELECT $1, $2"
