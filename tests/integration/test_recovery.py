"""What a crash, a lost lease or a silent platform leaves behind is taken up, and only once."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.errors import SendLaterError, SendRefusedError, SendUnknownError
from bot.generation import ModelReply, ModelRequest
from bot.updates import Said
from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import FencedError
from storage.row_security import SYSTEM_USER
from tests.engine import CRISIS_WORDS, Someone, worker


@pytest.fixture
async def friend(database: Database, admin_url: str, tmp_path: Path) -> AsyncIterator[Someone]:
    async with worker(database, admin_url, tmp_path) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        yield friend


def states(admin_url: str) -> list[str]:
    with psycopg.connect(admin_url) as connection:
        rows = connection.execute("SELECT state FROM app.outbox ORDER BY seq").fetchall()
    return [row[0] for row in rows]


def execute(admin_url: str, statement: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(statement)


async def dies_after_taking_in(friend: Someone, text: str) -> None:
    """The update is committed and acknowledged, and then the worker is gone."""

    def gone(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        work.close()
        return asyncio.create_task(asyncio.sleep(0))

    turns = dataclasses.replace(friend.app.turns, start=gone)
    await turns.receive(friend.update(Said(text)))


def let_leases_run_out(admin_url: str) -> None:
    execute(admin_url, "UPDATE app.conversations SET lease_until = '-infinity'")
    execute(admin_url, "UPDATE app.outbox SET lease_until = '-infinity', due_at = '-infinity'")


async def test_an_update_whose_worker_died_is_answered_once(friend: Someone, admin_url: str):
    await dies_after_taking_in(friend, "/mood 4 long day")
    let_leases_run_out(admin_url)
    shown = len(friend.platform.shown)
    assert await friend.app.recovery.resume_turns() == 1
    assert await friend.app.recovery.resume_turns() == 0
    assert len(friend.platform.shown) > shown
    with psycopg.connect(admin_url) as connection:
        row = connection.execute("SELECT mood_score FROM app.mood_entries").fetchall()
    assert row == [(4,)]


async def test_an_update_that_was_tampered_with_stands_in_nobodys_way(
    friend: Someone, admin_url: str
):
    await dies_after_taking_in(friend, "/mood 3")
    let_leases_run_out(admin_url)
    execute(admin_url, "UPDATE app.inbox SET entry = 'spoilt' WHERE done_at IS NULL")
    assert await friend.says("/mood 7")
    assert states(admin_url).count("sent") == len(states(admin_url))
    assert await friend.app.recovery.resume_turns() == 0


async def test_a_reply_that_was_tampered_with_stands_in_nobodys_way(
    friend: Someone, admin_url: str
):
    friend.platform.broken.append(SendLaterError(0))
    await friend.says("/mood 7")
    execute(admin_url, "UPDATE app.outbox SET payload = 'spoilt' WHERE state = 'queued'")
    execute(admin_url, "UPDATE app.outbox SET due_at = now() WHERE state = 'queued'")
    assert await friend.says("/help")
    assert states(admin_url).count("dead") == 1


async def test_a_living_workers_conversation_is_left_to_it(friend: Someone):
    await dies_after_taking_in(friend, "/mood 4 long day")
    assert await friend.app.recovery.resume_turns() == 0


async def test_updates_left_by_a_crash_are_worked_off_before_a_newer_one(
    friend: Someone, admin_url: str
):
    await dies_after_taking_in(friend, "/mood 3 first")
    let_leases_run_out(admin_url)
    await friend.says("/mood 8 second")
    with psycopg.connect(admin_url) as connection:
        rows = connection.execute("SELECT mood_score FROM app.mood_entries ORDER BY id").fetchall()
    assert rows == [(3,), (8,)]


async def test_a_worker_that_was_overtaken_writes_nothing(friend: Someone, admin_url: str):
    app = friend.app
    person = await app.turns.people.of(friend.update(Said("x")).identity)
    await dies_after_taking_in(friend, "/mood 4 long day")
    let_leases_run_out(admin_url)
    slow = await app.turns.conversations.acquire(
        person.id, person.conversation_id, app.turns.worker
    )
    assert slow is not None
    entry = await app.turns.inbox.oldest_undone(slow)
    assert entry is not None
    let_leases_run_out(admin_url)
    assert await app.recovery.resume_turns() == 1
    with pytest.raises(FencedError):
        await app.turns.turn(slow, entry)
    with psycopg.connect(admin_url) as connection:
        row = connection.execute("SELECT count(*) FROM app.mood_entries").fetchone()
    assert row == (1,)


async def test_a_platform_that_asks_to_wait_gets_the_reply_later_and_in_order(
    friend: Someone, admin_url: str
):
    friend.platform.broken = [SendLaterError(0.0)]
    assert await friend.says("/mood 4 first") == []
    assert await friend.says("/mood 5 second") == []
    let_leases_run_out(admin_url)
    before = len(friend.platform.shown)
    await friend.app.recovery.resend()
    assert len(friend.platform.shown) - before >= 2
    assert set(states(admin_url)) == {"sent"}


async def test_a_reply_whose_answer_was_lost_is_not_sent_twice(friend: Someone, admin_url: str):
    friend.platform.broken = [SendUnknownError()]
    await friend.says("/mood 4 first")
    let_leases_run_out(admin_url)
    before = len(friend.platform.shown)
    await friend.app.recovery.resend()
    assert len(friend.platform.shown) == before
    assert states(admin_url)[-1] == "unknown"


async def test_helplines_whose_answer_was_lost_are_sent_again(friend: Someone, admin_url: str):
    friend.platform.broken = [SendUnknownError()]
    execute(admin_url, "DELETE FROM app.outbox")
    await friend.says(CRISIS_WORDS)
    let_leases_run_out(admin_url)
    await friend.app.recovery.resend()
    assert "988" in "".join(message.text for message in friend.platform.shown)
    assert set(states(admin_url)) == {"sent"}


async def test_a_person_who_blocked_the_bot_stops_nobody(friend: Someone, admin_url: str):
    friend.platform.broken = [SendRefusedError("blocked")]
    await friend.says("/mood 4 first")
    assert "dead" in states(admin_url)
    assert await friend.says("/mood 5 second")


async def test_an_alert_that_reached_nobody_is_raised_again(friend: Someone, admin_url: str):
    friend.platform.broken = [SendUnknownError(), SendUnknownError()]
    await friend.says(CRISIS_WORDS)
    execute(
        admin_url,
        "UPDATE app.escalations SET due_at = '-infinity', lease_until = '-infinity'",
    )
    await friend.app.recovery.raise_alerts()
    assert len(friend.platform.alerts) == 1


class Slow:
    """A model that answers when it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def reply(self, request: ModelRequest, *, system: str) -> ModelReply:
        self.asked.set()
        await self.go.wait()
        return ModelReply(
            text="That sounds like a lot.", model="slow", tokens=5, seconds=0.1,
            finish_reason="stop",
        )  # fmt: skip


async def test_a_crisis_does_not_wait_for_the_model_and_the_old_turn_runs_afterwards(
    database: Database, admin_url: str, tmp_path: Path
):
    model = Slow()
    async with worker(database, admin_url, tmp_path, model=model) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        waiting = await app.turns.receive(friend.update(Said("work was hard")))
        await model.asked.wait()
        before = len(platform.shown)
        urgent = await app.turns.receive(friend.update(Said(CRISIS_WORDS)))
        model.go.set()
        await asyncio.gather(waiting, urgent)
        await app.tasks.finish(5)
        assert "988" in platform.shown[before].text
    with psycopg.connect(admin_url) as connection:
        row = connection.execute("SELECT count(*) FROM app.inbox WHERE done_at IS NULL").fetchone()
    assert row == (0,)


async def test_a_model_call_is_recorded_sealed(database: Database, admin_url: str, tmp_path: Path):
    model = Slow()
    model.go.set()
    async with worker(database, admin_url, tmp_path, model=model) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        [reply] = await friend.says("work was hard")
    assert reply.text == "That sounds like a lot."
    with psycopg.connect(admin_url) as connection:
        rows = connection.execute(
            "SELECT model_name, prompt_name, response_data, message_id FROM app.ai_runs"
        ).fetchall()
    [(name, prompt, response, _)] = rows
    assert (name, prompt) == ("slow", "companion")
    assert b"sounds" not in response


async def test_a_broken_audit_chain_is_said_in_the_log(
    friend: Someone,
    database: Database,
    admin_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
):
    vault = await Vault.open(master_key=None, data_dir=tmp_path, key_store_url=None)
    entry = AuditEntry(action="dropped", resource_type="messages")
    await AuditLog(database, vault).append(SYSTEM_USER, entry)
    await vault.close()
    assert (await friend.app.recovery.examine_audit()).broken == 0
    execute(admin_url, "UPDATE app.audit_logs SET action = 'kept'")
    assert (await friend.app.recovery.examine_audit()).broken == 1
    assert "entry 1 is changed" in caplog.text
