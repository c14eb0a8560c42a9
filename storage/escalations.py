"""Escalations: crisis flags on their way to counselors. Nothing here shows what a person wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storage.engine import Database
from storage.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class DueEscalation:
    """`alias` stands for the person, `flag_type` for the domain; `attempts` counts earlier ones."""

    id: UUID
    user_id: UUID
    alias: str
    priority: str
    flag_type: str
    created_at: datetime
    attempts: int


class Escalations:
    """Found by the dispatcher, taken by a conditional update: two workers never alert at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, limit: int) -> list[DueEscalation]:
        """What counselors were not told yet, the most urgent first."""
        async with self._database.dispatch() as connection:
            due = await connection.execute(statement("escalations", "due"), {"most": limit})
        return [
            DueEscalation(
                id=id_,
                user_id=user_id,
                alias=alias,
                priority=priority,
                flag_type=flag_type,
                created_at=created_at,
                attempts=attempts,
            )
            for id_, user_id, alias, priority, flag_type, created_at, attempts in (
                await due.fetchall()
            )
        ]

    async def take(self, due: DueEscalation, seconds: float) -> bool:
        """Hold it for so long; False when another worker was faster or it is dealt with."""
        return await self._run("take", due, seconds=seconds)

    async def alerted(self, due: DueEscalation) -> None:
        """Counselors were told."""
        await self._run("alerted", due)

    async def later(self, due: DueEscalation, seconds: float) -> None:
        """Nobody could be told; try again after so long."""
        await self._run("later", due, seconds=seconds)

    async def _run(self, name: str, due: DueEscalation, **more: object) -> bool:
        parameters = {"user_id": due.user_id, "id": due.id, **more}
        sql = statement("escalations", name)
        return bool(await self._database.run_for(due.user_id, sql, parameters))
