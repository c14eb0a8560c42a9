"""The database goes away in the middle of a conversation and comes back."""

import asyncio
import json

from bot.server import bring_up_to_date
from storage.embedded.server import EmbeddedServer
from tests.processes import reachable_folder, start

PATIENCE = 60.0


async def reply(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        return str(json.loads(await process.stdout.readline())["text"])


async def say(process: asyncio.subprocess.Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())
    await process.stdin.drain()


async def test_a_line_said_while_the_database_is_away_is_answered_when_it_is_back():
    with reachable_folder() as folder:
        server = await asyncio.to_thread(EmbeddedServer.start, folder / "server")
        await asyncio.to_thread(bring_up_to_date, server.admin_url, 0)
        settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": server.app_url}
        process = await start(settings, "chat", "--as", "someone")
        await say(process, "hello")
        assert "computer program" in await reply(process)
        await asyncio.to_thread(server.control, "stop", "--mode=immediate")
        await say(process, "I want to kill myself tonight")
        first = await reply(process)
        assert "988" in first, "who is in danger gets the helplines at once"
        again = await asyncio.to_thread(EmbeddedServer.start, folder / "server")
        second = await reply(process)
        assert "988" in second, "and the crisis dialog when the database is back"
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await process.communicate()
        await asyncio.to_thread(again.close)
        await asyncio.to_thread(server.close)
