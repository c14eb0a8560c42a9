"""`evenkeel keys` as operators meet it: what is lost, wrong or damaged gets one sentence that says
what to do, and a rotation disturbs nobody."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.server import bring_up_to_date
from storage.encryption import Vault
from storage.keys.master import new_handle
from tests.databases import Cluster
from tests.peers.bot_api import BotApiPeer, bot_api
from tests.processes import as_url, reachable_folder, run, serving

PATIENCE = 60.0
RESTORE = "evenkeel keys restore"


def a_keyset() -> str:
    from tink import json_proto_keyset_format, secret_key_access

    return str(json_proto_keyset_format.serialize(new_handle(), secret_key_access.TOKEN))


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A deployment with one person, whose files a test may spoil."""

    folder: Path
    settings: dict[str, str]

    @property
    def master(self) -> Path:
        return self.folder / "master.key"

    @property
    def keys(self) -> Path:
        return self.folder / "keys.sqlite"

    def with_copy(self, folder: Path) -> Installation:
        """The same database, with its own copy of the keys."""
        for each in (self.master, self.keys):
            shutil.copy2(each, folder / each.name)
        return Installation(
            folder=folder, settings={**self.settings, "EVENKEEL_DATA_DIR": str(folder)}
        )


@pytest.fixture(scope="module")
def made(cluster: Cluster, template: str) -> Iterator[Installation]:
    with reachable_folder() as folder, cluster.clone(template) as name:
        bring_up_to_date(cluster.admin_url(name), hash_partitions=2)
        settings = {
            "DATABASE_URL": as_url(cluster.app_url(name)),
            "EVENKEEL_DATA_DIR": str(folder),
        }
        made = Installation(folder=folder, settings=settings)
        code, _, err = asyncio.run(run(settings, "chat", "--as", "someone", lines="hello\nYes\n"))
        assert code == 0, err
        yield made


@pytest.fixture
def here(made: Installation, tmp_path: Path) -> Installation:
    return made.with_copy(tmp_path)


def sentence(err: str) -> str:
    [line] = err.strip().splitlines()
    assert line.startswith("evenkeel: ")
    assert line.endswith(".")
    return line


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def newer(keys: Path) -> None:
    with closing(sqlite3.connect(keys, isolation_level=None)) as store:
        store.execute("UPDATE key_store_format SET version = 99")


SPOILED = {
    "master key lost": (lambda i: i.master.unlink(), "Put the file back"),
    "master key half written": (
        lambda i: i.master.write_text(i.master.read_text()[:60]),
        "not a whole Tink keyset",
    ),
    "master key no text": (lambda i: i.master.write_bytes(os.urandom(80)), "not a whole"),
    "master key empty": (lambda i: i.master.write_bytes(b""), "not a whole Tink keyset"),
    "master key open to others": (lambda i: i.master.chmod(0o644), "chmod 600"),
    "master key of another": (lambda i: i.master.write_text(a_keyset()), "does not open"),
    "master key a folder": (
        lambda i: (i.master.unlink(), i.master.mkdir()),
        "cannot be read",
    ),
    "key store lost": (lambda i: i.keys.unlink(), RESTORE),
    "key store empty": (lambda i: i.keys.write_bytes(b""), RESTORE),
    "key store truncated": (
        lambda i: i.keys.write_bytes(i.keys.read_bytes()[:9000]),
        RESTORE,
    ),
    "key store no database": (lambda i: i.keys.write_text("no keys " * 999), RESTORE),
    "key store a folder": (lambda i: (i.keys.unlink(), i.keys.mkdir()), "cannot be opened"),
    "key store of a newer version": (lambda i: newer(i.keys), "newer version"),
}


@pytest.mark.parametrize(
    ("spoiled", "command"),
    [(each, "keys status") for each in SPOILED]
    + [(each, "chat") for each in ("master key lost", "key store lost", "key store empty")],
)
async def test_what_is_lost_or_damaged_is_said_in_one_sentence(
    here: Installation, spoiled: str, command: str
) -> None:
    spoil, words = SPOILED[spoiled]
    secret = here.master.read_text()
    spoil(here)
    before = contents(here.folder)
    code, out, err = await run(here.settings, *command.split(), lines="hello\n")
    assert code == 2, out + err
    assert words in sentence(err)
    value = json.loads(secret)["key"][0]["keyData"]["value"]
    assert value[:12] not in out + err
    assert without_a_new_store(contents(here.folder)) == without_a_new_store(before)


def without_a_new_store(files: dict[str, bytes]) -> dict[str, bytes]:
    """A store that was lost may be there again, without a single key."""
    return {name: data for name, data in files.items() if name != "keys.sqlite"}


@pytest.mark.parametrize(
    ("configured", "words"),
    [
        ("garbage", "not a Tink keyset"),
        ("\u00e9" * 40, "not a Tink keyset"),
        ('{"primaryKeyId": 7, "key": []}', "not a Tink keyset"),
        ("ftp://keys.example/one", "unknown kind of KMS"),
        ("aws-kms://arn:aws:kms:eu-west-1:1:key/2", "tink[awskms]"),
        ("gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k", "tink[gcpkms]"),
        ("hcvault://127.0.0.1:9/transit/keys/evenkeel", "does not open this key store"),
        ("hcvault://127.0.0.1:9", "is not one of a key there"),
    ],
)
async def test_a_master_key_that_will_not_do_is_refused_without_quoting_it(
    here: Installation, configured: str, words: str
) -> None:
    settings = {**here.settings, "EVENKEEL_MASTER_KEY": configured}
    before = contents(here.folder)
    code, out, err = await run(settings, "keys", "status")
    assert code == 2, out + err
    assert words in sentence(err)
    assert configured not in out + err
    assert contents(here.folder) == before


async def test_the_keys_of_another_deployment_are_not_used_for_these_people(
    here: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    await (await open_vault(other)).close()
    settings = {**here.settings, "EVENKEEL_DATA_DIR": str(other)}
    code, _, err = await run(settings, "chat", lines="hello\n")
    assert code == 2
    assert "does not know the people of this database" in sentence(err)


async def open_vault(folder: Path) -> Vault:
    return await Vault.open(master_key=None, data_dir=folder, key_store_url=None)


async def test_what_was_damaged_is_whole_again_after_bringing_a_copy_in(
    here: Installation,
) -> None:
    copy = str(here.folder / "copy")
    code, out, err = await run(here.settings, "keys", "copy", copy)
    assert code == 0, err
    assert "1 people's keys" in out
    here.keys.unlink()
    code, out, err = await run(here.settings, "keys", "restore", copy)
    assert code == 0, err
    assert "Brought back 1 people's keys" in out
    code, out, err = await run(here.settings, "chat", "--as", "someone", lines="/help\n")
    assert code == 0, err
    code, out, err = await run(here.settings, "doctor")
    assert "ok    keys" in out, out + err


async def test_a_keyset_is_read_from_standard_input_and_never_from_the_command_line(
    here: Installation,
) -> None:
    keyset = a_keyset()
    code, out, err = await run(here.settings, "keys", "rotate", "--master", keyset)
    assert code == 2
    assert "standard input" in sentence(err)
    assert keyset[:40] not in out + err
    code, out, err = await run(here.settings, "keys", "rotate", "--master", "-", lines=keyset)
    assert code == 0, err
    assert "Set EVENKEEL_MASTER_KEY" in out
    code, _, err = await run(here.settings, "keys", "status")
    assert code == 2
    assert "does not open this key store" in sentence(err)
    settings = {**here.settings, "EVENKEEL_MASTER_KEY": keyset}
    code, out, err = await run(settings, "keys", "status", "--json")
    assert code == 0, err
    assert json.loads(out)["people"] == 1
    value = json.loads(keyset)["key"][0]["keyData"]["value"]
    assert value[:12] not in out


async def test_no_turn_fails_while_keys_are_rotated(database_url: str, admin_url: str) -> None:
    bring_up_to_date(admin_url, hash_partitions=2)
    with reachable_folder() as folder:
        async with bot_api() as peer:
            settings = {
                "DATABASE_URL": as_url(database_url),
                "EVENKEEL_DATA_DIR": str(folder),
                "EVENKEEL_OPS_BIND": "127.0.0.1:0",
                "TELEGRAM_BOT_TOKEN": peer.token,
                "TELEGRAM_API_URL": peer.url,
            }
            async with serving(settings):
                for person in (7, 8):
                    await agree(peer, person)
                done = asyncio.Event()
                talking = [asyncio.create_task(keep_talking(peer, p, done)) for p in (7, 8)]
                for how in (("--people",), (), ("--master", "file"), ("--people",)):
                    code, _, err = await run(settings, "keys", "rotate", *how)
                    assert code == 0, err
                await say(peer, 9, "hello", "May I keep what you write?")
                done.set()
                turns = await asyncio.gather(*talking)
            status, out, _ = await run(settings, "keys", "status", "--json")
    assert status == 0
    assert json.loads(out)["people"] == 3
    assert not json.loads(out)["unfinished"]
    assert all(count >= 4 for count in turns)
    with psycopg.connect(admin_url) as rows:
        audited = rows.execute(
            "SELECT new_values FROM app.audit_logs WHERE resource_type = 'keys' ORDER BY seq"
        ).fetchall()
        moods = rows.execute("SELECT count(*) FROM app.mood_entries").fetchone()
    counts = {"people": 2, "unopened": 0}
    assert [entry for (entry,) in audited] == [
        counts | {"new_keys": True},
        counts | {"new_keys": False},
        {"master": True},
        counts | {"new_keys": True},
    ]
    assert moods == (sum(turns),)


async def agree(peer: BotApiPeer, person: int) -> None:
    await say(peer, person, "hello", "May I keep what you write?")
    await peer.press(person, "Yes")
    await shown(peer, person, "May I write to you first")
    await peer.press(person, "No")
    await shown(peer, person, "which country are you in?")
    await say(peer, person, "US", "We are ready")


async def keep_talking(peer: BotApiPeer, person: int, done: asyncio.Event) -> int:
    """Log moods, each after the answer to the one before, until it is enough."""
    turns = 0
    while turns < 4 or not done.is_set():
        turns += 1
        note = f"note{turns}end"
        await say(peer, person, f"/mood {turns % 10 + 1} {note}", "Noted", answers=turns)
    return turns


async def say(peer: BotApiPeer, person: int, text: str, answer: str, answers: int = 1) -> None:
    await peer.say(person, text)
    await shown(peer, person, answer, answers)


async def shown(peer: BotApiPeer, person: int, words: str, times: int = 1) -> None:
    def there() -> bool:
        return sum(words in message.text for message in peer.chat(person)) >= times

    await peer.wait_for(there, PATIENCE)
