"""A Bot API on loopback and an adapter that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.telegram import TelegramAdapter
from tests.integration.telegram.running import (
    QUICK,
    Received,
)
from tests.peers.bot_api import BotApiPeer, bot_api


@pytest.fixture
async def peer() -> AsyncIterator[BotApiPeer]:
    async with bot_api() as running_peer:
        yield running_peer


@pytest.fixture
async def adapter(peer: BotApiPeer) -> AsyncIterator[TelegramAdapter]:
    adapter = TelegramAdapter(peer.token, peer.url, counselor_chat="900", backoff=QUICK)
    yield adapter
    await adapter.close()


@pytest.fixture
def received() -> Received:
    return Received()
