"""Who did what to whose data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import Row, of_user


class AuditLog(Row):
    """Appended, never changed. Values name fields, never what a sealed one holds."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id", "created_at"),
        of_user(),
        Index("idx_audit_logs_user_created", "user_id", "created_at"),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    resource_type: Mapped[str]
    resource_id: Mapped[UUID | None]
    old_values: Mapped[Any | None] = mapped_column(JSONB())
    new_values: Mapped[Any | None] = mapped_column(JSONB())
    ip_address: Mapped[str | None] = mapped_column(INET())
    user_agent: Mapped[str | None]
    created_at: Mapped[datetime]
