"""Where wrapped keys live: a small database of its own, outside the cluster and its backups.

Erasing a person destroys their wrapped key here. Were it kept with the rows, every base backup
and WAL archive of the cluster would bring it back. The default is a SQLite file in the data
folder; several machines share another PostgreSQL (`EVENKEEL_KEY_STORE`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa

from storage.errors import KeyTakenError
from storage.keys.engines import (
    file_engine,
    make_tables,
    reading,
    server_engine,
    translated,
    writing,
)
from storage.keys.keysets import primary_id
from storage.keys.tables import DEPLOYMENT_KEYS, USER_KEYS

T = TypeVar("T")
Work = Callable[[sa.Connection], T]

FILE: Final = "keys.sqlite"


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedKey:
    """A person's key as it is stored; `wrapped` is None once they were erased."""

    user_id: UUID
    wrapped: bytes | None


class KeyStore:
    """Calls run in a thread: they are rare (a new person, a key not opened lately). Those that
    end in `_now` block, for who is in a thread already."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, *, data_dir: Path, url: str | None) -> KeyStore:
        """Open the store and make its tables when they are not there yet. Raises
        StorageConfigurationError for one that is damaged, read-only or of a newer version."""
        engine = server_engine(url) if url else file_engine(data_dir / FILE)
        await asyncio.to_thread(make_tables, engine)
        return cls(engine)

    async def close(self) -> None:
        await asyncio.to_thread(self._engine.dispose)

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that sees one state of the store."""
        return await asyncio.to_thread(self.read_now, work)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction; it may read first and rely on what it saw where it locks
        the rows (a file is locked as a whole)."""
        return await asyncio.to_thread(self.write_now, work)

    def read_now(self, work: Work[T]) -> T:
        with translated(), reading(self._engine).begin() as connection:
            return work(connection)

    def write_now(self, work: Work[T]) -> T:
        with translated(), writing(self._engine).begin() as connection:
            return work(connection)

    async def deployment_keys(self) -> dict[str, bytes]:
        """The wrapped keys of the deployment by name; empty in a new store."""
        return await self.read(read_deployment_keys)

    def add_deployment_keys_now(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
        """Store the first set of keys and return what is stored: of two workers that start at
        once only one set stays, whole."""
        now = datetime.now(UTC)
        rows = [{"name": name, "wrapped": key, "created_at": now} for name, key in wrapped.items()]

        def add(connection: sa.Connection) -> None:
            connection.execute(sa.insert(DEPLOYMENT_KEYS), rows)

        with suppress(KeyTakenError):
            self.write_now(add)
        return self.read_now(read_deployment_keys)

    async def user_key(self, user_id: UUID) -> WrappedKey | None:
        return await asyncio.to_thread(self.user_key_now, user_id)

    def user_key_now(self, user_id: UUID) -> WrappedKey | None:
        query = sa.select(USER_KEYS.c.wrapped).where(USER_KEYS.c.user_id == user_id)
        row = self.read_now(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else WrappedKey(user_id=user_id, wrapped=row.wrapped)

    async def add_user_key(
        self, user_id: UUID, wrapped: bytes, *, under: int | None = None
    ) -> bool:
        """Store a new person's key. `under` is the id of the wrapping key; False, and nothing is
        stored, when a newer one is in use: a rotation that looked at everybody would have missed
        this person."""
        row = {"user_id": user_id, "wrapped": wrapped, "created_at": datetime.now(UTC)}

        def add(connection: sa.Connection) -> bool:
            if under is not None and under != _wrapping_id_held(connection):
                return False
            connection.execute(sa.insert(USER_KEYS), row)
            return True

        return await self.write(add)

    async def erase_user_key(self, user_id: UUID) -> bool:
        """Destroy a person's key for good; False when there was none to destroy."""
        erase = (
            sa.update(USER_KEYS)
            .where(USER_KEYS.c.user_id == user_id, USER_KEYS.c.erased_at.is_(None))
            .values(wrapped=None, erased_at=datetime.now(UTC))
        )
        return await self.write(lambda connection: connection.execute(erase).rowcount == 1)

    async def erased_users(self) -> list[UUID]:
        """Everybody of whom only a tombstone is left."""
        query = sa.select(USER_KEYS.c.user_id).where(USER_KEYS.c.erased_at.is_not(None))
        return await self.read(lambda connection: list(connection.execute(query).scalars()))

    async def drop_user_key(self, user_id: UUID) -> None:
        """Take back the key of a sign-up that did not happen; it sealed nothing."""
        drop = sa.delete(USER_KEYS).where(USER_KEYS.c.user_id == user_id)
        await self.write(lambda connection: connection.execute(drop))


def read_deployment_keys(connection: sa.Connection) -> dict[str, bytes]:
    rows = connection.execute(sa.select(DEPLOYMENT_KEYS.c.name, DEPLOYMENT_KEYS.c.wrapped))
    return {row.name: row.wrapped for row in rows}


def _wrapping_id_held(connection: sa.Connection) -> int | None:
    """The wrapping key in use, which stays so until the transaction ends."""
    query = sa.select(DEPLOYMENT_KEYS.c.wrapped).where(DEPLOYMENT_KEYS.c.name == "wrapping")
    wrapped = connection.scalar(query.with_for_update(read=True))
    return None if wrapped is None else primary_id(wrapped)
