"""The crisis flags that wait for a human, as anybody on duty may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.engine import Database
from storage.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagRow:
    """A flag without a word of what was written; `state` is its escalation's."""

    id: UUID
    alias: str
    flag_type: str
    priority: str
    created_at: datetime
    state: str


class Flags:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open_flags(self) -> list[FlagRow]:
        """Every flag whose escalation is not closed, the most urgent first, then the oldest."""
        async with self._database.dispatch() as connection:
            found = await connection.execute(statement("escalations", "open_flags"))
        return [
            FlagRow(
                id=flag_id,
                alias=alias,
                flag_type=flag_type,
                priority=priority,
                created_at=created_at,
                state=state,
            )
            for flag_id, alias, flag_type, priority, created_at, state in await found.fetchall()
        ]
