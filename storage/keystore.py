"""Where wrapped keys live: a small database of its own, outside the cluster and its backups.

Erasing a person destroys their wrapped key here. Were it kept with the rows, every base backup
and WAL archive of the cluster would bring it back. The default is a SQLite file in the data
folder; several machines share another PostgreSQL (`EVENKEEL_KEY_STORE`).
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from storage.errors import KeyTakenError, StorageConfigurationError, StorageUnavailableError

T = TypeVar("T")

METADATA: Final = sa.MetaData()

DEPLOYMENT_KEYS: Final = sa.Table(
    "deployment_keys",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

USER_KEYS: Final = sa.Table(
    "user_keys",
    METADATA,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("erased_at", sa.DateTime(timezone=True)),
    # An erased person's row stays as a tombstone, so that a restored cluster can be told again.
    sa.CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name="erased_has_no_key"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WrappedKey:
    """A person's key as it is stored; `wrapped` is None once they were erased."""

    user_id: UUID
    wrapped: bytes | None


class KeyStore:
    """Calls run in a thread: they are rare (a new person, a key not opened lately)."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, *, data_dir: Path, url: str | None) -> KeyStore:
        """Open the store and make its tables when they are not there yet."""
        engine = _server(url) if url else _file(data_dir / "keys.sqlite")
        store = cls(engine)
        await asyncio.to_thread(store._make_tables)
        return store

    async def close(self) -> None:
        await asyncio.to_thread(self._engine.dispose)

    async def deployment_keys(self) -> dict[str, bytes]:
        """The wrapped keys of the deployment by name; empty in a new store."""

        def read(connection: sa.Connection) -> dict[str, bytes]:
            rows = connection.execute(sa.select(DEPLOYMENT_KEYS.c.name, DEPLOYMENT_KEYS.c.wrapped))
            return {row.name: row.wrapped for row in rows}

        return await self._run(read)

    async def add_deployment_keys(self, wrapped: Mapping[str, bytes]) -> dict[str, bytes]:
        """Store the first set of keys and return what is stored: of two workers that start at
        once only one set stays, whole."""
        now = datetime.now(UTC)
        rows = [{"name": name, "wrapped": key, "created_at": now} for name, key in wrapped.items()]

        def add(connection: sa.Connection) -> None:
            connection.execute(sa.insert(DEPLOYMENT_KEYS), rows)

        with suppress(KeyTakenError):
            await self._run(add)
        return await self.deployment_keys()

    async def user_key(self, user_id: UUID) -> WrappedKey | None:
        query = sa.select(USER_KEYS.c.wrapped).where(USER_KEYS.c.user_id == user_id)
        row = await self._run(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else WrappedKey(user_id=user_id, wrapped=row.wrapped)

    async def add_user_key(self, user_id: UUID, wrapped: bytes) -> None:
        row = {"user_id": user_id, "wrapped": wrapped, "created_at": datetime.now(UTC)}
        await self._run(lambda connection: connection.execute(sa.insert(USER_KEYS), row))

    async def erase_user_key(self, user_id: UUID) -> bool:
        """Destroy a person's key for good; False when there was none to destroy."""
        erase = (
            sa.update(USER_KEYS)
            .where(USER_KEYS.c.user_id == user_id, USER_KEYS.c.erased_at.is_(None))
            .values(wrapped=None, erased_at=datetime.now(UTC))
        )
        return await self._run(lambda connection: connection.execute(erase).rowcount == 1)

    async def drop_user_key(self, user_id: UUID) -> None:
        """Take back the key of a sign-up that did not happen; it sealed nothing."""
        drop = sa.delete(USER_KEYS).where(USER_KEYS.c.user_id == user_id)
        await self._run(lambda connection: connection.execute(drop))

    async def _run(self, work: Callable[[sa.Connection], T]) -> T:
        return await asyncio.to_thread(self._in_transaction, work)

    def _in_transaction(self, work: Callable[[sa.Connection], T]) -> T:
        with _translated(), self._engine.begin() as connection:
            return work(connection)

    def _make_tables(self) -> None:
        with _translated():
            try:
                METADATA.create_all(self._engine)
            except SQLAlchemyError:  # another worker was making them at this very moment
                METADATA.create_all(self._engine)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as exc:
        raise KeyTakenError from exc
    except SQLAlchemyError as exc:
        raise StorageUnavailableError(
            "The key store cannot be used. Check that its database runs, or that the data folder "
            "is writable and not full."
        ) from exc


def _server(url: str) -> sa.Engine:
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres") or not rest:
        raise StorageConfigurationError("EVENKEEL_KEY_STORE must begin with postgresql://.")
    return sa.create_engine(f"postgresql+psycopg://{rest}", pool_size=2, pool_pre_ping=True)


def _file(path: Path) -> sa.Engine:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before SQLite opens it: SQLite would use the process's umask, and its journal
        # takes the mode of the file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as exc:
        raise StorageConfigurationError(
            f"The key store {path} cannot be opened ({exc.strerror}). Check EVENKEEL_DATA_DIR."
        ) from exc
    waiting = {"timeout": 30}  # seconds, while another process writes
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool, connect_args=waiting)
    sa.event.listen(engine, "connect", _overwrite_what_is_deleted)
    return engine


def _overwrite_what_is_deleted(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA secure_delete = ON")
