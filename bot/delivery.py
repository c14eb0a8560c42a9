"""Sends what is in the outbox: in order within a conversation, and never twice when in doubt.

A turn's own rows are inserted as `sending` and sent at once. What fails is left for the sweeps of
`bot.recovery`, which call `catch_up`.

A row that encloses a file takes long, so it is sent without holding up what may overtake it: a
helpline must not wait for an upload. The rows behind it wait in the outbox.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from bot.adapters.adapter import Adapter, Button, Message
from bot.errors import SendLaterError, SendRefusedError, SendUnknownError
from bot.export.enclosure import Enclose
from bot.ids import new_id
from bot.metrics import Metrics
from storage.addresses import Address, Platform
from storage.conversations import AssistantMessage, Committed, Outgoing
from storage.errors import StorageError
from storage.outbox import SEND_SECONDS, Outbox, OutboxRow

log = logging.getLogger(__name__)
SMALLEST_LIMIT = 3000
PATIENCE = 8
HOLD_EVERY = SEND_SECONDS / 3


class Delivery:
    """`adapters` are the platforms this worker serves. Rows for another platform stay in the
    outbox for a worker that serves it. `enclose` makes the files that rows promise."""

    def __init__(
        self,
        adapters: Mapping[Platform, Adapter],
        outbox: Outbox,
        metrics: Metrics,
        enclose: Enclose,
    ) -> None:
        self._adapters = adapters
        self._outbox = outbox
        self._metrics = metrics
        self._enclose = enclose
        self._turnstiles: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    @property
    def platforms(self) -> frozenset[Platform]:
        return frozenset(self._adapters)

    def limit(self, address: Address) -> int:
        """How long one message may be there, in UTF-16 units."""
        adapter = self._adapters.get(address.platform)
        return adapter.limit if adapter else SMALLEST_LIMIT

    async def typing(self, address: Address) -> None:
        adapter = self._adapters.get(address.platform)
        if adapter:
            await adapter.typing(address)

    async def send(self, committed: Committed) -> None:
        """Send what a turn just committed. When older rows still wait, these line up behind."""
        rows: Sequence[OutboxRow] = committed.rows
        if not rows:
            return
        async with self._turnstile(rows[0].conversation_id):
            if committed.behind:
                await self._outbox.requeue(rows)
                rows = await self._taken(rows[0].user_id, rows[0].conversation_id)
            enclosing = await self._send_in_order(rows)
        await self._send_enclosing(enclosing)

    async def catch_up(self, user_id: UUID, conversation_id: UUID) -> None:
        """Send what waits in a conversation's outbox."""
        async with self._turnstile(conversation_id):
            enclosing = await self._send_in_order(await self._taken(user_id, conversation_id))
        await self._send_enclosing(enclosing)

    async def _taken(self, user_id: UUID, conversation_id: UUID) -> Sequence[OutboxRow]:
        return await self._outbox.take(user_id, conversation_id, self.platforms)

    async def _send_in_order(self, rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
        """Stop at the first row that must wait, so that none overtakes it, and before the first
        that encloses a file: returns the rows from there on."""
        sent: list[tuple[OutboxRow, str | None]] = []
        try:
            for index, row in enumerate(rows):
                if row.payload.get("document"):
                    return rows[index:]
                if not await self._send(row, sent):
                    await self._outbox.requeue(rows[index + 1 :])
                    break
        finally:
            if sent:
                await self._outbox.sent(sent)
        return ()

    async def _send_enclosing(self, rows: Sequence[OutboxRow]) -> None:
        """Send the first row, then what has waited for it."""
        if not rows:
            return
        row, *behind = rows
        await self._outbox.requeue(behind)
        sent: list[tuple[OutboxRow, str | None]] = []
        async with self._held(row):
            settled = await self._send(row, sent)
        await self._outbox.sent(sent)
        if settled and behind:
            await self.catch_up(row.user_id, row.conversation_id)

    @asynccontextmanager
    async def _held(self, row: OutboxRow) -> AsyncIterator[None]:
        """Keep a row ours for as long as its file takes to make and to send."""

        async def hold() -> None:
            while True:
                await asyncio.sleep(HOLD_EVERY)
                with suppress(StorageError):
                    await self._outbox.hold(row)

        holding = asyncio.create_task(hold())
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _send(self, row: OutboxRow, sent: list[tuple[OutboxRow, str | None]]) -> bool:
        """Send one row; False when the rows behind it must wait for it."""
        adapter = self._adapters.get(row.address.platform)
        if adapter is None:
            await self._outbox.requeue([row])
            return False
        try:
            sent.append((row, await self._handed_over(row, adapter)))
        except SendRefusedError as exc:
            self._metrics.sends.labels("refused").inc()
            await self._outbox.dead(row, exc.reason)
            return True
        except SendLaterError as exc:
            return await self._later(row, exc.seconds)
        except SendUnknownError:
            return await self._unknown(row)
        self._metrics.sends.labels("sent").inc()
        return True

    async def _handed_over(self, row: OutboxRow, adapter: Adapter) -> str | None:
        """Where a file cannot be made or is not taken, words go in its place."""
        message = from_payload(row.payload)
        if message.document is None:
            return await adapter.send(row.address, message)
        await adapter.typing(row.address)
        enclosure = await self._enclose(row, message.document)
        if enclosure.file is not None:
            with suppress(SendRefusedError):
                return await adapter.send(row.address, message, enclosure.file)
        return await adapter.send(
            row.address, dataclasses.replace(message, text=enclosure.otherwise)
        )

    async def _later(self, row: OutboxRow, seconds: float) -> bool:
        self._metrics.sends.labels("later").inc()
        await self._outbox.later(row, max(seconds, min(60.0, 0.5 * 2**row.attempts)))
        return False

    async def _unknown(self, row: OutboxRow) -> bool:
        """The answer was lost. A safety message goes out again; any other is never sent twice."""
        self._metrics.sends.labels("unknown").inc()
        if row.safety and row.attempts < PATIENCE:
            await self._outbox.later(row, 0.5 * 2**row.attempts)
            return False
        await self._outbox.unknown(row)
        return True

    def _turnstile(self, conversation_id: UUID) -> asyncio.Lock:
        """One sender at a time a conversation within this process; between processes the rows'
        own leases do it."""
        lock = self._turnstiles.get(conversation_id)
        if lock is None:
            lock = self._turnstiles[conversation_id] = asyncio.Lock()
        return lock


def outgoing(message: Message, row: AssistantMessage, address: Address) -> Outgoing:
    return Outgoing(
        id=new_id(),
        message_id=row.id,
        address=address,
        payload=dataclasses.asdict(message),
        safety=message.safety,
    )


def from_payload(payload: Mapping[str, Any]) -> Message:
    """A message as it was stored: JSON turned its tuples into lists."""
    progress = payload["progress"]
    return Message(
        **{
            **payload,
            "buttons": tuple(Button(**button) for button in payload["buttons"]),
            "progress": tuple(progress) if progress else None,
        }
    )
