"""Workers are killed without warning, again and again; nothing is lost and nothing doubled."""

import asyncio
import os
import random

import psycopg

from bot.server import bring_up_to_date
from tests.peers.bot_api import BotApiPeer, bot_api
from tests.peers.bot_api_world import Shown
from tests.processes import as_url, reachable_folder, start

PEOPLE = (11, 12, 13, 14)
KILLS = 6
PATIENCE = 60.0
UNDONE = "SELECT count(*) FROM app.inbox WHERE done_at IS NULL"
UNSENT = "SELECT count(*) FROM app.outbox WHERE state IN ('queued', 'sending')"


async def joins(peer: BotApiPeer, person: int) -> None:
    """Through onboarding, on buttons, waiting for each answer."""
    await peer.say(person, "/start")
    for label in ("Yes", "Yes", "Skip"):
        await peer.wait_for(lambda label=label: label in newest(peer, person).labels, PATIENCE)
        asked = newest(peer, person)
        await peer.press(person, label)
        await peer.wait_for(lambda asked=asked: newest(peer, person) != asked, PATIENCE)


def newest(peer: BotApiPeer, person: int) -> Shown:
    return peer.chat(person)[-1]


def moods(admin_url: str) -> dict[str, list[int]]:
    """Each person's moods, in the order in which they were stored."""
    with psycopg.connect(admin_url) as rows:
        found = rows.execute("SELECT user_id, mood_score FROM app.mood_entries ORDER BY id")
        by_person: dict[str, list[int]] = {}
        for user_id, score in found.fetchall():
            by_person.setdefault(str(user_id), []).append(score)
    return by_person


def counted(admin_url: str, statement: str) -> int:
    with psycopg.connect(admin_url) as rows:
        row = rows.execute(statement).fetchone()
    assert row is not None
    return int(row[0])


async def until(condition) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.2)


class Worker:
    """`evenkeel serve`, killed without warning and started again."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await start(self._settings, "serve")

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


async def says_moods(peer: BotApiPeer, chance: random.Random, said: dict[int, list[int]]) -> None:
    for person in PEOPLE:
        for _ in range(chance.randint(1, 4)):
            score = chance.randint(1, 10)
            said[person].append(score)
            await peer.say(person, f"/mood {score} a plain day")


async def storm(peer: BotApiPeer, worker: Worker, chance: random.Random) -> dict[int, list[int]]:
    """People log moods while the worker is killed shortly after it asked for updates."""
    said: dict[int, list[int]] = {person: [] for person in PEOPLE}
    for _ in range(KILLS):
        polls = peer.polls
        await says_moods(peer, chance, said)
        await peer.wait_for(lambda polls=polls: peer.polls > polls, PATIENCE)
        await asyncio.sleep(chance.uniform(0, 0.15))
        await worker.kill()
        await worker.start()
    return said


async def test_killing_workers_loses_nothing_and_doubles_nothing(database_url: str, admin_url: str):
    seed = int(os.environ.get("EVENKEEL_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print(f"seed {seed}")
    bring_up_to_date(admin_url, hash_partitions=2)
    with reachable_folder() as folder:
        async with bot_api() as peer:
            worker = Worker(
                {
                    "DATABASE_URL": as_url(database_url),
                    "EVENKEEL_DATA_DIR": str(folder),
                    "EVENKEEL_OPS_BIND": "127.0.0.1:0",
                    "EVENKEEL_LEASE_SECONDS": "2",
                    "TELEGRAM_BOT_TOKEN": peer.token,
                    "TELEGRAM_API_URL": peer.url,
                }
            )
            try:
                await worker.start()
                await asyncio.gather(*(joins(peer, person) for person in PEOPLE))
                said = await storm(peer, worker, random.Random(seed))
                await until(lambda: not peer.world.pending and not counted(admin_url, UNDONE))
                await until(lambda: not counted(admin_url, UNSENT))
            finally:
                await worker.kill()
            accepted = [call for call in peer.calls("sendMessage") if call.status == 200]
    assert sorted(moods(admin_url).values()) == sorted(said.values())
    replies = counted(admin_url, "SELECT count(*) FROM app.outbox")
    unknown = counted(admin_url, "SELECT count(*) FROM app.outbox WHERE state = 'unknown'")
    assert replies - unknown <= len(accepted) <= replies, "no reply goes out twice"
    assert unknown <= KILLS * len(PEOPLE), "at most the one that was on its way, for each person"
