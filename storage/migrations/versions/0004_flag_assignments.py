"""Row security for feature flags that are set for one person.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from storage import online

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")


def upgrade() -> None:
    online.create_index(
        "idx_flag_assignments_target_id",
        "flag_assignments",
        "(target_id) WHERE target_id IS NOT NULL",
    )
    online.run_file(SQL / "1_row_security.sql")


def downgrade() -> None:
    op.execute("REVOKE DELETE ON app.flag_assignments FROM evenkeel_worker")
    op.execute("DROP POLICY own_and_shared ON app.flag_assignments")
    op.execute("DROP POLICY own_erased ON app.flag_assignments")
    op.execute("ALTER TABLE app.flag_assignments NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE app.flag_assignments DISABLE ROW LEVEL SECURITY")
    op.execute("DROP INDEX app.idx_flag_assignments_target_id")
