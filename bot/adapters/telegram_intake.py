"""Has a batch of raw updates taken in: everyone's side by side, one person's in their order."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.adapters.adapter import Receive
from bot.adapters.telegram_updates import BotAccount, query_id, to_update, update_number
from bot.updates import Update
from storage.errors import StorageConfigurationError, StorageUnavailableError

log = logging.getLogger(__name__)

PATIENCE = 3
"""How often an update is tried that fails for a reason other than the database."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrived:
    """One update of a batch: its `update_id`, what we make of it, and the press to answer."""

    number: int
    update: Update | None
    query: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """`offset` confirms everything below it; None confirms nothing. `complete` is False when an
    update of the batch has to come again."""

    offset: int | None
    complete: bool


class Intake:
    """`parked` counts the updates that were given up, each named in the log by its number."""

    def __init__(
        self,
        receive: Receive,
        *,
        bot: BotAccount,
        ignored_chat: str | None,
        answer_query: Callable[[str], Awaitable[None]],
        keep: Callable[[asyncio.Future[None]], None],
    ) -> None:
        self.parked = 0
        self._receive = receive
        self._bot = bot
        self._ignored_chat = ignored_chat
        self._answer_query = answer_query
        self._keep = keep
        self._failures: Counter[int] = Counter()
        self._done: set[int] = set()

    async def take_in(self, batch: Sequence[object]) -> Progress:
        """Returns when each person's updates are committed, up to the first that could not be.
        What was done is passed over when the batch comes again for the sake of that one."""
        numbers = [number for raw in batch if (number := update_number(raw)) is not None]
        arrived = [each for raw in batch if (each := self._read(raw))]
        lines: defaultdict[str, list[Arrived]] = defaultdict(list)
        for each in arrived:
            lines[each.update.identity.subject if each.update else ""].append(each)
        stops = await asyncio.gather(*(self._take_in_line(line) for line in lines.values()))
        waiting = [number for number in stops if number is not None]
        offset = min(waiting) if waiting else max(numbers) + 1 if numbers else None
        self._done = {number for number in self._done if waiting and number >= min(waiting)}
        return Progress(offset=offset, complete=not waiting and bool(numbers or not batch))

    def _read(self, raw: object) -> Arrived | None:
        number = update_number(raw)
        if number is None:
            self._park(number, "it has no update_id")
            return None
        if number in self._done:
            return None
        return Arrived(number=number, update=self._map(number, raw), query=query_id(raw))

    def _map(self, number: int, raw: object) -> Update | None:
        try:
            update = to_update(raw, bot=self._bot, at=datetime.now(UTC))
        except Exception as exc:  # noqa: BLE001 - one update must never hold up all that follow
            self._park(number, type(exc).__name__)
            return None
        ignored = update is not None and update.address.chat == self._ignored_chat
        return None if ignored else update

    async def _take_in_line(self, line: Sequence[Arrived]) -> int | None:
        """The number of the first update that has to come again, or None when all are done."""
        for each in line:
            if each.update is not None and not await self._is_committed(each.number, each.update):
                return each.number
            self._done.add(each.number)
            if each.query is not None:
                self._keep(asyncio.ensure_future(self._answer_query(each.query)))
        return None

    async def _is_committed(self, number: int, update: Update) -> bool:
        """Have it taken in. True also when it was given up and needs no more care."""
        try:
            self._keep(await self._receive(update))
        except (StorageUnavailableError, StorageConfigurationError) as exc:
            log.info("Update %d could not be stored (%s).", number, type(exc).__name__)
            return False
        except Exception as exc:  # noqa: BLE001 - an unforeseen error gets PATIENCE, then gives way
            log.warning("Update %d could not be taken in (%s).", number, type(exc).__name__)
            self._failures[number] += 1
            if self._failures[number] < PATIENCE:
                return False
            self._park(number, type(exc).__name__)
        self._failures.pop(number, None)
        return True

    def _park(self, number: int | None, reason: str) -> None:
        self.parked += 1
        log.error("Update %s was skipped: %s.", number, reason)
