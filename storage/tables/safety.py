"""What screening found, what a human must handle, and its way to counselors."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Computed,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import (
    LeaseEnd,
    MadeAt,
    No,
    Row,
    Sealed,
    Zero,
    of_conversation,
    of_message,
    one_of,
)


class SafetyEvent(Row):
    """What was found in a message. `event_type` is the domain; reasons are in `event_data`."""

    __tablename__ = "safety_events"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_conversation(),
        of_message(),
        one_of(
            "source",
            *("text", "assessment_item", "screening_failed", "reply", "person", "score"),
            *("pattern", "missed_check_in"),
        ),
        one_of("severity", "low", "medium", "high", "critical"),
        Index("idx_safety_events_conversation", "user_id", "conversation_id"),
        Index("idx_safety_events_message", "user_id", "message_id", "message_created_at"),
        Index("idx_safety_events_message_created", "message_created_at"),
        Index(
            "idx_safety_events_unreviewed",
            "severity",
            "created_at",
            postgresql_where=text("NOT reviewed"),
        ),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    message_id: Mapped[UUID]
    message_created_at: Mapped[datetime] = mapped_column(
        Computed("app.uuid7_ts(message_id)", persisted=True)
    )
    source: Mapped[str]
    event_type: Mapped[str]
    event_data: Mapped[Sealed | None]
    severity: Mapped[str]
    reviewed: Mapped[No]
    created_at: Mapped[MadeAt]


class CrisisFlag(Row):
    """What a human must handle; at most one an event."""

    __tablename__ = "crisis_flags"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "safety_event_id"),
        ForeignKeyConstraint(
            ["user_id", "safety_event_id"],
            ["app.safety_events.user_id", "app.safety_events.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["resolved_by"], ["app.users.id"]),
        one_of("priority", "low", "medium", "high", "urgent"),
        Index("idx_crisis_flags_open", "created_at", postgresql_where=text("NOT resolved")),
        Index(
            "idx_crisis_flags_resolved_by",
            "resolved_by",
            postgresql_where=text("resolved_by IS NOT NULL"),
        ),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    safety_event_id: Mapped[UUID]
    flag_type: Mapped[str]
    priority: Mapped[str]
    resolved: Mapped[No]
    resolved_by: Mapped[UUID | None]
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]


class Escalation(Row):
    """A flag's delivery to counselors: all a dispatcher needs, nothing a person wrote. `alias`
    names the person to counselors without telling who they are."""

    __tablename__ = "escalations"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "flag_id"),
        ForeignKeyConstraint(
            ["user_id", "flag_id"],
            ["app.crisis_flags.user_id", "app.crisis_flags.id"],
            ondelete="CASCADE",
        ),
        one_of("priority", "low", "medium", "high", "urgent"),
        one_of("state", "open", "alerted", "claimed", "closed"),
        Index("idx_escalations_due", "due_at", postgresql_where=text("state <> 'closed'")),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    flag_id: Mapped[UUID]
    alias: Mapped[str]
    priority: Mapped[str]
    flag_type: Mapped[str]
    level: Mapped[Zero]
    state: Mapped[str] = mapped_column(server_default="open")
    attempts: Mapped[Zero]
    due_at: Mapped[MadeAt]
    lease_until: Mapped[LeaseEnd]
    alerted_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]
