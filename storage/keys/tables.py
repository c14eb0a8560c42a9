"""The tables of the key store, the same in a file and on a server."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

FORMAT: Final = 1
"""Raised when the tables change in a way that an older version would not understand."""

METADATA: Final = sa.MetaData()

FORMATS: Final = sa.Table(
    "key_store_format",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
)

DEPLOYMENT_KEYS: Final = sa.Table(
    "deployment_keys",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
)

USER_KEYS: Final = sa.Table(
    "user_keys",
    METADATA,
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    # Of the newest key in the keyset: a person's first, until it was rotated.
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("erased_at", sa.DateTime(timezone=True)),
    # An erased person's row stays as a tombstone, so that a restored cluster can be told again.
    sa.CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name="erased_has_no_key"),
)
