"""Stops transactions right before their commit, so that a test can look in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

_KEY = 4711


@dataclass(frozen=True, kw_only=True)
class StoppedCommits:
    """Of workers' transactions that write these tables (partitions, not their parents)."""

    admin_url: str
    tables: tuple[str, ...]

    @contextmanager
    def stopped(self) -> Iterator[StoppedCommits]:
        """Within the block such transactions do everything but commit."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(
                "CREATE OR REPLACE FUNCTION app.wait_for_test() RETURNS trigger"
                " LANGUAGE plpgsql SECURITY DEFINER AS"
                " $$ BEGIN IF current_setting('application_name') = 'evenkeel'"
                f" THEN PERFORM pg_advisory_xact_lock_shared({_KEY}); END IF; RETURN NULL; END $$"
            )
            for table in self.tables:
                admin.execute(
                    f"CREATE CONSTRAINT TRIGGER wait_for_test AFTER INSERT OR UPDATE ON app.{table}"
                    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE"
                    " FUNCTION app.wait_for_test()"
                )
            admin.execute("SELECT pg_advisory_lock(%s)", (_KEY,))
            yield self

    async def until_waiting(self, sessions: int) -> None:
        """Until so many sessions of this database wait for a lock, or a minute is over."""
        for _ in range(6000):
            if await asyncio.to_thread(self._waiting) >= sessions:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"{sessions} sessions were to wait for a lock")

    def _waiting(self) -> int:
        with psycopg.connect(self.admin_url) as admin:
            row = admin.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
        return row[0] if row else 0
