"""The peer as a process of its own, led over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from bot.adapters.telegram import TelegramAdapter
from bot.updates import Update
from tests.integration.telegram.running import (
    QUICK,
    ROOT,
    Received,
    question,
    running,
)


@contextlib.asynccontextmanager
async def peer_process() -> AsyncIterator[dict[str, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.peers.bot_api", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_another_process_can_lead_the_peer_over_http(received: Received) -> None:
    async with peer_process() as started, aiohttp.ClientSession(started["url"]) as http:

        async def control(what: str, **body: Any) -> Any:
            async with http.post(f"/control/{what}", json=body) as answer:
                return await answer.json()

        adapter = TelegramAdapter(started["token"], started["url"], backoff=QUICK)
        replied = asyncio.Event()

        async def reply(update: Update) -> None:
            await adapter.send(update.address, question("Well?", "Yes"))
            replied.set()

        received.turn = reply
        async with running(adapter, received):
            await control("say", user_id=7, text="hello")
            await asyncio.wait_for(replied.wait(), 10)
            assert "query" in await control("press", user_id=7, label="Yes")
            shown = await control("chat", chat_id=7)
        await adapter.close()
    assert [message["text"] for message in shown] == ["hello", "Well?"]
