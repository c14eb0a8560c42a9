"""After a real conversation no word of it rests in the clear: not in a file of the data folder,
the log of changes, a dump, the key store, a log, or the metrics.

PostgreSQL compresses long values (TOAST), which could hide a word from a scan. It cannot here:
what is sealed is as random as noise, so that pglz gives up on it and stores it as it is; and what
would be stored in the clear by mistake is short, or shown by the dump, which is not compressed.
"""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import psycopg
import pytest

from storage.embedded.server import EmbeddedServer
from tests.acceptance.clear_text import found, found_under, unescaped
from tests.peers.bot_api import BotApiPeer, bot_api
from tests.processes import ROOT, environment, reachable_folder

# Words that no list of words, alias or library holds.
SAID, WRITTEN, NOTED, TYPED = "zorbelquin", "vexomarith", "quiddlefap", "wumpherstone"
NAME, DISPLAY, USERNAME = "Brindlewhack", "Trugglemoor", "snorflewit77"
PHONE, EMAIL, PERSON_ID = "415-555-0173", "quibberly@example.org", 7_310_224_961
CONTROL = "marvelstoke"
PATIENCE = 120.0  # the worker loads its models first
CANARIES = (
    SAID,
    WRITTEN,
    NOTED,
    TYPED,
    NAME,
    DISPLAY,
    USERNAME,
    PHONE,
    "quibberly",
    str(PERSON_ID),
)

LINES = (
    "hello",
    "Yes",
    "Yes",
    "US",
    f"my name is {NAME}, I feel {SAID} today",
    f"/mood 4 {NOTED} at work, write me at {EMAIL}",
    "/journal",
    f"I went to {WRITTEN} with {NAME}, her number is {PHONE}",
    "Done",
    "/phq9",
    f"well, {TYPED} I suppose",
    "Several days",
    f"I am going to kill myself tonight, {SAID}",
    "/history",
)


LOUD = """
import logging, sys
import bot.logs
quiet = bot.logs.configure_logging
bot.logs.configure_logging = lambda level=0: quiet(logging.DEBUG)
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass(frozen=True, kw_only=True)
class Traces:
    """Where two conversations left something, and what the commands wrote meanwhile."""

    server: EmbeddedServer
    folder: Path
    outputs: dict[str, bytes]


@pytest.fixture(scope="module")
def traces() -> Iterator[Traces]:
    with reachable_folder() as folder:
        outputs = asyncio.run(_converse(folder))
        server = EmbeddedServer.start(folder)
        try:
            outputs |= dumps(server)
            checkpoint(server)
            yield Traces(server=server, folder=folder, outputs=outputs)
        finally:
            server.close()


async def _converse(folder: Path) -> dict[str, bytes]:
    settings = {"EVENKEEL_DATA_DIR": str(folder), "EVENKEEL_REGION": "US"}
    async with loud(settings, "chat", "--as", USERNAME) as process:
        lines = "".join(f"{line}\n" for line in LINES)
        shown, log = await process.communicate(lines.encode())
    assert process.returncode == 0, log
    assert b"988" in shown
    return {"log of chat": log, **await _over_telegram(settings)}


async def _over_telegram(settings: dict[str, str]) -> dict[str, bytes]:
    ops = f"127.0.0.1:{free_port()}"
    async with bot_api() as peer:
        served = settings | {
            "EVENKEEL_OPS_BIND": ops,
            "TELEGRAM_BOT_TOKEN": peer.token,
            "TELEGRAM_API_URL": peer.url,
        }
        async with loud(served, "serve") as process:
            await _talk(peer)
            metrics = await asyncio.to_thread(read, f"http://{ops}/metrics")
            process.terminate()
            out, log = await process.communicate()
    assert b"evenkeel_turns_total" in metrics
    assert b" DEBUG " in log
    return {"output of serve": out, "log of serve": log, "metrics": metrics}


async def _talk(peer: BotApiPeer) -> None:
    await _say(peer, "hello", "May I keep what you write?")
    await peer.press(PERSON_ID, "Yes")
    await _shown(peer, "May I write to you first")
    await peer.press(PERSON_ID, "Yes")
    await _shown(peer, "which country are you in?")
    await _say(peer, "US", "We are ready")
    await _say(peer, f"/mood 3 {NOTED}", "Noted: 3 of 10")
    await _say(peer, f"/journal {SAID}, says {NAME}, call {PHONE}", "in your journal")


async def _say(peer: BotApiPeer, text: str, answer: str) -> None:
    """As somebody with a name of their own on the platform, who waits for the answer."""
    message = peer.world.message(PERSON_ID, text=text)
    message["from"] |= {"first_name": DISPLAY, "last_name": NAME, "username": USERNAME}
    await peer.push(message=message)
    await _shown(peer, answer)


async def _shown(peer: BotApiPeer, words: str) -> None:
    def there() -> bool:
        return any(words in message.text for message in peer.chat(PERSON_ID))

    await peer.wait_for(there, PATIENCE)


@asynccontextmanager
async def loud(settings: dict[str, str], *arguments: str) -> AsyncIterator[Process]:
    """The real command, with its log as loud as it can be."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        LOUD,
        *arguments,
        cwd=settings["EVENKEEL_DATA_DIR"],
        env=environment({"PYTHONPATH": str(ROOT), **settings}),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read(url: str) -> bytes:
    with urlopen(url, timeout=PATIENCE) as answer:
        return bytes(answer.read())


def dumps(server: EmbeddedServer) -> dict[str, bytes]:
    """What `pg_dump` writes: everything, data alone, and bytes escaped instead of in hex."""
    escaped = f"{server.admin_url}&options=-c%20bytea_output%3Descape"
    asked = {
        "dump": (server.admin_url,),
        "dump of data": (server.admin_url, "--data-only", "--inserts"),
        "dump with escapes": (escaped, "--data-only"),
    }
    written = {name: dump(server, *arguments) for name, arguments in asked.items()}
    return written | {"dump with escapes": unescaped(written["dump with escapes"])}


def dump(server: EmbeddedServer, url: str, *arguments: str) -> bytes:
    program = str(server.programs / "pg_dump")
    apart = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    dumped = subprocess.run(
        [program, f"--dbname={url}", *arguments], env=apart, capture_output=True, check=False
    )
    assert dumped.returncode == 0, dumped.stderr
    return dumped.stdout


def checkpoint(server: EmbeddedServer) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("CHECKPOINT")


def test_the_conversations_are_there(traces: Traces) -> None:
    with psycopg.connect(traces.server.admin_url) as rows:
        counted = [
            rows.execute(f"SELECT count(*) FROM app.{table}".encode()).fetchone()
            for table in ("journal_entries", "mood_entries", "crisis_flags", "assessment_attempts")
        ]
        people = rows.execute("SELECT count(*) FROM app.auth_identities").fetchone()
    assert counted == [(2,), (2,), (1,), (1,)]
    assert people == (2,)


def test_no_file_of_the_data_folder_holds_a_word(traces: Traces) -> None:
    assert (traces.folder / "keys.sqlite").exists()
    assert list((traces.folder / "postgres" / "data" / "pg_wal").glob("0*"))
    assert found_under(CANARIES, traces.folder) == {}


@pytest.mark.parametrize(
    "output",
    [
        "log of chat",
        "log of serve",
        "output of serve",
        "metrics",
        "dump",
        "dump of data",
        "dump with escapes",
    ],
)
def test_no_dump_log_or_metric_holds_a_word(traces: Traces, output: str) -> None:
    assert found(CANARIES, traces.outputs[output]) == set()


def test_the_search_would_have_found_one(traces: Traces) -> None:
    with psycopg.connect(traces.server.admin_url, autocommit=True) as admin:
        admin.execute("CREATE TABLE scratch (words text, sealed bytea)")
        admin.execute(
            "INSERT INTO scratch VALUES (%s, %s)", (CONTROL, b"\\ \xff" + CONTROL.encode())
        )
    checkpoint(traces.server)
    written = dumps(traces.server)
    files = found_under([CONTROL], traces.folder)
    with psycopg.connect(traces.server.admin_url, autocommit=True) as admin:
        admin.execute("ALTER TABLE scratch DROP COLUMN words")
        escaped = dumps(traces.server)["dump with escapes"]
        admin.execute("DROP TABLE scratch")
    assert any("pg_wal" in name for name in files)
    assert any("/base/" in name for name in files)
    assert all(found([CONTROL], text) for text in (*written.values(), escaped))


@pytest.mark.parametrize("lead", range(3))
@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_the_search_knows_every_form(lead: int, case: Callable[[str], str]) -> None:
    word = case(CONTROL)
    padded = "~" * lead + word + "~~"
    for data in (
        padded.encode(),
        padded.encode("utf-16-le"),
        padded.encode().hex().encode(),
        base64.b64encode(padded.encode()),
        base64.b64encode(padded.encode("utf-16-le")),
        unescaped("".join(f"\\{byte:03o}" for byte in padded.encode()).encode()),
    ):
        assert found([CONTROL], b"..." + data + b"...") == {CONTROL}, data
    assert found([CONTROL], os.urandom(4096)) == set()
