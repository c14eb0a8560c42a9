"""Partitions made ahead of time, so that a message always finds the one of its month."""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg.rows import TupleRow

MONTHS_AHEAD: Final = 3


async def ensure_ahead(
    connection: psycopg.AsyncConnection[TupleRow], months: int = MONTHS_AHEAD
) -> int:
    """Make the partitions of last month, this month and `months` more where they are missing;
    returns how many were made. For the owner or the dispatcher; harmless to repeat."""
    cursor = await connection.execute("SELECT app.make_partitions_ahead(%s)", (months,))
    row = await cursor.fetchone()
    return int(row[0]) if row else 0
