"""Our side: the same statements through the worker's own pool, in one process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from random import Random
from uuid import UUID

from bot.bench.rate import Completions
from storage.engine import Database
from storage.proving.turn import Turn


async def run_ours(
    url: str, people: Sequence[UUID], turn: Turn, *, clients: int, passes: int
) -> Completions:
    """As many connections and tasks as clients; each of the people has `passes` turns."""
    database = await Database.open(url, pool_size=clients)
    try:
        await _connect_all(database, people[0], clients)
        shares = [people[client::clients] for client in range(clients)]
        return await asyncio.gather(*(_client(database, share, turn, passes) for share in shares))
    finally:
        await database.close()


async def _connect_all(database: Database, anybody: UUID, clients: int) -> None:
    """A pool opens connections as they are needed; pgbench does so before it looks at the clock."""
    async with AsyncExitStack() as stack:
        for _ in range(clients):
            await stack.enter_async_context(database.acting_for(anybody))


async def _client(
    database: Database, share: Sequence[UUID], turn: Turn, passes: int
) -> list[float]:
    ended = []
    for number in range(passes):
        for person in Random(number).sample(share, len(share)):
            await turn(database.run_all_for, person)
            ended.append(time.monotonic())
    return ended
