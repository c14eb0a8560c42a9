"""What is the same for everybody: assessments, their forms and items, feature flags."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import MadeAt, No, Row, Yes, one_of


class Assessment(Row):
    """An instrument. `name` is its id, lower case without punctuation: `phq9`."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    category: Mapped[str | None]
    is_active: Mapped[Yes]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class AssessmentForm(Row):
    """One version of an instrument."""

    __tablename__ = "assessment_forms"
    __table_args__ = (
        UniqueConstraint("assessment_id", "version"),
        ForeignKeyConstraint(["assessment_id"], ["app.assessments.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[UUID]
    version: Mapped[int]
    title: Mapped[str]
    instructions: Mapped[str | None]
    is_active: Mapped[Yes]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class AssessmentItem(Row):
    __tablename__ = "assessment_items"
    __table_args__ = (
        UniqueConstraint("form_id", "order_index"),
        ForeignKeyConstraint(["form_id"], ["app.assessment_forms.id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_id: Mapped[UUID]
    order_index: Mapped[int]
    question_type: Mapped[str]
    question_text: Mapped[str]
    options: Mapped[Any | None] = mapped_column(JSONB())
    validation_rules: Mapped[Any | None] = mapped_column(JSONB())
    is_required: Mapped[Yes]
    created_at: Mapped[MadeAt]


class FeatureFlag(Row):
    __tablename__ = "feature_flags"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str | None]
    is_enabled: Mapped[No]
    conditions: Mapped[Any | None] = mapped_column(JSONB())
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class FlagAssignment(Row):
    """A flag for one user, one group or, without a target, everybody."""

    __tablename__ = "flag_assignments"
    __table_args__ = (
        ForeignKeyConstraint(["flag_id"], ["app.feature_flags.id"], ondelete="CASCADE"),
        one_of("target_type", "user", "group", "global"),
        Index(
            "uq_flag_assignments_target",
            "flag_id",
            "target_type",
            func.coalesce(text("target_id"), text("'00000000-0000-0000-0000-000000000000'::uuid")),
            unique=True,
        ),
        Index(
            "idx_flag_assignments_target_id",
            "target_id",
            postgresql_where=text("target_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    flag_id: Mapped[UUID]
    target_type: Mapped[str]
    target_id: Mapped[UUID | None]
    is_enabled: Mapped[bool]
    override_value: Mapped[Any | None] = mapped_column(JSONB())
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]
