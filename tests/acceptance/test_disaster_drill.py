"""The drill, with the real command: a table is dropped, then the whole machine is lost."""

import asyncio
import re
import shutil
from pathlib import Path

import psycopg

from storage.embedded.server import EmbeddedServer
from storage.encryption import Vault
from storage.engine import Database
from tests.peers.bot_api import BotApiPeer, bot_api
from tests.processes import reachable_folder, run, serving

PEOPLE = (21, 22)
LEAVES = 22
PATIENCE = 60.0
JOURNAL = "the ferry was late and I did not mind"
COUNTED = ("messages", "mood_entries", "journal_entries", "consents", "conversations")


async def joins(peer: BotApiPeer, person: int) -> None:
    await peer.say(person, "/start")
    for label in ("Yes", "Yes", "Skip"):
        await peer.wait_for(lambda label=label: label in peer.chat(person)[-1].labels, PATIENCE)
        asked = peer.chat(person)[-1]
        await peer.press(person, label)
        await peer.wait_for(lambda asked=asked: peer.chat(person)[-1] != asked, PATIENCE)


async def says(peer: BotApiPeer, person: int, *lines: str) -> None:
    for line in lines:
        before = len(peer.calls("sendMessage"))
        await peer.say(person, line)
        await peer.wait_for(lambda before=before: len(peer.calls("sendMessage")) > before, PATIENCE)


async def command(settings: dict[str, str], *arguments: str, code: int = 0) -> str:
    returned, out, err = await run(settings, *arguments)
    assert returned == code, (arguments, out, err)
    return out + err


def on_the_server(folder: Path, *statements: str) -> list[list[tuple]]:
    """As the administrator, while no worker runs."""
    server = EmbeddedServer.start(folder, keep_changes=True)
    try:
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            cursors = [admin.execute(each.encode()) for each in statements]
            return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
    finally:
        server.close()


def counts(folder: Path) -> dict[str, int]:
    found = on_the_server(folder, *(f"SELECT count(*) FROM app.{table}" for table in COUNTED))
    return {table: rows[0][0] for table, rows in zip(COUNTED, found, strict=True)}


async def journal_of(folder: Path) -> list[str]:
    """What can be read of everybody's journals; `erased` for what no key opens."""
    server = await asyncio.to_thread(EmbeddedServer.start, folder, keep_changes=True)
    database = await Database.open(server.app_url, pool_size=1)
    vault = await Vault.open(master_key=None, data_dir=folder, key_store_url=None)
    try:
        with psycopg.connect(server.admin_url) as admin:
            rows = admin.execute("SELECT user_id, id, content FROM app.journal_entries").fetchall()
        read = []
        for user_id, id_, content in rows:
            key = await vault.user_key(user_id)
            read.append(key.open_text("journal_entries", "content", id_, content))
        return read
    finally:
        await vault.close()
        await database.close()
        await asyncio.to_thread(server.close)


UNDER_WAY = (
    # as if the worker had died between the commit and the sending, and before an answer
    "UPDATE app.outbox SET state = 'queued', due_at = now(), sent_at = NULL WHERE (user_id, seq) "
    "IN (SELECT user_id, max(seq) FROM app.outbox GROUP BY user_id)",
    "UPDATE app.inbox SET done_at = NULL WHERE received_at = "
    "(SELECT max(received_at) FROM app.inbox)",
    "SELECT clock_timestamp()",
)


async def test_a_dropped_table_and_a_lost_machine():
    with reachable_folder() as folder:
        data = folder / "data"
        async with bot_api() as peer:
            settings = {
                "EVENKEEL_DATA_DIR": str(data),
                "EVENKEEL_BACKUP_DIR": str(folder / "backups"),
                "EVENKEEL_OPS_BIND": "127.0.0.1:0",
                "TELEGRAM_BOT_TOKEN": peer.token,
                "TELEGRAM_API_URL": peer.url,
            }
            data.mkdir(mode=0o711)
            async with serving(settings):
                await asyncio.gather(*(joins(peer, person) for person in PEOPLE))
                await says(peer, PEOPLE[0], "/mood 6 before the backup")
                await command(settings, "backup")
                await says(peer, PEOPLE[0], "/mood 4 after it", "/journal", JOURNAL, "Done")
                await says(peer, LEAVES, "/mood 3 I shall leave", "/journal", "words to forget")
            [_, _, [(moment,)]] = await asyncio.to_thread(on_the_server, data, *UNDER_WAY)
            before = await asyncio.to_thread(counts, data)
            await command(settings, "erase", f"telegram:{LEAVES}", "--yes")
            copy = folder / "keys.copy"
            await command(settings, "keys", "copy", str(copy))
            shutil.copy(data / "master.key", folder)
            await asyncio.to_thread(on_the_server, data, "DROP TABLE app.mood_entries CASCADE")

            told = await command(settings, "restore", "--to", "yesterday", code=2)
            assert "is not a time with its zone" in told
            told = await command(settings, "restore", "--to", moment.isoformat(), "--yes")
            await is_as_it_was(settings, peer, before, told)
            assert re.search(r"Changes from .* to .* are lost", told)

            shutil.rmtree(data)
            data.mkdir(mode=0o711)
            told = await command(settings, "restore", "--to", moment.isoformat(), "--yes", code=2)
            assert "evenkeel keys restore FILE" in told
            shutil.copy(folder / "master.key", data)
            told = await command(settings, "keys", "restore", str(copy), code=1)
            assert "There is no database to ask who was erased since" in told
            told = await command(settings, "restore", "--to", moment.isoformat(), "--yes")
            await is_as_it_was(settings, peer, before, told)


async def is_as_it_was(
    settings: dict[str, str], peer: BotApiPeer, before: dict[str, int], told: str
) -> None:
    data = Path(settings["EVENKEEL_DATA_DIR"])
    assert "Replies that will not be sent: 2, of 2 people." in told
    assert "Messages that will not be answered again: 1, of 1 people." in told
    assert "People and keys erased again: 1." in told
    after = await asyncio.to_thread(counts, data)
    assert after["mood_entries"] == before["mood_entries"] - 1, "all but those of who left"
    assert after["conversations"] == before["conversations"] - 1
    assert await journal_of(data) == [JOURNAL]
    sent, polls = len(peer.calls("sendMessage")), peer.polls
    async with serving(settings):
        await peer.wait_for(lambda: peer.polls > polls, PATIENCE)
        await says(peer, PEOPLE[0], "/mood 8 all is here again")
    assert len(peer.calls("sendMessage")) == sent + 1, "only what was said now is answered"
