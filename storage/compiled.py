"""Statements made of the models and compiled once, to run on a psycopg connection.

SQLAlchemy writes the SQL; executing it through SQLAlchemy would cost the hot path many times as
much processor time as the statement itself.
"""

from __future__ import annotations

from functools import cache
from typing import LiteralString

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import psycopg

from storage.tables.registry import all_tables


@cache
def insert_into(table: str, columns: tuple[str, ...]) -> LiteralString:
    """One row; a parameter for each column, of the same name."""
    return _compiled(sa.insert(_table(table)).inline(), *columns)


@cache
def message_if_missing() -> LiteralString:
    """A message, unless there is one of this id. Its id is `message_id`."""
    messages = _table("messages")
    id_ = sa.bindparam("message_id", type_=sa.Uuid())
    insert = postgresql.insert(messages).inline().on_conflict_do_nothing()
    dated = insert.values(id=id_, created_at=sa.func.app.uuid7_ts(id_))
    return _compiled(dated, "user_id", "conversation_id", "role", "content")


@cache
def merge_preferences() -> LiteralString:
    """Preferences of `of_user` named in `changes` change, the others stay."""
    profiles = _table("profiles")
    changes = sa.bindparam("changes", type_=profiles.c.preferences.type)
    merged = profiles.c.preferences.op("||")(changes)
    mine = sa.update(profiles).where(profiles.c.user_id == sa.bindparam("of_user"))
    return _compiled(mine.values(preferences=merged, updated_at=sa.func.now()))


@cache
def update_attempt(*columns: str) -> LiteralString:
    """Columns of the attempt `of_id` of `of_user`. One that has ended does not change any more."""
    attempts = _table("assessment_attempts")
    pending = sa.update(attempts).where(
        attempts.c.user_id == sa.bindparam("of_user"),
        attempts.c.id == sa.bindparam("of_id"),
        attempts.c.status == sa.literal_column("'pending'"),
    )
    return _compiled(pending.values(updated_at=sa.func.now()), *columns)


def _table(name: str) -> sa.Table:
    return all_tables().tables[f"app.{name}"]


def _compiled(statement: sa.Insert | sa.Update, *columns: str) -> LiteralString:
    """Made of the models alone, never of data: as good as a literal."""
    dialect = psycopg.dialect()  # type: ignore[no-untyped-call]
    return str(statement.compile(dialect=dialect, column_keys=columns or None))
