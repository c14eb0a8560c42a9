"""Changes to tables that workers are using, for migrations: nobody waits for long.

A migration's connection gives up on a lock before PostgreSQL would look for a deadlock, so it is
the migration that comes again and never a person's turn. What cannot be done in one transaction
(an index that is built beside the writers) can be begun again where it was cut short.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import op

from storage.migrate import LOCK_TIMEOUT

_BUILDING: Final = "10min"
"""Building beside the writers waits for transactions that are open, and blocks nobody."""


def run_file(path: Path, **replaced: str) -> None:
    """A file of several statements, sent as one simple query without parameters."""
    statements = path.read_text(encoding="utf-8")
    for name, text in replaced.items():
        statements = statements.replace(f"{{{name}}}", text)
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def partitions(table: str) -> list[str]:
    """Names of a table's partitions; none when it is not partitioned."""
    found = sa.text(
        "SELECT relname FROM pg_catalog.pg_inherits JOIN pg_catalog.pg_class ON oid = inhrelid"
        " WHERE inhparent = to_regclass('app.' || :parent) ORDER BY relname"
    )
    return [name for (name,) in op.get_bind().execute(found, {"parent": table})]


def cut_by_user(table: str, hash_partitions: int) -> None:
    """Make the partitions of a new table that is `PARTITION BY HASH (user_id)`."""
    for remainder in range(hash_partitions):
        op.execute(
            f"CREATE TABLE app.{table}_h{remainder} PARTITION OF app.{table}"
            f" FOR VALUES WITH (MODULUS {hash_partitions}, REMAINDER {remainder})"
        )


def create_index(name: str, table: str, on: str) -> None:
    """An index that is built beside the writers, partition by partition. `on` is what follows
    the table: `(user_id, seq)` or `(due_at) WHERE sent_at IS NULL`."""
    with op.get_context().autocommit_block():
        op.execute(f"SET lock_timeout = '{_BUILDING}'")
        parts = partitions(table)
        if parts:
            op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON ONLY app.{table} {on}")
        for part in parts:
            of_part = name + part.removeprefix(table)
            _build(of_part, part, on)
            op.execute(f"ALTER INDEX app.{name} ATTACH PARTITION app.{of_part}")
        if not parts:
            _build(name, table, on)
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")


def add_constraint(name: str, table: str, rule: str) -> None:
    """A foreign key or a check: binding for new rows at once, for old ones after they were
    looked through, which locks nobody out."""
    op.execute(f"ALTER TABLE app.{table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(f"ALTER TABLE app.{table} ADD CONSTRAINT {name} {rule} NOT VALID")
    with op.get_context().autocommit_block():
        op.execute(f"ALTER TABLE app.{table} VALIDATE CONSTRAINT {name}")


def _build(name: str, table: str, on: str) -> None:
    """What a build that was cut short left behind is no index."""
    broken = sa.text(
        "SELECT FROM pg_catalog.pg_index"
        " WHERE indexrelid = to_regclass('app.' || :name) AND NOT indisvalid"
    )
    if op.get_bind().execute(broken, {"name": name}).first() is not None:
        op.execute(f"DROP INDEX CONCURRENTLY app.{name}")
    op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON app.{table} {on}")
