"""Whether the audit log is whole: chains verified, and compared with what was noted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from storage.audit_anchors import AuditAnchors
from storage.audit_chain import CHAINS_AT_ONCE, START, AuditChain, Finding, Place, chains
from storage.encryption import Vault
from storage.engine import Database
from storage.row_security import SYSTEM_USER
from storage.statements import statement

MOST_FINDINGS: Final = 20


@dataclass(kw_only=True, slots=True)
class AuditReport:
    """How much was verified, how many chains are broken, and where the first of them are."""

    chains: int = 0
    entries: int = 0
    broken: int = 0
    findings: list[Finding] = field(default_factory=list)


class AuditCheck:
    """Chains that hold are noted as they are: from then on they can only grow."""

    def __init__(self, database: Database, vault: Vault, anchors: AuditAnchors) -> None:
        self._database = database
        self._anchors = anchors
        self._chain = AuditChain(database, vault)

    async def some(self, most: int = CHAINS_AT_ONCE) -> AuditReport:
        """Verify the system's chain and at most so many of people's, drawn by lot."""
        await self._anchors.prepare()
        drawn = await self._ask("chains_by_lot", besides=SYSTEM_USER, most=most)
        report = AuditReport()
        await self._verify([SYSTEM_USER, *drawn], report)
        return report

    async def whole(self) -> AuditReport:
        """Verify every chain there is, and every one that was noted before and is gone."""
        await self._anchors.prepare()
        report = AuditReport()
        async for page in chains(self._database):
            await self._verify(page, report)
        noted = await self._anchors.users(after=SYSTEM_USER, most=CHAINS_AT_ONCE)
        while noted:
            there = set(await self._ask("chains_among", user_ids=noted))
            await self._verify([user_id for user_id in noted if user_id not in there], report)
            noted = await self._anchors.users(after=noted[-1], most=CHAINS_AT_ONCE)
        return report

    async def _verify(self, user_ids: Sequence[UUID], report: AuditReport) -> None:
        noted = await self._anchors.of(user_ids)
        further: dict[UUID, Place] = {}
        for user_id in user_ids:
            anchor = noted.get(user_id, START)
            examined = await self._chain.examine(user_id, anchor)
            report.chains += 1
            report.entries += examined.entries
            if examined.finding is not None:
                report.broken += 1
                report.findings = [*report.findings, examined.finding][:MOST_FINDINGS]
            elif examined.last is not None and examined.last.seq > anchor.seq:
                further[user_id] = examined.last
        await self._anchors.note(further)

    async def _ask(self, name: str, **asked: object) -> list[UUID]:
        async with self._database.dispatch() as connection:
            cursor = await connection.execute(statement("audit", name), asked)
            return [user_id for (user_id,) in await cursor.fetchall()]
