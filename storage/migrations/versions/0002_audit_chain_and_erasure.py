"""The audit chain, erasures with their receipts, and what retention needs to look for.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
OF_PERSONS = ("audit_heads", "erasures")


def upgrade() -> None:
    partitions = _hash_partitions()
    _run("1_tables.sql", by_user="PARTITION BY HASH (user_id)" if partitions else "")
    for table in OF_PERSONS:
        for remainder in range(partitions):
            op.execute(
                f"CREATE TABLE app.{table}_h{remainder} PARTITION OF app.{table}"
                f" FOR VALUES WITH (MODULUS {partitions}, REMAINDER {remainder})"
            )
    _run("2_row_security.sql")


def downgrade() -> None:
    op.execute("DROP INDEX app.idx_outbox_settled, app.idx_outbox_conversation_unsent")
    op.execute("DROP TABLE app.spent_keys, app.erasures, app.audit_heads")
    op.execute("ALTER TABLE app.audit_logs DROP COLUMN mac, DROP COLUMN seq")
    for table in ("users", "consents", "ai_runs", "safety_events", "crisis_flags"):
        op.execute(f"DROP POLICY queue ON app.{table}")
        op.execute(f"REVOKE ALL ON app.{table} FROM evenkeel_dispatcher")


def _run(name: str, by_user: str = "") -> None:
    """A file of several statements: sent as one simple query, without parameters."""
    statements = (SQL / name).read_text(encoding="utf-8").replace("{by_user}", by_user)
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def _hash_partitions() -> int:
    """As many as the tables have that are there already."""
    count = op.get_bind().exec_driver_sql(
        "SELECT count(*) FROM pg_catalog.pg_inherits"
        " WHERE inhparent = 'app.conversations'::regclass"
    )
    return int(count.scalar_one())
