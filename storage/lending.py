"""Connections of a psycopg pool, kept at hand between two uses.

Asking the pool each time costs the hot path a tenth of its own processor time. Whoever gives a
connection back leaves it here for the next one, unless somebody waits at the pool for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

Connection: TypeAlias = psycopg.AsyncConnection[TupleRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]


class Lending:
    """Raises psycopg's errors, and those of its pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._at_hand: list[Connection] = []
        self._waiting = 0

    async def open(self, seconds: float) -> None:
        await self._pool.open(wait=True, timeout=seconds)

    async def close(self) -> None:
        await self._pool.close()
        await self._put_back_all()  # a closed pool closes them

    async def take(self) -> Connection:
        """What was used last first: the server has everything of it in its caches."""
        if self._at_hand:
            return self._at_hand.pop()
        self._waiting += 1
        try:
            return await self._pool.getconn()
        finally:
            self._waiting -= 1

    async def give_back(self, connection: Connection) -> None:
        status = connection.pgconn.transaction_status
        if status == TransactionStatus.IDLE and not self._waiting and not self._pool.closed:
            self._at_hand.append(connection)
            return
        try:
            if connection.broken:  # and its neighbours, likely, by the same restart
                await self._put_back_all()
                await self._pool.check()
        finally:
            await self._pool.putconn(connection)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One connection; a transaction that is open at the end of the block is committed, or
        rolled back when the block raises."""
        connection = await self.take()
        try:
            async with connection:
                yield connection
        finally:
            await self.give_back(connection)

    async def _put_back_all(self) -> None:
        while self._at_hand:
            await self._pool.putconn(self._at_hand.pop())
