"""What stands around the adapter in its tests: an engine that only remembers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from bot.adapters.adapter import Button, Message
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram_polling import Backoff
from bot.updates import Said, Update
from storage.addresses import Address, Platform
from tests.peers.bot_api import BotApiPeer

QUICK = Backoff(first=0.01, most=0.05)
ROOT = Path(__file__).parents[3]
SECRET_WORDS = "the lighthouse keeper sings"


class Received:
    """Stands where the engine is: what it has taken in counts as committed."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.before: Callable[[Update], Awaitable[None]] | None = None
        self.turn: Callable[[Update], Awaitable[None]] | None = None

    async def __call__(self, update: Update) -> asyncio.Task[None]:
        if self.before is not None:
            await self.before(update)
        self.updates.append(update)
        return asyncio.create_task(self._turn(update))

    async def _turn(self, update: Update) -> None:
        if self.turn is not None:
            await self.turn(update)

    @property
    def words(self) -> list[str]:
        return [each.content.text for each in self.updates if isinstance(each.content, Said)]


@contextlib.asynccontextmanager
async def running(adapter: TelegramAdapter, received: Received) -> AsyncIterator[None]:
    polling = asyncio.create_task(adapter.run(received))
    try:
        yield
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)


async def all_confirmed(peer: BotApiPeer) -> None:
    await peer.wait_for(lambda: not peer.world.pending and peer.polls)


def to(chat: int) -> Address:
    return Address(platform=Platform.TELEGRAM, chat=str(chat), workspace="81234")


def question(text: str = "How often?", *labels: str, replaces: str | None = None) -> Message:
    buttons = tuple(Button(label=label, data=f"phq9:a1:{label}"[:64]) for label in labels)
    return Message(text=text, buttons=buttons, replaces=replaces)
