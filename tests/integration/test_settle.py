"""`evenkeel restore --settle`: what follows when a server was brought back by other means."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.addresses import Identity, Platform
from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import Erasure
from storage.people import People
from tests.databases import Cluster
from tests.engine import CRISIS_WORDS, Someone, worker
from tests.processes import as_url, run, run_at_terminal

TOLD = """\
Replies that will not be sent: 2, of 1 people.
Messages that will not be answered again: 1, of 1 people.
Open crisis flags that counselors are told of again: 1.
People and keys erased again: 1.
"""

# as if the worker had died between the commit and the sending, and before an answer
UNDER_WAY = """
    UPDATE app.outbox SET state = 'queued', due_at = now(), sent_at = NULL
    WHERE created_at = (SELECT max(created_at) FROM app.outbox);
    UPDATE app.inbox SET done_at = NULL
    WHERE received_at = (SELECT max(received_at) FROM app.inbox);
    UPDATE app.escalations SET state = 'open', alerted_at = NULL, due_at = 'infinity'
"""


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A database as it was before somebody was erased, and the keys as they are now."""

    admin_url: str
    app_url: str
    keys: Path

    @property
    def settings(self) -> dict[str, str]:
        return {"DATABASE_URL": as_url(self.admin_url), "EVENKEEL_DATA_DIR": str(self.keys)}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.admin_url) as connection:
            return connection.execute(question.encode()).fetchall()

    def under_way(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT (SELECT count(*) FROM app.outbox WHERE state = 'queued'),"
            " (SELECT count(*) FROM app.inbox WHERE done_at IS NULL),"
            " (SELECT count(*) FROM app.escalations WHERE due_at <= now()),"
            " (SELECT count(*) FROM app.profiles)"
        )


@pytest.fixture
async def returned(cluster: Cluster, database_name: str, tmp_path: Path) -> AsyncIterator[Returned]:
    """Work was under way when the backup was made; later somebody was erased."""
    admin_url, app_url = cluster.admin_url(database_name), cluster.app_url(database_name)
    database = await Database.open(app_url)
    async with worker(database, admin_url, tmp_path) as (app, platform):
        await Someone(app, platform, name="leaves").agrees()
        friend = Someone(app, platform, name="friend")
        await friend.agrees()
        await friend.says(CRISIS_WORDS)
    await database.close()
    with psycopg.connect(admin_url) as admin:
        admin.execute(UNDER_WAY)
    with cluster.clone(database_name) as name:
        await erase(app_url, tmp_path)
        yield Returned(
            admin_url=cluster.admin_url(name), app_url=cluster.app_url(name), keys=tmp_path
        )


async def erase(app_url: str, keys: Path) -> None:
    database = await Database.open(app_url, pool_size=1)
    vault = await Vault.open(master_key=None, data_dir=keys, key_store_url=None)
    person = await People(database, vault).of(Identity(platform=Platform.CONSOLE, subject="leaves"))
    erasure = Erasure(database, vault)
    await erasure.request(person.id, "operator", None)
    await erasure.erase(person.id)
    await vault.close()
    await database.close()


async def test_what_was_under_way_is_set_aside_and_who_was_erased_is_erased_again(
    returned: Returned,
) -> None:
    assert returned.under_way() == [(2, 1, 0, 2)]
    code, out, err = await run(returned.settings, "restore", "--settle", "--yes")
    assert (code, out, err) == (0, TOLD, "")
    assert returned.under_way() == [(0, 0, 1, 1)]
    assert returned.ask("SELECT DISTINCT state FROM app.outbox ORDER BY 1") == [
        ("sent",),
        ("unknown",),
    ]
    [(told,)] = returned.ask("SELECT new_values FROM app.audit_logs WHERE action = 'restored'")
    assert told == {
        "by": "another_tool",
        "replies_parked": 2,
        "messages_ended": 1,
        "escalations_open": 1,
        "erased_again": 1,
    }
    code, again, _ = await run(returned.settings, "restore", "--settle", "--yes")
    assert (code, again.count(": 0")) == (0, 3), "flags stay open, the rest is done"
    await sends_nothing_again_but_tells_counselors_and_answers(returned)


async def sends_nothing_again_but_tells_counselors_and_answers(returned: Returned) -> None:
    """A worker that starts afterwards."""
    database = await Database.open(returned.app_url)
    async with worker(database, returned.admin_url, returned.keys) as (app, platform):
        await app.recovery.resend()
        await app.recovery.resume_turns()
        assert platform.shown == []
        await app.recovery.raise_alerts()
        assert len(platform.alerts) == 1
        friend = Someone(app, platform, name="friend", numbers=itertools.count(100))
        assert await friend.says("/help")
    await database.close()


async def test_it_asks_first_and_ctrl_d_is_a_no(returned: Returned) -> None:
    before = returned.under_way()
    code, out, err = await run_at_terminal(returned.settings, "restore", "--settle", typed="\x04")
    assert (code, err) == (1, "")
    assert out.startswith("Everything that waits to be sent or answered will be set aside.")
    assert out.endswith("Nothing was changed.\n")
    assert returned.under_way() == before


async def test_without_a_server_of_ones_own_it_is_refused(tmp_path: Path) -> None:
    code, out, err = await run({"EVENKEEL_DATA_DIR": str(tmp_path)}, "restore", "--settle", "--yes")
    assert (code, out) == (2, "")
    assert "is for a server in DATABASE_URL" in err
    assert list(tmp_path.iterdir()) == [], "no embedded server was made"


async def test_a_server_is_not_restored_by_the_embedded_ones_means(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"DATABASE_URL": as_url(database_url), "EVENKEEL_DATA_DIR": str(tmp_path)}
    code, out, err = await run(settings, "restore", "--to", "latest", "--yes")
    assert (code, out) == (2, "")
    assert "evenkeel restore --settle" in err


async def test_what_stands_in_the_way_is_a_sentence_and_nothing_is_changed(
    returned: Returned, cluster: Cluster
) -> None:
    before = returned.under_way()
    as_worker = {"DATABASE_URL": as_url(returned.app_url)}
    assert "who is a superuser or has BYPASSRLS" in await refused(returned, as_worker)
    empty = {"DATABASE_URL": as_url(cluster.admin_url("postgres"))}
    assert "Run `evenkeel migrate`" in await refused(returned, empty)
    working = await Database.open(returned.app_url, pool_size=1)
    assert "Stop every `evenkeel` first" in await refused(returned, {})
    await working.close()
    (returned.keys / "keys.sqlite").unlink()
    assert "evenkeel keys restore FILE" in await refused(returned, {})
    assert returned.under_way() == before


async def refused(returned: Returned, changed: dict[str, str]) -> str:
    code, out, err = await run(returned.settings | changed, "restore", "--settle", "--yes")
    assert (code, out) == (2, "")
    [line] = err.splitlines()
    return line
