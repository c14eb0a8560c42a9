"""Connections to PostgreSQL: one pool for each role a worker takes, and who they act for.

A transaction's opening travels with its first statement. The hot path goes through
`storage.wire`, everything else through psycopg. Reads may use SQLAlchemy sessions, which have a few
connections of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final, LiteralString, Self, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from storage.errors import MonthMissingError, StorageError, StorageUnavailableError
from storage.lending import Lending
from storage.migrate import check_schema, is_placed_by_citus
from storage.partitions import make_months
from storage.row_security import ACT_FOR, Role, act_for_everywhere, connect_options
from storage.translation import translated
from storage.wire.pipeline import Parameters, Wire

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

Connection: TypeAlias = psycopg.AsyncConnection[TupleRow]

_SECONDS_FOR_A_CONNECTION: Final = 5.0
_SMALL_POOL: Final = 2


class Database:
    """Everything that talks to one database. Errors leave it as the `StorageError` family."""

    def __init__(self, url: str, pool_size: int, *, by_citus: bool = False) -> None:
        """Opens nothing yet: use `open`. `by_citus`: rows live on several machines, all of which
        must know who is acting; that costs the hot path its shortcut."""
        self._by_citus = by_citus
        self._url = url
        self._worker = _lending(url, Role.WORKER, pool_size)
        self._sign_in = _lending(url, Role.SIGN_IN, _SMALL_POOL)
        self._dispatcher = _lending(url, Role.DISPATCHER, _SMALL_POOL)
        self._wires: WeakKeyDictionary[Connection, Wire] = WeakKeyDictionary()
        self._engine: AsyncEngine | None = None

    @classmethod
    async def open(cls, url: str, *, pool_size: int = 8) -> Self:
        """Connect, and refuse a database this version cannot work with: see `check_schema`."""
        await asyncio.to_thread(check_schema, url)
        by_citus = await asyncio.to_thread(is_placed_by_citus, url)
        database = cls(url, pool_size, by_citus=by_citus)
        try:
            with translated():
                for lending in database._lendings:
                    await lending.open(_SECONDS_FOR_A_CONNECTION)
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        wires = list(self._wires.values())
        for lending in self._lendings:
            await lending.close()
        for wire in wires:
            wire.close()
        if self._engine is not None:
            await self._engine.dispose()

    @asynccontextmanager
    async def acting_for(self, user_id: UUID) -> AsyncIterator[Connection]:
        """A worker's transaction for one person: only their rows exist in it. Commits at the end
        of the block, rolls back when it raises. In pipeline mode, so an error of a statement may
        surface at the next fetch or at the end of the block, and COPY is not possible."""
        try:
            async with self._transaction(self._worker, user_id) as connection:
                yield connection
        except MonthMissingError:
            await make_months(self)
            raise StorageUnavailableError from None

    @asynccontextmanager
    async def snapshot_for(self, user_id: UUID) -> AsyncIterator[Connection]:
        """A worker's transaction for one person that only reads and sees one moment throughout,
        however long it takes. Not in pipeline mode, so that large results can be read through
        server-side cursors."""
        async with _taken(self._worker) as connection:
            # By hand: what acts for a person is a query, and the level must be set before any.
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            await self._act_for(connection, user_id)
            yield connection

    async def run_for(
        self, user_id: UUID, statement: LiteralString, parameters: Parameters
    ) -> list[TupleRow]:
        """One statement for one person as a transaction of its own, in one round trip: for the
        hot path. Returns its rows (none for a statement that returns nothing)."""
        [rows] = await self.run_all_for(user_id, [(statement, parameters)])
        return rows

    async def run_all_for(
        self, user_id: UUID, statements: Iterable[tuple[LiteralString, Parameters]]
    ) -> list[list[TupleRow]]:
        """Several statements for one person, all of them or none, still in one round trip.
        Returns the rows of each. Should the month they belong to have no partition, it is made
        and they are run again."""
        together = tuple(statements)
        try:
            return await self._run_all_for(user_id, together)
        except MonthMissingError:
            await make_months(self)
            return await self._run_all_for(user_id, together)

    async def _run_all_for(
        self, user_id: UUID, statements: Iterable[tuple[LiteralString, Parameters]]
    ) -> list[list[TupleRow]]:
        """As `_taken`, without the layers that would cost more than the rest of our part."""
        if self._by_citus:
            async with self._transaction(self._worker, user_id) as connection:
                cursors = [await connection.execute(*statement) for statement in statements]
            return [await each.fetchall() if each.description else [] for each in cursors]
        with translated():
            connection = await self._worker.take()
            try:
                wire = self._wires.get(connection)
                if wire is None:
                    wire = self._wires[connection] = Wire(connection)
                _, *rows = await wire.run([(ACT_FOR, (str(user_id),)), *statements])
            finally:
                await self._worker.give_back(connection)
        return rows

    @asynccontextmanager
    async def sign_in(self, user_id: UUID | None = None) -> AsyncIterator[Connection]:
        """A transaction of the sign-in role: it finds whose an identity is, and may sign up the
        person `user_id`, nobody else. It sees no content."""
        async with self._transaction(self._sign_in, user_id) as connection:
            yield connection

    @asynccontextmanager
    async def dispatch(self) -> AsyncIterator[Connection]:
        """A transaction of the dispatcher: what is due, for whom, without content. What it finds
        is taken by a conditional update inside `acting_for` the person."""
        async with self._transaction(self._dispatcher, None) as connection:
            yield connection

    @asynccontextmanager
    async def session(self, user_id: UUID) -> AsyncIterator[AsyncSession]:
        """A SQLAlchemy session acting for one person, for reads and rare writes. One transaction:
        commits at the end of the block."""
        from sqlalchemy import exc, text
        from sqlalchemy.ext.asyncio import AsyncSession

        try:
            with translated():
                async with AsyncSession(self._reads(), expire_on_commit=False) as session:
                    await session.execute(text(act_for_everywhere(user_id)))
                    yield session
                    await session.commit()
        except exc.TimeoutError:
            raise StorageUnavailableError from None

    @asynccontextmanager
    async def _transaction(
        self, lending: Lending, user_id: UUID | None
    ) -> AsyncIterator[Connection]:
        async with _taken(lending) as connection, connection.pipeline(), connection.transaction():
            if user_id is not None:
                await self._act_for(connection, user_id)
            yield connection

    async def _act_for(self, connection: Connection, user_id: UUID) -> None:
        if self._by_citus:
            await connection.execute(act_for_everywhere(user_id), prepare=False)
        else:
            await connection.execute(ACT_FOR, (user_id,))

    async def answers(self) -> bool:
        """Whether updates can be taken in now."""
        try:
            async with _taken(self._worker) as connection:
                await connection.execute("SELECT 1")
        except StorageError:
            return False
        return True

    @property
    def _lendings(self) -> tuple[Lending, ...]:
        return (self._worker, self._sign_in, self._dispatcher)

    def _reads(self) -> AsyncEngine:
        """Made at the first use: the import alone costs a tenth of a second."""
        if self._engine is None:
            from sqlalchemy.ext.asyncio import create_async_engine

            self._engine = create_async_engine(
                "postgresql+psycopg_async://",
                async_creator=lambda: _connect(self._url, Role.WORKER),
                pool_size=_SMALL_POOL,
                pool_timeout=_SECONDS_FOR_A_CONNECTION,
                pool_pre_ping=True,
                use_native_hstore=False,
            )
        return self._engine


def _lending(url: str, role: Role, size: int) -> Lending:
    pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
        url,
        kwargs=_settings(role) | {"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=_SECONDS_FOR_A_CONNECTION,
        # a pool that gave up tries anew when it is asked; one that did not waits ever longer
        reconnect_timeout=_SECONDS_FOR_A_CONNECTION,
        name=role.value,
        open=False,
    )
    return Lending(pool)


def _settings(role: Role) -> dict[str, Any]:
    return {
        "options": connect_options(role),
        "application_name": "evenkeel",
        "connect_timeout": int(_SECONDS_FOR_A_CONNECTION),
        "client_encoding": "UTF8",
        "prepare_threshold": 0,
    }


async def _connect(url: str, role: Role) -> Connection:
    return await psycopg.AsyncConnection.connect(url, **_settings(role))


@asynccontextmanager
async def _taken(lending: Lending) -> AsyncIterator[Connection]:
    with translated():
        async with lending.connection() as connection:
            yield connection
