"""What retention needs: months that may go, dropping one, and finding what hangs on its messages.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from storage import online

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")


def upgrade() -> None:
    online.create_index("idx_audit_logs_user_seq", "audit_logs", "(user_id, seq)")
    online.create_index("idx_ai_runs_message_created", "ai_runs", "(message_created_at)")
    online.create_index(
        "idx_safety_events_message_created", "safety_events", "(message_created_at)"
    )
    online.run_file(SQL / "1_functions.sql")


def downgrade() -> None:
    op.execute("DROP FUNCTION app.drop_month, app.months_before, app.month_ends")
    op.execute("DROP INDEX app.idx_audit_logs_user_seq")
    op.execute("DROP INDEX app.idx_ai_runs_message_created, app.idx_safety_events_message_created")
