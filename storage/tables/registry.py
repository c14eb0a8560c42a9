"""What all tables have in common: their schema, names of constraints, kinds of columns.

Every user-scoped table has `user_id` in its primary and foreign keys, so that it can be cut by
person. The migrations create tables; these models read and write them, and a test holds the two
together. There are no lazy relationships: a join says what it costs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Row(DeclarativeBase):
    metadata: ClassVar[MetaData] = MetaData(
        schema="app",
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
        datetime: DateTime(timezone=True),
    }


Sealed = Annotated[bytes, mapped_column(LargeBinary())]
"""Sealed with the person's key: see `storage.encryption`."""

Lookup = Annotated[bytes, mapped_column(LargeBinary())]
"""Sealed deterministically with the deployment's key: equal values are equal bytes."""

MadeAt = Annotated[datetime, mapped_column(server_default=func.now())]
Zero = Annotated[int, mapped_column(server_default=text("0"))]
Yes = Annotated[bool, mapped_column(server_default=text("true"))]
No = Annotated[bool, mapped_column(server_default=text("false"))]
Object = Annotated[dict[str, Any], mapped_column(JSONB(), server_default=text("'{}'"))]
LeaseEnd = Annotated[
    datetime,
    mapped_column(DateTime(timezone=True), server_default=text("'-infinity'"), deferred=True),
]
"""Compared in SQL with the database's clock only: Python has no time before year 1."""


def one_of(column: str, *values: str) -> CheckConstraint:
    """A closed vocabulary."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def of_user() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["user_id"], ["app.users.id"])


def of_conversation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["user_id", "conversation_id"],
        ["app.conversations.user_id", "app.conversations.id"],
        ondelete="CASCADE",
    )


def of_message() -> ForeignKeyConstraint:
    """By id and the time inside it, since messages are cut by that time."""
    return ForeignKeyConstraint(
        ["user_id", "message_id", "message_created_at"],
        ["app.messages.user_id", "app.messages.id", "app.messages.created_at"],
        ondelete="CASCADE",
    )


def all_tables() -> MetaData:
    """The metadata with every table in it."""
    from storage.tables import (  # noqa: F401 - each adds its tables
        audit,
        catalogue,
        conversations,
        delivery,
        people,
        records,
        safety,
    )

    return Row.metadata
