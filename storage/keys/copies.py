"""A copy of the key store in one file, and its way back without bringing back who was erased.

A copy holds wrapped keys only, so it opens nothing without the master key. It is the same kind of
SQLite file whichever database keeps the store, written from one reading transaction; what else
lives in that database (notes on audit chains) is no part of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from storage.errors import StorageConfigurationError, StorageError
from storage.keys.engines import (
    KeyStoreNewerError,
    file_engine,
    make_tables,
    read_only_engine,
    refuse_newer,
    translated,
)
from storage.keys.store import KeyStore
from storage.keys.tables import DEPLOYMENT_KEYS, USER_KEYS
from storage.lasting import make_lasting

ROWS_AT_ONCE: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """How many people's keys are in a copy, and how many tombstones."""

    people: int
    erased: int


async def copy_keys(store: KeyStore, path: Path) -> Copied:
    """Write a copy to `path`, mode 0600, whole or not at all; a file that is there stays. Raises
    StorageConfigurationError when it cannot be written."""
    return await asyncio.to_thread(_copy, store, path)


def _copy(store: KeyStore, path: Path) -> Copied:
    if path.exists():
        raise StorageConfigurationError(f"{path} exists already. Give the copy another name.")
    with _drafted(path) as draft:
        engine = file_engine(draft)
        try:
            make_tables(engine)
            with translated(), engine.begin() as target:
                copied = store.read_now(lambda source: _copy_rows(source, target))
        finally:
            engine.dispose()
    return copied


def _copy_rows(source: sa.Connection, target: sa.Connection) -> Copied:
    people = erased = 0
    for table in (DEPLOYMENT_KEYS, USER_KEYS):
        for rows in source.execute(sa.select(table)).mappings().partitions(ROWS_AT_ONCE):
            target.execute(sa.insert(table), [dict(row) for row in rows])
            if table is USER_KEYS:
                erased += sum(row["wrapped"] is None for row in rows)
                people += sum(row["wrapped"] is not None for row in rows)
    return Copied(people=people, erased=erased)


@contextmanager
def _drafted(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its name once it is written and on the disk."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # mode 0600
        os.close(descriptor)
        draft = Path(name)
        try:
            yield draft
            make_lasting(draft)
            draft.rename(path)
            make_lasting(path.parent)
        finally:
            for left in (draft, Path(f"{draft}-journal")):
                left.unlink(missing_ok=True)
    except OSError as exc:
        raise StorageConfigurationError(
            f"The copy {path} cannot be written ({exc.strerror}). Nothing of it was left there."
        ) from exc


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyCopy:
    """What a copy holds, as it is stored there."""

    deployment: Mapping[str, Any]
    people: tuple[Mapping[str, Any], ...]

    @property
    def wrapped(self) -> dict[str, bytes]:
        return {name: row["wrapped"] for name, row in self.deployment.items()}


def read_copy(path: Path) -> KeyCopy:
    """Read a copy, whole. Raises StorageConfigurationError for anything that is not one."""
    if not path.is_file():
        raise StorageConfigurationError(f"There is no copy of the key store at {path}.")
    with contextlib.closing(_Copy(path)) as copy:
        return copy.read()


class _Copy:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = read_only_engine(path)

    def close(self) -> None:
        self._engine.dispose()

    def read(self) -> KeyCopy:
        try:
            with translated():
                refuse_newer(self._engine)
                with self._engine.begin() as connection:
                    self._require_whole(connection)
                    return _contents(connection)
        except KeyStoreNewerError:
            raise
        except StorageError:
            raise self._not_whole() from None

    def _require_whole(self, connection: sa.Connection) -> None:
        if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
            raise self._not_whole()

    def _not_whole(self) -> StorageConfigurationError:
        return StorageConfigurationError(
            f"{self._path} is not a whole copy of a key store. Take another one; nothing was "
            "changed."
        )


def _contents(connection: sa.Connection) -> KeyCopy:
    deployment = connection.execute(sa.select(DEPLOYMENT_KEYS)).mappings()
    people = connection.execute(sa.select(USER_KEYS)).mappings()
    return KeyCopy(
        deployment={row["name"]: dict(row) for row in deployment},
        people=tuple(dict(row) for row in people),
    )
