"""A first conversation over Slack's Socket Mode, with `evenkeel serve` as a real process."""

import asyncio
import io
import json
import zipfile
from contextlib import suppress

import psycopg

from bot.server import bring_up_to_date
from tests.peers.slack_api import SlackPeer
from tests.peers.slack_workspace import APP_TOKEN, BOT_TOKEN
from tests.processes import as_url, reachable_folder, serving

SOMEONE = "U0ANN"
PATIENCE = 60.0


async def until_connected(peer: SlackPeer) -> None:
    """The worker loads its models first, which takes longer than one wait of the peer's."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(TimeoutError):
                return await peer.sockets.connected()


async def until_shown(peer: SlackPeer, words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while not any(words in str(posted) for posted in peer.chat(SOMEONE)):
            await asyncio.sleep(0.05)


async def test_a_newcomer_agrees_logs_a_mood_and_is_not_left_alone(
    database_url: str, admin_url: str
):
    bring_up_to_date(admin_url, hash_partitions=2)
    with reachable_folder() as folder:
        async with SlackPeer() as peer:
            settings = {
                "DATABASE_URL": as_url(database_url),
                "EVENKEEL_DATA_DIR": str(folder),
                "EVENKEEL_OPS_BIND": "127.0.0.1:0",
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "SLACK_API_URL": peer.api_url,
            }
            async with serving(settings):
                await until_connected(peer)
                await peer.say(SOMEONE, "hello")
                await until_shown(peer, "May I keep what you write?")
                await peer.press(SOMEONE, "Yes")
                await until_shown(peer, "May I write to you first")
                await peer.press(SOMEONE, "No")
                await until_shown(peer, "which country are you in?")
                await peer.press(SOMEONE, "Skip")
                await until_shown(peer, "We are ready")
                await peer.command(SOMEONE, "/mood 7 slept well")
                await until_shown(peer, "Noted: 7 of 10")
                await peer.say(SOMEONE, "/journal call me on 415-555-0134")
                await until_shown(peer, "words in your journal")
                await peer.command(SOMEONE, "/export")
                await until_shown(peer, "Shall I make it now?")
                await peer.press(SOMEONE, "Yes")
                await until_shown(peer, "as a zip file")
                await peer.say(SOMEONE, "I am going to kill myself tonight")
                await until_shown(peer, "988")
    [upload] = [file for posted in peer.chat(SOMEONE) for file in posted.files]
    with zipfile.ZipFile(io.BytesIO(upload.content or b"")) as archive:
        exported = json.loads(archive.read("export.json"))
    [written] = exported["tables"]["journal_entries"]
    assert written["content"] == "call me on 415-555-0134"
    with psycopg.connect(admin_url) as rows:
        moods = rows.execute("SELECT mood_score FROM app.mood_entries").fetchall()
        flags = rows.execute("SELECT flag_type, priority FROM app.crisis_flags").fetchall()
    assert moods == [(7,)]
    assert [flag_type for flag_type, _ in flags] == ["suicide"]
