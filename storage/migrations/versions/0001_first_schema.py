"""The first schema: every table, its partitions, foreign keys, row security and grants.

Revision ID: 0001
Revises: none
"""

from __future__ import annotations

from pathlib import Path

from alembic import context, op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")

CUT_BY_MONTH = ("messages", "mood_entries", "audit_logs")


def upgrade() -> None:
    hash_partitions: int = context.config.attributes["hash_partitions"]
    _run("1_functions.sql")
    _run("2_tables.sql", by_user="PARTITION BY HASH (user_id)" if hash_partitions else "")
    _cut_by_user(hash_partitions)
    op.execute("SELECT app.make_partitions_ahead(3)")
    _run("3_foreign_keys.sql")
    _run("4_row_security.sql")


def downgrade() -> None:
    """Everything but the version table and the roles, which other databases may share."""
    for table in _names("r", "p"):
        op.execute(f"DROP TABLE app.{table} CASCADE")
    op.execute("DROP ROUTINE app.make_partitions_ahead, app.ensure_month_partitions")
    op.execute("DROP ROUTINE app.current_user_id, app.uuid7_ts, app.raise_fenced")


def _run(name: str, by_user: str = "") -> None:
    """A file of several statements: sent as one simple query, without parameters."""
    statements = (SQL / name).read_text(encoding="utf-8").replace("{by_user}", by_user)
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def _cut_by_user(partitions: int) -> None:
    if not partitions:
        return
    for table in _names("p"):
        if table in CUT_BY_MONTH:
            continue
        for remainder in range(partitions):
            op.execute(
                f"CREATE TABLE app.{table}_h{remainder} PARTITION OF app.{table}"
                f" FOR VALUES WITH (MODULUS {partitions}, REMAINDER {remainder})"
            )


def _names(*kinds: str) -> list[str]:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    rows = op.get_bind().exec_driver_sql(
        "SELECT relname FROM pg_catalog.pg_class"
        " WHERE relnamespace = 'app'::regnamespace AND NOT relispartition"
        f" AND relkind IN ({listed}) AND relname <> 'alembic_version' ORDER BY relname"
    )
    return [name for (name,) in rows]
