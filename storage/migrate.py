"""Brings a database to the schema of this version, and says whether it is there.

Alembic runs the migrations, as the schema's owner, over a connection made here. Alembic and
SQLAlchemy are imported only when there is something to migrate, so that a start with a current
schema stays quick.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import conninfo, sql
from psycopg.rows import TupleRow

from storage.errors import LockedError, StorageConfigurationError
from storage.row_security import Role, connect_options, ensure_roles
from storage.translation import translated

if TYPE_CHECKING:
    from alembic.config import Config

OLDEST_SERVER: Final = 15
PLACED_BY_CITUS: Final = "placed by Citus"
"""What the schema says of itself, in its comment."""
LOCK_TIMEOUT: Final = "800ms"
"""Of a migration: below PostgreSQL's `deadlock_timeout` of one second, so that it is the migration
that gives way and never a person's turn."""
DEFAULT_HASH_PARTITIONS: Final = 4

TABLES: Final = frozenset(
    [
        "ai_runs",
        "assessment_attempts",
        "assessment_forms",
        "assessment_items",
        "assessment_scores",
        "assessments",
        "audit_heads",
        "audit_logs",
        "auth_identities",
        "auth_identity_keys",
        "consents",
        "conversations",
        "crisis_flags",
        "erasures",
        "escalations",
        "feature_flags",
        "flag_assignments",
        "goals",
        "inbox",
        "journal_entries",
        "messages",
        "mood_entries",
        "outbox",
        "profiles",
        "recommendations",
        "safety_events",
        "spent_keys",
        "users",
    ]
)
"""Those of the models, which a start is too short to import."""

_MIGRATIONS: Final = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME: Final = 0x45564B4C  # the key of our advisory lock, "EVKL"
_PAUSES: Final = (0.1, 0.2, 0.5, 1, 2, 2, 4, 4, 8, 8)
"""Seconds between attempts of a migration that met a lock."""


class SchemaState(enum.StrEnum):
    """How a database stands to this version of Evenkeel."""

    ABSENT = "absent"
    EMPTY = "empty"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def _say_nothing(sentence: str) -> None: ...


def migrate(
    url: str,
    *,
    hash_partitions: int = DEFAULT_HASH_PARTITIONS,
    citus: bool = False,
    revision: str = "head",
    tell: Callable[[str], None] = _say_nothing,
) -> None:
    """Create what is missing: the database itself, roles, schema, tables. `url` is that of an
    administrator; `hash_partitions` (0 for none) and `citus` (which takes their place) count when
    the tables are first made. Several processes may ask at once: one migrates, the others find
    the work done. Workers may go on meanwhile: a step that meets their locks gives way and comes
    again, and `tell` is given a sentence about it. Raises LockedError when it met them every
    time. Blocks."""
    with translated():
        _ensure_database(url)
        if revision == "head" and schema_state(url) is SchemaState.CURRENT:
            with _connected(url) as connection:
                _require_whole(connection)
            return
    attributes = {"hash_partitions": 0 if citus else hash_partitions, "citus": citus}
    _patiently(url, lambda command, config: command.upgrade(config, revision), attributes, tell)


def undo_migrations(url: str, revision: str = "base") -> None:
    """Go back to an earlier revision; `base` removes every table and all they hold. Blocks."""
    _patiently(url, lambda command, config: command.downgrade(config, revision), {}, _say_nothing)


def schema_state(url: str) -> SchemaState:
    """Where the schema stands, told without Alembic. Blocks."""
    with translated():
        try:
            with _connected(url, options=connect_options(Role.WORKER)) as connection:
                _require_server(connection)
                return _state(connection)
        except psycopg.OperationalError as exc:
            if f'role "{Role.WORKER}" does not exist' in str(exc):
                return SchemaState.EMPTY
            if _is_absent(exc, url):
                return SchemaState.ABSENT
            raise


def check_schema(url: str) -> None:
    """Refuse a server or a schema that this version cannot work with, and one that takes no
    writes. Blocks."""
    state = schema_state(url)
    if state is SchemaState.ABSENT:
        raise StorageConfigurationError(
            "The database named in DATABASE_URL does not exist. Correct the name, or let `evenkeel "
            "migrate` create it."
        )
    if state is SchemaState.AHEAD:
        raise StorageConfigurationError(
            "The database was migrated by a newer version of Evenkeel. Install that version."
        )
    if state is not SchemaState.CURRENT:
        raise StorageConfigurationError(
            "The database does not have the tables of this version. Run `evenkeel migrate`."
        )
    with translated(), _connected(url, options=connect_options(Role.WORKER)) as connection:
        _require_whole(connection)
        _require_writable(connection)


def _require_writable(connection: psycopg.Connection[TupleRow]) -> None:
    """A standby, or a server that an operator has set to read only."""
    if connection.execute("SHOW transaction_read_only").fetchone() == ("on",):
        raise psycopg.errors.ReadOnlySqlTransaction


def _require_whole(connection: psycopg.Connection[TupleRow]) -> None:
    """What was migrated and lost a table since cannot be mended by migrating."""
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise StorageConfigurationError(
            "The database does not store UTF-8. Create it anew with ENCODING 'UTF8'."
        )
    found = connection.execute(
        "SELECT relname FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = to_regnamespace('app')"
    ).fetchall()
    missing = sorted(TABLES - {name for (name,) in found})
    if missing:
        raise StorageConfigurationError(
            f"The database lost a table: {', '.join(missing)}. Restore a backup of it."
        )


def is_placed_by_citus(url: str) -> bool:
    """Whether `migrate` placed the tables by Citus. Blocks."""
    with translated(), _connected(url) as connection:
        said = connection.execute(
            "SELECT obj_description(to_regnamespace('app')::oid, 'pg_namespace')"
        ).fetchone()
    return said == (PLACED_BY_CITUS,)


@contextmanager
def as_owner(url: str) -> Iterator[psycopg.Connection[TupleRow]]:
    """One transaction as the schema's owner, for an administrator: the catalogue (assessments,
    forms, items, feature flags) is written this way. No person's rows are visible to it."""
    with translated(), _connected(url) as connection, connection.transaction():
        connection.execute(f"SET LOCAL ROLE {Role.OWNER}")
        yield connection


def _connected(url: str, **settings: Any) -> psycopg.Connection[TupleRow]:
    _require_readable(url)
    return psycopg.connect(
        url, autocommit=True, connect_timeout=10, application_name="evenkeel", **settings
    )


def _require_readable(url: str) -> None:
    try:
        conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # its words would repeat the URL, password and all
        raise StorageConfigurationError(
            "DATABASE_URL cannot be read. It looks like postgresql://user:password@host/evenkeel."
        ) from None


def _ensure_database(url: str) -> None:
    """A database that is missing is made, where we may make it."""
    try:
        _connected(url).close()
    except psycopg.OperationalError as exc:
        if not _is_absent(exc, url):
            raise
        with _connected(url, dbname="postgres") as server:
            _create_database(server, _name_in(url))


def _is_absent(exc: psycopg.OperationalError, url: str) -> bool:
    return f'database "{_name_in(url)}" does not exist' in str(exc)


def _name_in(url: str) -> str:
    return str(conninfo.conninfo_to_dict(url).get("dbname") or "")


def _create_database(server: psycopg.Connection[TupleRow], name: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        server.execute(statement.format(sql.Identifier(name)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return  # another starter was faster


def _patiently(
    url: str,
    step: Callable[[ModuleType, Config], None],
    attributes: Mapping[str, object],
    tell: Callable[[str], None],
) -> None:
    """Each revision is a transaction: what met a lock left nothing behind, and is done again."""
    from alembic import command

    for pause in _PAUSES:
        try:
            with translated(), _migrating(url, attributes) as config:
                step(command, config)
                return
        except LockedError:
            tell("A table is in use; the migration gave way to it and tries again in a moment.")
            time.sleep(pause)
    with translated(), _migrating(url, attributes) as config:
        step(command, config)


@contextmanager
def _migrating(url: str, attributes: Mapping[str, object]) -> Iterator[Config]:
    """Hold the lock and prepare the ground; yields a configuration for Alembic."""
    import sqlalchemy

    with _connected(url) as admin:
        _require_server(admin)
        _wait_for_our_turn(admin)
        ensure_roles(admin)
        admin.execute(f"CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION {Role.OWNER}")
        engine = sqlalchemy.create_engine(
            "postgresql+psycopg://",
            creator=lambda: psycopg.connect(
                url, options=f"-c role={Role.OWNER} -c lock_timeout={LOCK_TIMEOUT}"
            ),
            poolclass=sqlalchemy.NullPool,
        )
        with engine.connect() as connection:
            yield _config(connection=connection, **attributes)


def _wait_for_our_turn(admin: psycopg.Connection[TupleRow]) -> None:
    """By asking again and again: an index that is built beside the writers waits for every
    statement that runs, so one that itself waits for the lock would wait for ever."""
    while admin.execute("SELECT pg_try_advisory_lock(%s)", (_ONE_AT_A_TIME,)).fetchone() != (True,):
        time.sleep(0.1)


def _config(**attributes: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes.update(attributes)
    return config


def _require_server(connection: psycopg.Connection[TupleRow]) -> None:
    version = connection.info.server_version // 10000
    if version < OLDEST_SERVER:
        raise StorageConfigurationError(
            f"The server is PostgreSQL {version}; Evenkeel needs {OLDEST_SERVER} or newer."
        )


def _state(connection: psycopg.Connection[TupleRow]) -> SchemaState:
    try:
        row = connection.execute("SELECT version_num FROM app.alembic_version").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return SchemaState.EMPTY
    except psycopg.errors.InsufficientPrivilege:
        if _has_tables(connection):
            raise  # somebody took a right away: migrating does not give it back
        return SchemaState.EMPTY  # a first migration began and did not end
    return _compare(row[0] if row else None)


def _has_tables(connection: psycopg.Connection[TupleRow]) -> bool:
    tables = connection.execute(
        "SELECT FROM pg_catalog.pg_class WHERE relname = 'conversations'"
        " AND relnamespace = to_regnamespace('app')"
    )
    return tables.fetchone() is not None


def _compare(revision: str | None) -> SchemaState:
    """Revisions are numbered: a file of `versions` begins with its own."""
    newest = max(path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("*.py"))
    if revision is None:
        return SchemaState.EMPTY
    if revision == newest:
        return SchemaState.CURRENT
    return SchemaState.AHEAD if revision > newest else SchemaState.BEHIND
