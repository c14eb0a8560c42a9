"""Takes over what a crash, a lost lease or a silent platform left behind.

Work is found by a plain select as the dispatcher and taken by a conditional update that names the
person, so any number of workers may sweep at once and each piece is done by one of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.counselors.alerts import Alerts
from bot.delivery import Delivery
from bot.farewells import Farewells
from bot.logs import where
from bot.turns import Turns
from storage.audit.check import AuditCheck, AuditReport
from storage.conversations import Conversations
from storage.engine import Database
from storage.errors import StorageUnavailableError
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.partitions import make_months
from storage.retention import Retention

log = logging.getLogger(__name__)
AT_ONCE = 50
UNAGREED_AT_ONCE = 500
KEEP_DONE_HOURS = 48
CHAINS_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """The sweeps. Each does a bounded piece of work and returns how much it found."""

    turns: Turns
    delivery: Delivery
    alerts: Alerts
    database: Database
    conversations: Conversations
    inbox: Inbox
    outbox: Outbox
    farewells: Farewells
    unagreed_days: int
    retention: Retention
    audit: AuditCheck
    worker: UUID

    async def resume_turns(self) -> int:
        """Run the turns of updates that were taken in but not answered."""
        waiting = await self.inbox.due_conversations(AT_ONCE)
        # Side by side: one that waits for a language model must not hold up the others.
        await asyncio.gather(*(_one(self._resume_turn(*each)) for each in waiting))
        return len(waiting)

    async def _resume_turn(self, user_id: UUID, conversation_id: UUID) -> None:
        lease = await self.conversations.acquire(user_id, conversation_id, self.worker)
        if lease is not None:
            await self.turns.answer(lease)

    async def resend(self) -> int:
        """Send replies that were committed but not sent."""
        waiting = await self.outbox.due_conversations(AT_ONCE, self.delivery.platforms)
        for user_id, conversation_id in waiting:
            await _one(self.delivery.catch_up(user_id, conversation_id))
        return len(waiting)

    async def forget_done(self) -> int:
        """Delete inbox rows that only served to recognise redeliveries, and the hashes of those
        of erased people."""
        spent = await self.farewells.erasure.forget_spent()
        return spent + await self.inbox.sweep_done(KEEP_DONE_HOURS)

    async def erase_due(self) -> None:
        """Erase people who asked for it and were not erased, or not told."""
        await self.farewells.erase_due()

    async def request_unagreed(self) -> int:
        """Ask for the erasure of people who never said yes, or took it back long ago."""
        return await self.farewells.erasure.request_unagreed(self.unagreed_days, UNAGREED_AT_ONCE)

    async def raise_alerts(self) -> None:
        """Tell counselors of escalations that reached nobody yet."""
        await self.alerts.raise_due()

    async def make_partitions(self) -> None:
        """Make the coming months' partitions while there is time."""
        await make_months(self.database)

    async def keep_to_retention(self) -> int:
        """Let go of what is older than the settings allow."""
        return await self.retention.sweep()

    async def examine_audit(self) -> AuditReport:
        """Verify the system's audit chain and some of people's; what is broken goes to the log."""
        report = await self.audit.some(CHAINS_AT_ONCE)
        for finding in report.findings:
            log.error("The audit log is not whole: %s. See `evenkeel doctor`.", finding)
        return report


async def _one(work: Coroutine[Any, Any, None]) -> None:
    """One person's trouble must not keep the others waiting; the database's is everybody's."""
    try:
        await work
    except StorageUnavailableError:
        raise
    except Exception as exc:  # noqa: BLE001 - it is found again by the next sweep
        log.error("A sweep could not help one conversation: %s.", where(exc))
