"""Connections kept at hand are nobody's own: who waits gets one, a dead one is not lent again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from storage.lending import Connection, Lending


@pytest.fixture
async def lending(database_url: str) -> AsyncIterator[Lending]:
    pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        database_url, kwargs={"autocommit": True}, min_size=1, max_size=2, timeout=5, open=False
    )
    lending = Lending(pool)
    await lending.open(5)
    yield lending
    await lending.close()


async def test_what_was_given_back_last_is_lent_first(lending: Lending) -> None:
    one, two = await lending.take(), await lending.take()
    await lending.give_back(one)
    await lending.give_back(two)
    assert await lending.take() is two
    assert await lending.take() is one
    await lending.give_back(one)
    await lending.give_back(two)


async def test_who_waits_gets_what_is_given_back(lending: Lending) -> None:
    one, two = await lending.take(), await lending.take()
    waiting = asyncio.create_task(lending.take())
    await asyncio.sleep(0)
    await lending.give_back(one)
    assert await waiting is one
    for connection in (one, two):
        await lending.give_back(connection)


async def test_a_thousand_uses_at_once_share_two(lending: Lending) -> None:
    async def use(number: int) -> int:
        async with lending.connection() as connection:
            row = await (await connection.execute("SELECT %s::int", (number,))).fetchone()
            return int(row[0]) if row else -1

    assert await asyncio.gather(*map(use, range(1000))) == list(range(1000))


async def test_an_open_transaction_is_not_lent_on(lending: Lending) -> None:
    connection = await lending.take()
    await connection.execute("BEGIN")
    await lending.give_back(connection)
    async with lending.connection() as again:
        assert again.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


async def test_of_connections_that_were_cut_off_only_the_first_is_met(
    lending: Lending, admin_url: str
) -> None:
    one, two = await lending.take(), await lending.take()
    await lending.give_back(one)
    await lending.give_back(two)
    with psycopg.connect(admin_url) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(psycopg.OperationalError):
        async with lending.connection() as connection:
            await connection.execute("SELECT 1")
    for _ in range(3):
        async with lending.connection() as connection:
            await connection.execute("SELECT 1")


async def test_what_is_given_back_to_a_closed_pool_is_closed(lending: Lending) -> None:
    kept, used = await lending.take(), await lending.take()
    await lending.give_back(kept)
    await lending.close()
    assert kept.closed
    await lending.give_back(used)
    assert used.closed
