"""Partitions made ahead of time, so that a message always finds the one of its month."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.rows import TupleRow

from storage.errors import LockedError

if TYPE_CHECKING:
    from storage.engine import Database

MONTHS_AHEAD: Final = 3

_PAUSES: Final = (0.05, 0.2, 0.5, 1.0)
"""Seconds to wait when turns hold what a new month needs."""


async def make_months(database: Database) -> int:
    """Make the partitions that are missing, as the dispatcher; returns how many were. At a start,
    by the clock, and when a row found none."""
    for pause in _PAUSES:
        try:
            return await _make_months(database)
        except LockedError:
            await asyncio.sleep(pause)
    return await _make_months(database)


async def _make_months(database: Database) -> int:
    async with database.dispatch() as connection:
        return await ensure_ahead(connection)


async def ensure_ahead(
    connection: psycopg.AsyncConnection[TupleRow], months: int = MONTHS_AHEAD
) -> int:
    """Make the partitions of last month, this month and `months` more where they are missing;
    returns how many were made. For the owner or the dispatcher; harmless to repeat."""
    cursor = await connection.execute("SELECT app.make_partitions_ahead(%s)", (months,))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
