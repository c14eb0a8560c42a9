"""The first schema: every table, its partitions, foreign keys, row security and grants.

Revision ID: 0001
Revises: none
"""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

from storage import online, placement

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")

CUT_BY_MONTH = ("messages", "mood_entries", "audit_logs")


def upgrade() -> None:
    hash_partitions: int = context.config.attributes["hash_partitions"]
    by_citus: bool = context.config.attributes["citus"]
    if by_citus:
        placement.require_citus()
    online.run_file(SQL / "1_functions.sql")
    by_user = "PARTITION BY HASH (user_id)" if hash_partitions else ""
    online.run_file(SQL / "2_tables.sql", by_user=by_user)
    for table in _names("p"):
        if table not in CUT_BY_MONTH:
            online.cut_by_user(table, hash_partitions)
    if by_citus:
        placement.place(set(_names("r", "p")))
        placement.mark()
    op.execute("SELECT app.make_partitions_ahead(3)")
    online.run_file(SQL / "3_foreign_keys.sql")
    online.run_file(SQL / "4_row_security.sql")


def downgrade() -> None:
    """Everything but the version table and the roles, which other databases may share."""
    for table in _names("r", "p"):
        op.execute(f"DROP TABLE app.{table} CASCADE")
    op.execute("DROP ROUTINE app.make_partitions_ahead, app.ensure_month_partitions")
    op.execute("DROP ROUTINE app.current_user_id, app.uuid7_ts, app.raise_fenced")


def _names(*kinds: str) -> list[str]:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    rows = op.get_bind().exec_driver_sql(
        "SELECT relname FROM pg_catalog.pg_class"
        " WHERE relnamespace = 'app'::regnamespace AND NOT relispartition"
        f" AND relkind IN ({listed}) AND relname <> 'alembic_version' ORDER BY relname"
    )
    return [name for (name,) in rows]
