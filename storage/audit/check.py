"""Whether the audit log is whole: chains verified, and compared with what was noted of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from storage.audit.anchors import AuditAnchors
from storage.audit.chain import CHAINS_AT_ONCE, START, AuditChain, Finding, chains
from storage.encryption import Vault
from storage.engine import Database
from storage.row_security import SYSTEM_USER
from storage.statements import statement

MOST_FINDINGS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditReport:
    """How much was verified, how many chains are broken, and where the first of them are."""

    chains: int = 0
    entries: int = 0
    broken: int = 0
    findings: tuple[Finding, ...] = ()

    def __add__(self, other: AuditReport) -> AuditReport:
        return AuditReport(
            chains=self.chains + other.chains,
            entries=self.entries + other.entries,
            broken=self.broken + other.broken,
            findings=(*self.findings, *other.findings)[:MOST_FINDINGS],
        )


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
        return await self._verify([SYSTEM_USER, *drawn])

    async def whole(self) -> AuditReport:
        """Verify every chain there is, and every one that was noted before and is gone."""
        await self._anchors.prepare()
        report = AuditReport()
        async for page in chains(self._database):
            report += await self._verify(page)
        noted = await self._anchors.users(after=SYSTEM_USER, most=CHAINS_AT_ONCE)
        while noted:
            there = set(await self._ask("chains_among", user_ids=noted))
            report += await self._verify([user_id for user_id in noted if user_id not in there])
            noted = await self._anchors.users(after=noted[-1], most=CHAINS_AT_ONCE)
        return report

    async def _verify(self, user_ids: Sequence[UUID]) -> AuditReport:
        noted = await self._anchors.of(user_ids)
        seen = {
            user_id: await self._chain.examine(user_id, noted.get(user_id, START))
            for user_id in user_ids
        }
        whole = {u: each.last for u, each in seen.items() if each.last and not each.finding}
        await self._anchors.note(whole)
        findings = tuple(each.finding for each in seen.values() if each.finding)
        return AuditReport(
            chains=len(seen),
            entries=sum(each.entries for each in seen.values()),
            broken=len(findings),
            findings=findings[:MOST_FINDINGS],
        )

    async def _ask(self, name: str, **asked: object) -> list[UUID]:
        async with self._database.dispatch() as connection:
            cursor = await connection.execute(statement("audit", name), asked)
            return [user_id for (user_id,) in await cursor.fetchall()]
