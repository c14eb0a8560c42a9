"""The same conversation over Telegram's protocol, with `evenkeel serve` as a real process."""

import asyncio
import io
import json
import zipfile

import psycopg

from bot.server import bring_up_to_date
from tests.acceptance import conversation
from tests.peers.bot_api import BotApiPeer, bot_api
from tests.processes import as_url, reachable_folder, serving

SOMEONE = 7
COUNSELORS = -100
PATIENCE = 60.0


def answers(peer: BotApiPeer) -> int:
    methods = ("sendMessage", "sendDocument", "editMessageText")
    return sum(len(peer.calls(method)) for method in methods)


def at_rest(admin_url: str) -> bool:
    """Everything that was taken in is answered, and every answer was sent."""
    with psycopg.connect(admin_url) as rows:
        waiting = rows.execute(
            "SELECT EXISTS (SELECT FROM app.inbox WHERE done_at IS NULL)"
            " OR EXISTS (SELECT FROM app.outbox WHERE state IN ('queued', 'sending'))"
        ).fetchone()
    return waiting == (False,)


async def takes_a_turn(peer: BotApiPeer, line: str, admin_url: str) -> None:
    """Press the button of that name if there is one, else type; then wait for all of the answer,
    as a person would before they go on."""
    before = answers(peer)
    shown = peer.chat(SOMEONE)
    if shown and line in [label for message in shown for label in message.labels]:
        await peer.press(SOMEONE, line)
    else:
        await peer.say(SOMEONE, line)
    await peer.wait_for(lambda: answers(peer) > before, PATIENCE)
    await peer.wait_for(lambda: not peer.world.pending, PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while not at_rest(admin_url):
            await asyncio.sleep(0.02)


async def test_a_whole_conversation_over_telegram(database_url: str, admin_url: str):
    bring_up_to_date(admin_url, hash_partitions=2)
    with reachable_folder() as folder:
        async with bot_api() as peer:
            await peer.push(message=peer.world.message(1, chat_id=COUNSELORS, text="we are here"))
            settings = {
                "DATABASE_URL": as_url(database_url),
                "EVENKEEL_DATA_DIR": str(folder),
                "EVENKEEL_OPS_BIND": "127.0.0.1:0",
                "TELEGRAM_BOT_TOKEN": peer.token,
                "TELEGRAM_API_URL": peer.url,
                "COUNSELOR_TELEGRAM_CHAT": str(COUNSELORS),
            }
            async with serving(settings):
                for line in (*conversation.LINES, "/export", "Yes"):
                    if line:
                        await takes_a_turn(peer, line, admin_url)
                await peer.wait_for(lambda: len(peer.chat(COUNSELORS)) >= 2, PATIENCE)
                assert {"", "en", "es"} <= peer.world.menus.keys()
            shown = peer.chat(SOMEONE)
    [upload] = peer.world.documents[SOMEONE]
    with zipfile.ZipFile(io.BytesIO(upload.content)) as archive:
        exported = json.loads(archive.read("export.json"))
    [written] = exported["tables"]["journal_entries"]
    assert conversation.PHONE in written["content"]
    said = "\n".join(message.text for message in shown)
    assert "988" in said
    assert "GAD-7: 7 of 21" in said
    assert any(message.edits for message in shown), "questions are edited in place"
    with psycopg.connect(admin_url) as rows:
        moods = rows.execute("SELECT mood_score FROM app.mood_entries ORDER BY id").fetchall()
        scores = rows.execute(
            "SELECT score_value::int FROM app.assessment_scores WHERE score_type = 'total'"
        ).fetchall()
        waiting = rows.execute("SELECT count(*) FROM app.inbox WHERE done_at IS NULL").fetchone()
    assert moods == [(7,), (4,)]
    assert scores == [(7,), (7,)]
    assert waiting == (0,)
