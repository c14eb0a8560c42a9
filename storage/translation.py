"""The border to PostgreSQL: psycopg's errors go in, the `StorageError` family comes out.

A server's own words may quote a row, so none of them are passed on: a translated error says
what to do, and at most the SQLSTATE and the names of a constraint and a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import psycopg_pool

from storage.errors import (
    FencedError,
    LockedError,
    MonthMissingError,
    ParentGoneError,
    StorageConfigurationError,
    StorageError,
    StorageUnavailableError,
)

FENCED: Final = "EK001"
_LOCKED: Final = ("55P03", "40P01")
_NOT_POSTGRES: Final = "not PostgreSQL"
_CHECK: Final = "23514"
"""Also what PostgreSQL says of a row that no partition takes: then without a constraint's name."""
NO_PARENT: Final = "23503"

_UNAVAILABLE: Final = {
    "25006": "The database is read-only; Evenkeel needs one it can write to.",
    "53100": "The database's disk is full. Make room; nothing of this turn was stored.",
    "53300": "The database has no connection left. Raise max_connections or run fewer workers.",
    "57014": "A statement took too long and was stopped. The database may be overloaded.",
}
_RETRY_CLASSES: Final = ("08", "40", "53", "55", "57", "58")

_CONFIGURATION: Final = {
    _NOT_POSTGRES: "What answers at DATABASE_URL is not PostgreSQL. Check host and port.",
    "28000": "The database does not let this user in. Check DATABASE_URL and pg_hba.conf.",
    "28P01": "The database refuses the user or password. Check DATABASE_URL.",
    "3D000": "The database named in DATABASE_URL does not exist. Create it or correct the name.",
    "3F000": "The database has no schema for Evenkeel. Run `evenkeel migrate`.",
    "42P01": "A table is missing in the database. Run `evenkeel migrate`.",
    "42703": "A column is missing in the database. Run `evenkeel migrate`.",
    "42704": "A role is missing in the database. Run `evenkeel migrate`.",
    "42883": "A function is missing in the database. Run `evenkeel migrate`.",
    "42501": (
        "The database user lacks a right Evenkeel needs. Use an administrator's DATABASE_URL to "
        "run `evenkeel migrate`, and a member of evenkeel_worker to run workers."
    ),
}

# What a server says when it refuses a connection carries no SQLSTATE, only words.
_REFUSALS: Final = (
    (re.compile(r"password authentication failed|no password supplied"), "28P01"),
    (
        re.compile(r"no pg_hba.conf entry|[Pp]eer authentication failed|not permitted to log"),
        "28000",
    ),
    (re.compile(r'role "[^"]*" does not exist'), "42704"),
    (re.compile(r'database "[^"]*" does not exist'), "3D000"),
    (re.compile(r"permission denied (to set role|for database)"), "42501"),
    (re.compile(r"too many (connections|clients)|remaining connection slots"), "53300"),
    (
        re.compile(r"invalid response to \w+ negotiation|expected authentication request"),
        _NOT_POSTGRES,
    ),
)


@contextmanager
def translated() -> Iterator[None]:
    """Run a block of psycopg calls; what it raises is of the `StorageError` family."""
    try:
        yield
    except (psycopg_pool.PoolTimeout, psycopg_pool.PoolClosed, psycopg_pool.TooManyRequests):
        raise StorageUnavailableError from None
    except psycopg.Error as exc:
        raise _meaning(exc) from None
    except Exception as exc:
        wrapped = getattr(exc, "orig", None)  # SQLAlchemy's errors hold psycopg's
        if isinstance(wrapped, psycopg.Error):
            raise _meaning(wrapped) from None
        raise


def _meaning(exc: psycopg.Error) -> StorageError:
    state = exc.sqlstate or _refusal(str(exc))
    if state == FENCED:
        return FencedError()
    if state == NO_PARENT:
        return ParentGoneError(_refused(exc, state))
    if state in _CONFIGURATION:
        return StorageConfigurationError(_CONFIGURATION[state])
    if state in _LOCKED:
        return LockedError()
    if state == _CHECK and exc.diag.constraint_name is None:
        return MonthMissingError()
    if state in _UNAVAILABLE:
        return StorageUnavailableError(_UNAVAILABLE[state])
    if state is None:
        return _without_state(exc)
    if state.startswith(_RETRY_CLASSES):
        return StorageUnavailableError()
    return StorageError(_refused(exc, state))


def _refusal(words: str) -> str | None:
    return next((state for pattern, state in _REFUSALS if pattern.search(words)), None)


def _without_state(exc: psycopg.Error) -> StorageError:
    """The connection never was or is gone, or psycopg itself refused what it was given."""
    if isinstance(exc, (psycopg.OperationalError, psycopg.InterfaceError)):
        return StorageUnavailableError()
    return StorageError(f"The database refused a statement: {type(exc).__name__}.")


def _refused(exc: psycopg.Error, state: str) -> str:
    places = (exc.diag.constraint_name, exc.diag.table_name)
    where = " of ".join(place for place in places if place)
    return f"The database refused a statement: SQLSTATE {state}{f' ({where})' if where else ''}."
