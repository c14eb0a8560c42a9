"""Who did what to whose data."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import Row, of_user


class AuditLog(Row):
    """Appended, never changed. Values name fields, never what a sealed one holds. `mac` covers
    the entry and the one numbered before it."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id", "created_at"),
        of_user(),
        Index("idx_audit_logs_user_created", "user_id", "created_at"),
        Index("idx_audit_logs_user_seq", "user_id", "seq"),
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
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes]


class AuditHead(Row):
    """Where a person's chain of audit entries ends, and where it begins since older months were
    dropped. `mac` is that of the entry numbered `seq`."""

    __tablename__ = "audit_heads"
    __table_args__ = (
        PrimaryKeyConstraint("user_id"),
        of_user(),
        CheckConstraint("checkpoint_seq <= seq", name="checkpoint_is_past"),
    )

    user_id: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    mac: Mapped[bytes] = mapped_column(server_default="")
    checkpoint_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    checkpoint_mac: Mapped[bytes] = mapped_column(server_default="")
