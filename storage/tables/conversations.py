"""Conversations, what was said in them, and what a language model was asked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import (
    LeaseEnd,
    MadeAt,
    Object,
    Row,
    Sealed,
    of_conversation,
    of_message,
    of_user,
    one_of,
)


class Conversation(Row):
    """One active conversation a person; `state` is the state of its dialogs. A worker holds it
    by a lease, `epoch` fences a worker whose lease was taken over, `out_seq` numbers replies."""

    __tablename__ = "conversations"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        one_of("status", "active", "completed", "archived"),
        Index(
            "uq_conversations_one_active",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'active'"),
        ),
        Index("idx_conversations_user_activity", "user_id", "last_activity"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    title: Mapped[Sealed | None]
    status: Mapped[str] = mapped_column(server_default="active")
    state: Mapped[Sealed | None]
    epoch: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    lease_owner: Mapped[UUID | None]
    lease_until: Mapped[LeaseEnd]
    out_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    details: Mapped[Object] = mapped_column("metadata")
    started_at: Mapped[MadeAt]
    last_activity: Mapped[MadeAt]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class Message(Row):
    """`content` is what was said, masked; `originals` what the masks stand for, if kept.
    `created_at` is the time inside the id, `app.uuid7_ts(id)`: an id alone finds its month."""

    __tablename__ = "messages"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id", "created_at"),
        of_conversation(),
        one_of("role", "user", "assistant", "system"),
        CheckConstraint("created_at = app.uuid7_ts(id)", name="created_at_is_id_time"),
        Index("idx_messages_conversation_created", "user_id", "conversation_id", "created_at"),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    role: Mapped[str]
    content: Mapped[Sealed]
    originals: Mapped[Sealed | None]
    details: Mapped[Object] = mapped_column("metadata")
    created_at: Mapped[datetime]


class AiRun(Row):
    """One call of a language model. `response_time` is in seconds."""

    __tablename__ = "ai_runs"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_conversation(),
        of_message(),
        Index("idx_ai_runs_conversation", "user_id", "conversation_id"),
        Index("idx_ai_runs_message", "user_id", "message_id", "message_created_at"),
        Index("idx_ai_runs_message_created", "message_created_at"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    message_id: Mapped[UUID]
    message_created_at: Mapped[datetime] = mapped_column(
        Computed("app.uuid7_ts(message_id)", persisted=True)
    )
    model_name: Mapped[str]
    prompt_name: Mapped[str | None]
    prompt_version: Mapped[str | None]
    prompt_data: Mapped[Sealed | None]
    response_data: Mapped[Sealed | None]
    finish_reason: Mapped[str | None]
    error: Mapped[str | None]
    tokens_used: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    response_time: Mapped[Decimal | None] = mapped_column(Numeric(12, 4))
    created_at: Mapped[MadeAt]
