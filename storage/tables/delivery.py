"""Updates on their way in and replies on their way out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, PrimaryKeyConstraint, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import LeaseEnd, MadeAt, Row, Sealed, Zero, of_conversation, one_of


class InboxEntry(Row):
    """An update that was taken in. `key` is a keyed hash of the platform's own id, so that a
    second delivery is refused; `entry` the screened update, sealed, for whoever runs it."""

    __tablename__ = "inbox"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "key"),
        of_conversation(),
        one_of("kind", "said", "pressed", "other"),
        Index("idx_inbox_todo", "received_at", postgresql_where=text("done_at IS NULL")),
        Index(
            "idx_inbox_conversation_todo",
            "user_id",
            "conversation_id",
            "received_at",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID]
    key: Mapped[bytes]
    conversation_id: Mapped[UUID]
    message_id: Mapped[UUID]
    kind: Mapped[str]
    entry: Mapped[Sealed | None]
    received_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    done_at: Mapped[datetime | None]


class OutboxEntry(Row):
    """A reply, in its order within the conversation. `platform_ref` is the platform's id of the
    message once it was sent. `unknown`: the platform's answer was lost."""

    __tablename__ = "outbox"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "conversation_id", "seq"),
        of_conversation(),
        one_of("class", "safety", "normal"),
        one_of("state", "queued", "sending", "sent", "unknown", "dead"),
        Index("idx_outbox_due", "due_at", postgresql_where=text("state IN ('queued', 'sending')")),
        Index(
            "idx_outbox_conversation_unsent",
            "user_id",
            "conversation_id",
            "seq",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "idx_outbox_settled",
            "created_at",
            postgresql_where=text("state NOT IN ('queued', 'sending')"),
        ),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[UUID | None]
    urgency: Mapped[str] = mapped_column("class")
    platform: Mapped[str]
    payload: Mapped[Sealed]
    state: Mapped[str] = mapped_column(server_default="queued")
    attempts: Mapped[Zero]
    due_at: Mapped[MadeAt]
    lease_until: Mapped[LeaseEnd]
    platform_ref: Mapped[Sealed | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]


class SpentKey(Row):
    """The keyed hash of an update that somebody sent who was erased since: a platform that
    delivers it again must not sign them up anew. Forgotten after two days."""

    __tablename__ = "spent_keys"
    __table_args__ = (Index("idx_spent_keys_spent", "spent_at"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    spent_at: Mapped[MadeAt]
