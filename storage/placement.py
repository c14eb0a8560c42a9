"""Where tables live on Citus: shared ones on every node, a person's rows together on one.

The functions of Citus were tried on Citus 13 and 14 while this schema was designed; the tests here
see that they are called as documented, not what Citus does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from alembic import op

from storage.errors import StorageConfigurationError
from storage.migrate import PLACED_BY_CITUS

SHARED: Final = (
    "users",
    "assessments",
    "assessment_forms",
    "assessment_items",
    "feature_flags",
    "flag_assignments",
    "auth_identity_keys",
    "spent_keys",
)
"""Small, and asked for without a person: a copy on every node."""

FIRST: Final = "conversations"
"""The table that the others are placed beside."""


def require_citus() -> None:
    """Refuse before anything is made."""
    known = op.get_bind().execute(sa.text("SELECT to_regproc('create_distributed_table')"))
    if known.scalar_one() is None:
        raise StorageConfigurationError(
            "The extension citus is not installed in this database. Run `CREATE EXTENSION citus` "
            "in it as its administrator, or migrate without --citus."
        )


def mark() -> None:
    """So that later migrations place their tables too."""
    op.execute(f"COMMENT ON SCHEMA app IS '{PLACED_BY_CITUS}'")


def is_placed() -> bool:
    said = op.get_bind().execute(
        sa.text("SELECT obj_description('app'::regnamespace, 'pg_namespace')")
    )
    return bool(said.scalar_one() == PLACED_BY_CITUS)


def place(tables: Iterable[str]) -> None:
    """Place new tables, before they have foreign keys: Citus refuses a reference to a table that
    is not placed yet."""
    ordered = sorted(tables, key=lambda name: (name not in SHARED, name != FIRST, name))
    for name in ordered:
        op.execute(f"SELECT {_placed(name)}")


def _placed(name: str) -> str:
    if name in SHARED:
        return f"create_reference_table('app.{name}')"
    if name == FIRST:
        return f"create_distributed_table('app.{name}', 'user_id')"
    return f"create_distributed_table('app.{name}', 'user_id', colocate_with => 'app.{FIRST}')"
