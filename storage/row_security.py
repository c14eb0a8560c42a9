"""Who may see which rows: the roles, how a connection takes one, and the rules, checked.

Policies and grants themselves are in the migrations. A worker owns nothing and sees the rows of
the person it acts for; each other kind of reader is a role of its own. This stops bugs and
borrowed connections, not a worker that was taken over: see docs/safety-case.md.
"""

from __future__ import annotations

import enum
from typing import Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow


class Role(enum.StrEnum):
    """Group roles, none of which can log in."""

    OWNER = "evenkeel_owner"  # owns the schema; migrations only
    WORKER = "evenkeel_worker"  # one person's own rows
    SIGN_IN = "evenkeel_signin"  # finds and signs up people
    DISPATCHER = "evenkeel_dispatcher"  # what is due, without content
    COUNSELOR = "evenkeel_counselor"  # flags and escalations, without content
    AUDITOR = "evenkeel_auditor"  # the audit log


LOGIN: Final = "evenkeel_app"
"""What a worker logs in as: inherits nothing, takes one of `LOGIN_MAY_BE` at connect time."""

LOGIN_MAY_BE: Final = (Role.WORKER, Role.SIGN_IN, Role.DISPATCHER, Role.COUNSELOR)

SYSTEM_USER: Final = UUID(int=0)
"""The user that events of the system itself belong to."""

ACT_FOR: Final = "SELECT set_config('app.user_id', %s::text, true)"
"""Names the person a transaction acts for; forgotten when it ends."""


def act_for_everywhere(user_id: UUID) -> LiteralString:
    """As `ACT_FOR`, on Citus: it tells its nodes what SET LOCAL says and nothing else. SET takes
    no parameters; a UUID spells itself, so nothing else can get into the statement."""
    return f"SET LOCAL app.user_id = '{UUID(int=user_id.int)}'"


def connect_options(role: Role) -> str:
    """The `options` of a connection that works as `role`. Plans are generic: row security costs
    nothing measurable with them, and a quarter to a half with plans made anew."""
    settings = {
        "role": role.value,
        "plan_cache_mode": "force_generic_plan",
        "timezone": "UTC",
        "datestyle": "ISO",
        "default_transaction_isolation": r"read\ committed",
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
        "citus.propagate_set_commands": "local",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def ensure_roles(connection: psycopg.Connection[TupleRow]) -> None:
    """Create the roles that are missing and let the login and the migrating user take theirs.
    Roles belong to the whole cluster, so another database's migration may be doing the same."""
    for role in Role:
        _create_role(connection, role, "NOLOGIN")
    _create_role(connection, LOGIN, "LOGIN NOINHERIT")
    for role in LOGIN_MAY_BE:
        _grant(connection, role, LOGIN)
    me, may_anything = _ourselves(connection)
    if not may_anything:
        for role in (Role.OWNER, *LOGIN_MAY_BE):
            _grant(connection, role, me)


def _ourselves(connection: psycopg.Connection[TupleRow]) -> tuple[str, bool]:
    row = connection.execute(
        "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return (row[0], row[1]) if row else ("", False)


def _create_role(connection: psycopg.Connection[TupleRow], name: str, kind: LiteralString) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    if known is None:
        role = sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(name), sql.SQL(kind))
        _tolerating_twins(connection, role)


def _grant(connection: psycopg.Connection[TupleRow], role: str, member: str) -> None:
    # who creates a role on PostgreSQL 16 and newer administers it but may not yet become it
    may_become = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    held = connection.execute("SELECT pg_has_role(%s, %s, %s)", (member, role, may_become))
    if held.fetchone() != (True,):
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(member))
        _tolerating_twins(connection, grant)


def _tolerating_twins(connection: psycopg.Connection[TupleRow], statement: sql.Composed) -> None:
    try:
        with connection.transaction():
            connection.execute(statement)
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        pass  # a twin was faster
    except psycopg.errors.InternalError_ as exc:
        if "concurrently updated" not in str(exc):
            raise
