"""Keeps a lease alive while a turn takes its time, such as when a language model thinks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from storage.conversations import Conversations, Lease
from storage.errors import StorageError


@asynccontextmanager
async def kept_alive(
    conversations: Conversations, lease: Lease, seconds: float
) -> AsyncIterator[None]:
    """Renew the lease at a third of its length. A renewal that fails is only missed: the commit is
    fenced, so a lost lease costs a repeated turn, never a wrong row."""
    beating = asyncio.create_task(_beat(conversations, lease, seconds / 3))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


async def _beat(conversations: Conversations, lease: Lease, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        with suppress(StorageError):
            if not await conversations.renew(lease):
                return
