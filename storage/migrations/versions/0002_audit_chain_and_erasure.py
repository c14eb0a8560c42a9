"""The audit chain, erasures with their receipts, and what retention needs to look for.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

from storage import online, placement

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
OF_PERSONS = ("audit_heads", "erasures")


def upgrade() -> None:
    online.create_index(
        "idx_outbox_conversation_unsent",
        "outbox",
        "(user_id, conversation_id, seq) WHERE state IN ('queued', 'sending')",
    )
    online.create_index(
        "idx_outbox_settled", "outbox", "(created_at) WHERE state NOT IN ('queued', 'sending')"
    )
    # from here on one transaction: all of it or nothing
    hash_partitions = len(online.partitions("conversations"))
    by_user = "PARTITION BY HASH (user_id)" if hash_partitions else ""
    online.run_file(SQL / "1_tables.sql", by_user=by_user)
    for table in OF_PERSONS:
        online.cut_by_user(table, hash_partitions)
    if placement.is_placed():
        placement.place((*OF_PERSONS, "spent_keys"))
    online.run_file(SQL / "2_row_security.sql")


def downgrade() -> None:
    op.execute("DROP INDEX app.idx_outbox_settled, app.idx_outbox_conversation_unsent")
    op.execute("DROP TABLE app.spent_keys, app.erasures, app.audit_heads")
    op.execute("ALTER TABLE app.audit_logs DROP COLUMN mac, DROP COLUMN seq")
    for table in ("users", "consents", "ai_runs", "safety_events", "crisis_flags"):
        op.execute(f"DROP POLICY queue ON app.{table}")
        op.execute(f"REVOKE ALL ON app.{table} FROM evenkeel_dispatcher")
