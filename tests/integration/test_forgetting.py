"""Being forgotten, as a person lives it: whole turns on a real database, receipts on a platform."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bot.errors import SendLaterError, SendRefusedError, SendUnknownError
from bot.generation import ModelReply, ModelRequest
from bot.updates import Said
from storage.engine import Database
from tests.engine import CRISIS_WORDS, ListPlatform, Someone, worker

SILENT = ("conversations", "messages", "inbox", "outbox", "consents", "profiles", "auth_identities")


@pytest.fixture
async def friend(database: Database, admin_url: str, tmp_path: Path) -> AsyncIterator[Someone]:
    async with worker(database, admin_url, tmp_path) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        yield friend


@pytest.fixture
def count(admin_url: str):
    def counted(table: str, where: str = "true") -> int:
        with psycopg.connect(admin_url) as connection:
            row = connection.execute(f"SELECT count(*) FROM app.{table} WHERE {where}").fetchone()
            assert row is not None
            return int(row[0])

    return counted


async def asks_to_be_forgotten(friend: Someone) -> list[str]:
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    return [message.text for message in await friend.presses("Delete everything")]


def execute(admin_url: str, statement: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(statement)


async def test_forget_deletes_everything_and_says_so(friend: Someone, count):
    await friend.says("/mood 6 tired")
    being_done, receipt = await asks_to_be_forgotten(friend)
    assert "deleting everything now" in being_done
    assert "• 1 mood" in receipt
    assert "key is destroyed" in receipt
    assert [count(table) for table in SILENT] == [0] * len(SILENT)
    assert count("erasures", "told_at IS NOT NULL AND address IS NULL") == 1


async def test_nothing_is_deleted_without_the_second_yes(friend: Someone, count):
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    await friend.presses("No, keep it")
    assert count("erasures") == 0
    assert await friend.says("hello")


async def test_who_comes_back_is_met_for_the_first_time(friend: Someone, count):
    await asks_to_be_forgotten(friend)
    replies = await friend.says("hello again")
    assert "computer program" in replies[0].text
    assert count("users", "is_active AND id <> '00000000-0000-0000-0000-000000000000'") == 1


async def test_the_last_yes_delivered_again_wakes_nobody(friend: Someone, count):
    await friend.says("/forget")
    await friend.says("yes")
    last = friend.update(Said("yes"))
    assert len(await friend.does(last)) == 2
    assert await friend.does(last) == []
    assert count("auth_identity_keys") == 0


async def test_another_worker_that_remembers_them_meets_somebody_new(
    friend: Someone, database: Database, admin_url: str, tmp_path: Path, count
):
    async with worker(database, admin_url, tmp_path) as (app, platform):
        there = replace(friend, app=app, platform=platform)
        assert await there.says("hello from the other worker")
        await asks_to_be_forgotten(friend)
        replies = await there.says("and now?")
        assert "computer program" in replies[0].text
        assert count("messages", "role = 'user'") == 0


async def test_who_never_agreed_can_type_their_way_out(
    database: Database, admin_url: str, tmp_path: Path, count
):
    async with worker(database, admin_url, tmp_path) as (app, platform):
        someone = Someone(app, platform)
        await someone.says("/forget")
        await someone.says("yes")
        _, receipt = await someone.says("yes")
        assert "It is done" in receipt.text
    assert count("consents") == 0


async def test_in_danger_the_helplines_come_first_and_a_case_stays(friend: Someone, count):
    await friend.says(CRISIS_WORDS)
    _, receipt = await asks_to_be_forgotten(friend)
    assert "counselors were alerted" in receipt
    assert "988" in receipt
    assert (count("crisis_flags"), count("escalations"), count("profiles")) == (1, 1, 0)


async def test_words_of_danger_beside_the_wish_are_answered_first(friend: Someone, count):
    replies = await friend.says(f"/forget {CRISIS_WORDS}")
    assert "988" in "".join(message.text for message in replies)
    assert (count("crisis_flags"), count("erasures")) == (1, 0)


# ---------------------------------------------------------------- the receipt


@pytest.mark.parametrize("trouble", [SendUnknownError(), SendLaterError(0.1)])
async def test_a_receipt_that_may_not_have_arrived_is_sent_again(
    friend: Someone, admin_url: str, trouble: Exception
):
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    tell_at_once(friend.platform, trouble)
    [being_done] = await friend.presses("Delete everything")
    assert "deleting" in being_done.text
    await friend.app.recovery.erase_due()
    assert friend.platform.shown[-1] == being_done, "not yet: the platform asked to wait"
    execute(admin_url, "UPDATE app.erasures SET lease_until = '-infinity'")
    await friend.app.recovery.erase_due()
    assert "It is done" in friend.platform.shown[-1].text
    shown = len(friend.platform.shown)
    await friend.app.recovery.erase_due()
    assert len(friend.platform.shown) == shown


def tell_at_once(platform: ListPlatform, trouble: Exception) -> None:
    """The next message arrives, the one after that meets trouble."""
    send = platform.send
    sent = 0

    async def troubled(address, message, file=None):
        nonlocal sent
        sent += 1
        if sent == 2:
            raise trouble
        return await send(address, message)

    platform.send = troubled  # type: ignore[method-assign]


async def test_somebody_who_blocked_the_bot_is_erased_all_the_same(friend: Someone, count):
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    tell_at_once(friend.platform, SendRefusedError("blocked"))
    await friend.presses("Delete everything")
    assert count("erasures", "told_at IS NOT NULL AND address IS NULL") == 1


async def test_a_worker_that_died_after_the_yes_leaves_it_to_the_sweep(friend: Someone, count):
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    real = friend.app

    async def gone() -> None: ...

    friend.app = replace(real, turns=replace(real.turns, erase_due=gone))
    await friend.presses("Delete everything")
    assert count("erasures", "erased_at IS NULL") == 1
    assert await friend.says("are you there?") == []
    assert count("messages", "role = 'user' AND created_at > (SELECT max(requested_at)"
                 " FROM app.erasures)") == 0  # fmt: skip
    friend.app = real
    await real.recovery.erase_due()
    assert [count(table) for table in SILENT] == [0] * len(SILENT)
    assert "It is done" in friend.platform.shown[-1].text


# ---------------------------------------------------------------- consents taken back


class Slow:
    """A model that answers when it is let go."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()
        self.requests = 0

    async def reply(self, request: ModelRequest, *, system: str) -> ModelReply:
        self.requests += 1
        self.asked.set()
        await self.go.wait()
        return ModelReply(
            text="A reply of the model.", model="slow", tokens=5, seconds=0.1,
            finish_reason="stop",
        )  # fmt: skip


async def test_taking_the_model_back_overtakes_a_turn_that_waits_for_it(
    database: Database, admin_url: str, tmp_path: Path, count
):
    model = Slow()
    async with worker(database, admin_url, tmp_path, model=model) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        waiting = await app.turns.receive(friend.update(Said("work was hard")))
        await model.asked.wait()
        back = await app.turns.receive(friend.update(Said("/privacy off ai_chat")))
        await back
        model.go.set()
        await waiting
        await app.tasks.finish(5)
        assert not any("reply of the model" in message.text for message in platform.shown)
        assert model.requests == 1
    assert count("ai_runs") == 0
    assert count("inbox", "done_at IS NULL") == 0


async def test_what_the_model_was_asked_goes_with_its_consent(
    database: Database, admin_url: str, tmp_path: Path, count
):
    model = Slow()
    model.go.set()
    async with worker(database, admin_url, tmp_path, model=model) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        await friend.says("work was hard")
        assert count("ai_runs") == 1
        replies = await friend.says("/privacy off ai_chat")
        assert "I deleted what the language model was asked" in replies[0].text
        assert count("ai_runs") == 0
        await friend.says("and the evening too")
    assert model.requests == 1


async def test_who_leaves_the_service_is_offered_a_copy_and_to_be_forgotten(friend: Someone):
    await friend.says("/privacy off service")
    [reply] = await friend.presses("Yes")
    assert {"!/export", "!/forget"} <= {button.data for button in reply.buttons}


async def test_who_leaves_and_stays_away_is_erased_by_the_sweeps(
    friend: Someone, admin_url: str, count
):
    await friend.says("/privacy off service")
    await friend.presses("Yes")
    for table in ("users", "consents"):
        ago = f"UPDATE app.{table} SET created_at = created_at - interval '31 days'"
        execute(admin_url, ago)
    assert await friend.app.recovery.request_unagreed() == 1
    shown = len(friend.platform.shown)
    await friend.app.recovery.erase_due()
    assert count("conversations") == 0
    assert len(friend.platform.shown) == shown
