"""People, how platforms know them, what they agreed to, how they want to be spoken to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.registry import (
    LeaseEnd,
    Lookup,
    MadeAt,
    Object,
    Row,
    Sealed,
    Yes,
    of_user,
    one_of,
)


class User(Row):
    """A person. The nil uuid is the system's own, for events that belong to nobody."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("username"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[Lookup | None]
    username: Mapped[Lookup | None]
    is_active: Mapped[Yes]
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class AuthIdentityKey(Row):
    """Makes an identity one person's in the whole world, which a table cut by person cannot."""

    __tablename__ = "auth_identity_keys"
    __table_args__ = (
        PrimaryKeyConstraint("provider", "provider_id"),
        UniqueConstraint("provider", "provider_id", "user_id"),
        of_user(),
        Index("idx_auth_identity_keys_user", "user_id"),
    )

    provider: Mapped[str]
    provider_id: Mapped[Lookup]
    user_id: Mapped[UUID]


class AuthIdentity(Row):
    """How a platform knows a person. `provider_id` is the platform's id with its workspace."""

    __tablename__ = "auth_identities"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "provider", "provider_id"),
        of_user(),
        ForeignKeyConstraint(
            ["provider", "provider_id", "user_id"],
            [
                "app.auth_identity_keys.provider",
                "app.auth_identity_keys.provider_id",
                "app.auth_identity_keys.user_id",
            ],
        ),
        Index("idx_auth_identities_key", "provider", "provider_id", "user_id"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    provider: Mapped[str]
    provider_id: Mapped[Lookup]
    provider_data: Mapped[Sealed | None]
    created_at: Mapped[MadeAt]


class Consent(Row):
    """A yes or a no to one purpose; the newest of a purpose counts. `consent_text` is ours, as
    it was shown."""

    __tablename__ = "consents"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        of_user(),
        Index("idx_consents_user_type", "user_id", "consent_type", "created_at"),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    consent_type: Mapped[str]
    version: Mapped[int]
    consent_text: Mapped[str]
    granted: Mapped[bool]
    granted_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[MadeAt]


class Profile(Row):
    """`preferences` holds `locale` (BCP 47), `region` (ISO 3166 alpha-2), `timezone` (IANA)."""

    __tablename__ = "profiles"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id"),
        of_user(),
    )

    id: Mapped[UUID]
    user_id: Mapped[UUID]
    display_name: Mapped[Sealed | None]
    bio: Mapped[Sealed | None]
    preferences: Mapped[Object]
    details: Mapped[Object] = mapped_column("metadata")
    created_at: Mapped[MadeAt]
    updated_at: Mapped[MadeAt]


class Erasure(Row):
    """Somebody who is to be erased or was, and the receipt. `address` is sealed with the
    deployment's key, and emptied once the receipt was sent."""

    __tablename__ = "erasures"
    __table_args__ = (
        PrimaryKeyConstraint("user_id"),
        of_user(),
        one_of("reason", "asked", "operator", "never_agreed", "case_closed", "replayed"),
        CheckConstraint("told_at IS NULL OR erased_at IS NOT NULL", name="told_after_erased"),
        Index(
            "idx_erasures_todo",
            "requested_at",
            postgresql_where=text("erased_at IS NULL OR told_at IS NULL"),
        ),
    )

    user_id: Mapped[UUID]
    reason: Mapped[str]
    locale: Mapped[str | None]
    address: Mapped[bytes | None]
    receipt: Mapped[Any | None] = mapped_column(JSONB())
    requested_at: Mapped[MadeAt]
    erased_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    lease_until: Mapped[LeaseEnd]
