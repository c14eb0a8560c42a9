"""What a person keeps here: assessments taken, moods, journal, goals, recommendations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Numeric,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import MadeAt, Object, Row, Sealed, Yes, of_user, one_of


class AssessmentAttempt(Row):
    """One person's run of one form. `responses` are all answers so far, sealed."""

    __tablename__ = "assessment_attempts"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        ForeignKeyConstraint(["form_id"], ["app.assessment_forms.id"]),
        one_of("status", "pending", "completed", "expired"),
        Index("idx_assessment_attempts_user_form", "user_id", "form_id"),
        Index("idx_assessment_attempts_form", "form_id"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    form_id: Mapped[UUID]
    responses: Mapped[Sealed | None]
    status: Mapped[str] = mapped_column(server_default="pending")
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class AssessmentScore(Row):
    """One score of an attempt, of which exactly one is of type `total`. `score_data` holds the
    band and numbers, no free text."""

    __tablename__ = "assessment_scores"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "attempt_id", "score_type"),
        ForeignKeyConstraint(
            ["user_id", "attempt_id"],
            ["app.assessment_attempts.user_id", "app.assessment_attempts.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    attempt_id: Mapped[UUID]
    score_type: Mapped[str]
    score_value: Mapped[Decimal] = mapped_column(Numeric(10, 4))
    score_data: Mapped[Any | None] = mapped_column(JSONB())
    interpretation: Mapped[Sealed | None]
    calculated_at: Mapped[MadeAt]
    created_at: Mapped[MadeAt]


class MoodEntry(Row):
    """A mood from 1 (very low) to 10 (very good), with a note in `context_data`."""

    __tablename__ = "mood_entries"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id", "entry_timestamp"),
        of_user(),
        CheckConstraint("mood_score BETWEEN 1 AND 10", name="mood_score"),
        CheckConstraint("mood_label ~ '^[a-z_]{1,32}$'", name="mood_label_is_a_key"),
        Index("idx_mood_entries_user_timestamp", "user_id", "entry_timestamp"),
        {"postgresql_partition_by": "RANGE (entry_timestamp)"},
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    mood_score: Mapped[int]
    mood_label: Mapped[str | None]
    context_data: Mapped[Sealed | None]
    entry_timestamp: Mapped[datetime]
    created_at: Mapped[MadeAt]


class JournalEntry(Row):
    """`content` is masked, `originals` what the masks stand for, if kept."""

    __tablename__ = "journal_entries"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        Index("idx_journal_entries_user_date", "user_id", "entry_date"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    title: Mapped[Sealed | None]
    content: Mapped[Sealed]
    originals: Mapped[Sealed | None]
    mood_data: Mapped[Sealed | None]
    tags: Mapped[list[str]] = mapped_column(JSONB(), server_default=text("'[]'"))
    is_private: Mapped[Yes]
    entry_date: Mapped[datetime]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class Goal(Row):
    __tablename__ = "goals"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        one_of("status", "active", "completed", "paused", "cancelled"),
        Index("idx_goals_user_status", "user_id", "status"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    title: Mapped[Sealed]
    description: Mapped[Sealed | None]
    category: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default="active")
    target_date: Mapped[date | None]
    progress_data: Mapped[Any | None] = mapped_column(JSONB())
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class Recommendation(Row):
    __tablename__ = "recommendations"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        one_of("status", "pending", "delivered", "read", "actioned"),
        Index("idx_recommendations_user_status", "user_id", "status"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    recommendation_type: Mapped[str]
    content: Mapped[Sealed]
    details: Mapped[Object] = mapped_column("metadata")
    status: Mapped[str] = mapped_column(server_default="pending")
    delivered_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]
