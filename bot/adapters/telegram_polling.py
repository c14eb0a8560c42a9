"""Asks Telegram for updates as long as the process lives, and sits out what gets in the way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from dataclasses import dataclass

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.adapters.telegram_intake import Intake
from bot.adapters.telegram_updates import BotAccount
from bot.adapters.telegram_wire import FloodError, WiredBot
from bot.errors import ConfigurationError

log = logging.getLogger(__name__)

BREATH = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Backoff:
    """Seconds between tries: doubling from `first` to `most`, cut by up to half at random so that
    many workers do not come back at once."""

    first: float = 0.5
    most: float = 30.0

    def seconds(self, failures: int) -> float:
        return min(self.most, self.first * 2.0 ** min(failures - 1, 16)) * random.uniform(0.5, 1)


class Polling:
    def __init__(self, bot: WiredBot, backoff: Backoff) -> None:
        self._bot = bot
        self._backoff = backoff

    async def sign_in(self) -> BotAccount:
        """Who we are. Waits for Telegram to be there; raises ConfigurationError when it is and
        does not know us."""
        failures = 0
        while True:
            try:
                me = await self._bot.get_me()
            except InvalidToken:
                raise ConfigurationError(
                    "Telegram does not know this bot token: copy it again from @BotFather into "
                    "TELEGRAM_BOT_TOKEN, and look at TELEGRAM_API_URL if that is set."
                ) from None
            except Exception as exc:  # noqa: BLE001 - whatever an answer holds, there is a next one
                failures += 1
                await self._sit_out(exc, failures)
            else:
                log.info("Signed in to Telegram.")
                return BotAccount(id=str(me.id), username=me.username or "")

    async def run(self, intake: Intake) -> None:
        """The offset of each request confirms what `intake` has committed, and nothing more."""
        offset: int | None = None
        failures = 0
        while True:
            try:
                batch = await self._bot.raw_updates(offset)
                progress = await intake.take_in(batch)
            except Exception as exc:  # noqa: BLE001 - as in `sign_in`
                failures += 1
                await self._sit_out(exc, failures)
                continue
            failures = 0 if progress.complete else failures + 1
            if failures:
                await self._wait("Some updates could not be stored yet.", failures)
            elif progress.offset in (None, offset):
                await asyncio.sleep(BREATH)  # some servers answer at once that there is nothing
            offset = offset if progress.offset is None else progress.offset

    async def _sit_out(self, exc: Exception, failures: int) -> None:
        if _has_webhook(exc):
            with contextlib.suppress(TelegramError):
                await self._bot.delete_webhook()
        least = exc.seconds if isinstance(exc, FloodError) else 0.0
        await self._wait(_explanation(exc), failures, least)

    async def _wait(self, why: str, failures: int, least: float = 0.0) -> None:
        seconds = max(least, self._backoff.seconds(failures))
        log.warning("%s Trying again in %.1f seconds.", why, seconds)
        await asyncio.sleep(seconds)


def _has_webhook(exc: Exception) -> bool:
    return isinstance(exc, Conflict) and "webhook" in exc.message.lower()


def _explanation(exc: Exception) -> str:
    match exc:
        case Conflict() if _has_webhook(exc):
            return "The bot had a webhook, which is removed so that updates can be fetched."
        case Conflict():
            return "Another process fetches this bot's updates: stop one of the two."
        case InvalidToken():
            return "Telegram no longer accepts the bot token: renew TELEGRAM_BOT_TOKEN and restart."
        case FloodError():
            return "Telegram asks us to slow down."
        case _:
            return f"Telegram cannot be reached or understood ({type(exc).__name__})."
