"""Connections to the key store: a SQLite file, or a PostgreSQL that several machines share.

What its database says goes no further, since it may name an address or quote a row: errors leave
here as sentences of the `StorageError` family.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
)

from storage.errors import KeyTakenError, StorageConfigurationError, StorageUnavailableError
from storage.keys.tables import FORMAT, FORMATS, METADATA

SECONDS_TO_CONNECT: Final = 5
SECONDS_TO_WAIT: Final = 30  # while another process writes the file

DAMAGED: Final = (
    "The key store is damaged or is no key store. Move it away and put the newest copy in its "
    "place with `evenkeel keys restore FILE`; nobody's words can be read without it."
)
READ_ONLY: Final = (
    "The key store is read-only. Let Evenkeel write it: an erasure must be able to destroy a key."
)


class KeyStoreNewerError(StorageConfigurationError):
    """The key store was made by a newer version of Evenkeel. Install that version."""


def server_engine(url: str) -> sa.Engine:
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres") or not rest:
        raise StorageConfigurationError("EVENKEEL_KEY_STORE must begin with postgresql://.")
    try:
        return sa.create_engine(
            f"postgresql+psycopg://{rest}",
            pool_size=2,
            pool_pre_ping=True,
            connect_args={"connect_timeout": SECONDS_TO_CONNECT, "application_name": "evenkeel"},
        )
    except (ArgumentError, ValueError):  # its words would repeat the URL, password and all
        raise StorageConfigurationError(
            "EVENKEEL_KEY_STORE cannot be read. It looks like "
            "postgresql://user:password@host/evenkeel_keys."
        ) from None


def file_engine(path: Path) -> sa.Engine:
    """A file that is made, for its owner alone, when there is none."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before SQLite opens it: SQLite would use the process's umask, and its journal
        # takes the mode of the file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as exc:
        raise StorageConfigurationError(
            f"The key store {path} cannot be opened for writing ({exc.strerror}). Check its owner "
            "and mode, and EVENKEEL_DATA_DIR."
        ) from exc
    waiting = {"timeout": SECONDS_TO_WAIT}
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool, connect_args=waiting)
    sa.event.listen(engine, "connect", _prepare_file)
    sa.event.listen(engine, "begin", _begin)
    return engine


def read_only_engine(path: Path) -> sa.Engine:
    """A file that is only looked at, and not made."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)

    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool, creator=connect)
    sa.event.listen(engine, "connect", _prepare_file)
    sa.event.listen(engine, "begin", _begin)
    return engine


def reading(engine: sa.Engine) -> sa.Engine:
    """The same store for a transaction whose statements all see one state of it."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ")
    return engine


def writing(engine: sa.Engine) -> sa.Engine:
    """The same store for a transaction that reads and then writes: nobody comes in between."""
    return engine.execution_options(writes=True)


def _prepare_file(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, reads included
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def make_tables(engine: sa.Engine) -> None:
    """Make what is missing in the store; refuse one that this version cannot work with."""
    with translated():
        refuse_newer(engine)
        try:
            METADATA.create_all(engine)
        except OperationalError as exc:
            if "readonly" in str(exc.orig):
                raise StorageConfigurationError(READ_ONLY) from None
            METADATA.create_all(engine)  # another worker was making them at this very moment
        except SQLAlchemyError:
            METADATA.create_all(engine)
        _write_format(engine)


def refuse_newer(engine: sa.Engine) -> None:
    """Raises KeyStoreNewerError when this version would not understand the store."""
    if not sa.inspect(engine).has_table(FORMATS.name):
        return
    with engine.begin() as connection:
        version = connection.scalar(sa.select(sa.func.max(FORMATS.c.version)))
    if version is not None and version > FORMAT:
        raise KeyStoreNewerError


def _write_format(engine: sa.Engine) -> None:
    """Also shows that the store can be written at all."""
    try:
        with writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                _refuse_read_only(connection)
            if connection.scalar(sa.select(FORMATS.c.version)) is None:
                connection.execute(sa.insert(FORMATS), {"version": FORMAT})
    except IntegrityError:
        return  # a twin was faster


def _refuse_read_only(connection: sa.Connection) -> None:
    if connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
        raise StorageConfigurationError(READ_ONLY)


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError as exc:
        raise KeyTakenError from exc
    except OperationalError as exc:
        if "readonly" in str(exc.orig):
            raise StorageConfigurationError(READ_ONLY) from None
        raise _unavailable() from exc
    except DatabaseError as exc:
        raise _refused(exc.orig) from None
    except SQLAlchemyError as exc:
        raise _unavailable() from exc


def _refused(cause: Any) -> StorageConfigurationError:
    if isinstance(cause, sqlite3.Error):
        return StorageConfigurationError(DAMAGED)
    return StorageConfigurationError(
        "The key store's database does not let Evenkeel work in it. Give the user of "
        "EVENKEEL_KEY_STORE the right to make and write tables there."
    )


def _unavailable() -> StorageUnavailableError:
    return StorageUnavailableError(
        "The key store cannot be used. Check that its database runs and lets this user in, or "
        "that the data folder is writable and not full."
    )
