"""Delivery: in order, never twice when in doubt, except what safety asks for."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from storage.addresses import Platform
from storage.outbox import Outbox, OutboxRow
from storage.people import Person
from tests.integration.stores import HERE, Stores, identity, outgoing


@pytest.fixture
async def person(stores: Stores) -> Person:
    return await stores.people.of(identity())


def texts(rows: tuple[OutboxRow, ...]) -> list[str]:
    return [row.payload["text"] for row in rows]


async def taken(stores: Stores, person: Person) -> tuple[OutboxRow, ...]:
    return await stores.outbox.take(person.id, person.conversation_id)


def states(stores: Stores) -> list[str]:
    return [state for (state,) in stores.stored("SELECT state FROM app.outbox ORDER BY seq")]


async def test_rows_being_sent_are_left_alone(stores: Stores, person: Person) -> None:
    await stores.turn(person, "one")
    assert await stores.outbox.due_conversations(10) == []
    assert await taken(stores, person) == ()


async def test_a_sent_row_is_done_and_keeps_the_platforms_id_sealed(
    stores: Stores, person: Person
) -> None:
    [row] = (await stores.turn(person, "one")).rows
    await stores.outbox.sent([(row, "platform-77")])
    [(state, sent_at, ref)] = stores.stored("SELECT state, sent_at, platform_ref FROM app.outbox")
    assert state == "sent"
    assert sent_at is not None
    key = await stores.vault.user_key(person.id)
    assert key.open_text("outbox", "platform_ref", row.id, ref) == "platform-77"
    stores.pass_time("outbox")
    assert await taken(stores, person) == ()


async def test_when_the_sender_vanished_only_safety_is_sent_again(
    stores: Stores, person: Person
) -> None:
    await stores.turn(person, "chat", outgoing("helplines", safety=True))
    stores.pass_time("outbox")
    assert await stores.outbox.due_conversations(10) == [(person.id, person.conversation_id)]
    rows = await taken(stores, person)
    assert texts(rows) == ["helplines"]
    assert (rows[0].attempts, rows[0].safety, rows[0].address) == (2, True, HERE)
    assert states(stores) == ["unknown", "sending"]


async def test_a_slow_sender_still_has_the_last_word(stores: Stores, person: Person) -> None:
    [row] = (await stores.turn(person, "one")).rows
    stores.pass_time("outbox")
    await taken(stores, person)
    assert states(stores) == ["unknown"]
    await stores.outbox.sent([(row, None)])
    assert states(stores) == ["sent"]


async def test_nothing_overtakes_a_row_that_must_wait(stores: Stores, person: Person) -> None:
    one, two = (await stores.turn(person, "one", "two")).rows
    await stores.outbox.later(one, 60)
    await stores.outbox.requeue([two])
    assert await taken(stores, person) == ()
    assert await stores.outbox.due_conversations(10) == [(person.id, person.conversation_id)]
    stores.alter("UPDATE app.outbox SET due_at = now()")
    rows = await taken(stores, person)
    assert texts(rows) == ["one", "two"]
    assert [row.attempts for row in rows] == [2, 1]


async def test_a_safety_row_passes_by_chat_but_not_by_safety(
    stores: Stores, person: Person
) -> None:
    rows = (await stores.turn(person, "chat", outgoing("help", safety=True))).rows
    await stores.outbox.later(rows[0], 60)
    await stores.outbox.requeue(rows[1:])
    assert texts(await taken(stores, person)) == ["help"]
    [second] = (await stores.turn(person, outgoing("more help", safety=True))).rows
    await stores.outbox.requeue([second])
    assert await taken(stores, person) == ()


async def test_conversations_with_a_safety_message_come_first(
    stores: Stores, person: Person
) -> None:
    other = await stores.people.of(identity("other"))
    chat = (await stores.turn(person, "chat")).rows
    help_ = (await stores.turn(other, outgoing("help", safety=True))).rows
    await stores.outbox.requeue(chat)
    await stores.outbox.requeue(help_)
    assert await stores.outbox.due_conversations(1) == [(other.id, other.conversation_id)]
    assert len(await stores.outbox.due_conversations(10)) == 2


async def test_a_worker_takes_rows_of_the_platforms_it_serves(
    stores: Stores, person: Person
) -> None:
    await stores.outbox.requeue((await stores.turn(person, "one")).rows)
    where = (person.id, person.conversation_id)
    assert await stores.outbox.take(*where, frozenset({Platform.SLACK})) == ()
    assert await stores.outbox.due_conversations(10, {Platform.SLACK}) == []
    assert await stores.outbox.due_conversations(10, {Platform.TELEGRAM}) == [where]
    assert texts(await stores.outbox.take(*where, frozenset({Platform.TELEGRAM}))) == ["one"]


async def test_of_many_takers_each_row_goes_to_one(stores: Stores, person: Person) -> None:
    rows = (await stores.turn(person, *[str(n) for n in range(6)])).rows
    await stores.outbox.requeue(rows)
    others = [Outbox(stores.database, stores.vault) for _ in range(6)]
    where = (person.id, person.conversation_id)
    all_taken = await asyncio.gather(*(outbox.take(*where) for outbox in others))
    assert sorted(len(some) for some in all_taken) == [0, 0, 0, 0, 0, 6]


async def test_a_row_that_falls_due_while_another_is_being_taken_waits_for_it(
    stores: Stores, person: Person
) -> None:
    one, two = (await stores.turn(person, "one", "two")).rows
    await stores.outbox.requeue([one])
    await stores.outbox.later(two, 60)
    with stores.commits_of("outbox_h0", "outbox_h1").stopped() as stopped:
        first = asyncio.create_task(taken(stores, person))
        await stopped.until_waiting(1)
        stores.alter("UPDATE app.outbox SET due_at = now() WHERE id = %s", two.id)
        second = asyncio.create_task(taken(stores, person))
        await stopped.until_waiting(2)
    assert texts(await first) == ["one"]
    assert await second == ()


async def test_refused_and_lost_rows_are_settled_and_counted(
    stores: Stores, person: Person
) -> None:
    refused, lost, queued, sent = (await stores.turn(person, *"abcd")).rows
    await stores.outbox.dead(refused, "blocked")
    await stores.outbox.unknown(lost)
    await stores.outbox.requeue([queued])
    await stores.outbox.sent([(sent, "1")])
    assert await Outbox.counts(stores.database) == {"dead": 1, "unknown": 1, "queued": 1}
    key = await stores.vault.user_key(person.id)
    [(ref,)] = stores.stored("SELECT platform_ref FROM app.outbox WHERE state = 'dead'")
    assert key.open_text("outbox", "platform_ref", refused.id, ref) == "blocked"


async def test_nothing_to_mark_is_no_error(stores: Stores) -> None:
    await stores.outbox.sent([])
    await stores.outbox.requeue([])


async def test_rows_of_two_people_are_not_marked_together(stores: Stores, person: Person) -> None:
    other = await stores.people.of(identity("other"))
    [one] = (await stores.turn(person, "one")).rows
    [two] = (await stores.turn(other, "two")).rows
    with pytest.raises(ValueError, match="one person"):
        await stores.outbox.sent([(one, None), (two, None)])


STEPS = st.lists(
    st.sampled_from(["reply", "help", "sent", "later", "requeue", "crash", "wait"]),
    min_size=4,
    max_size=14,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
async def test_whatever_happens_rows_go_out_in_order_and_chat_at_most_once(
    stores: Stores, steps: list[str]
) -> None:
    person = await stores.people.of(identity(str(uuid7())))
    hands: list[OutboxRow] = []
    tried: list[OutboxRow] = []
    for step in steps:
        if step in ("reply", "help"):
            pair = [outgoing(text, safety=step == "help") for text in "xy"]
            committed = await stores.turn(person, *pair)
            if committed.behind or hands:
                await stores.outbox.requeue(committed.rows)
            else:
                hands.extend(committed.rows)
        elif step == "crash":
            tried.extend(hands[:1])
            hands.clear()
            stores.pass_time("outbox")
        elif step == "wait":
            stores.alter("UPDATE app.outbox SET due_at = now()")
        elif hands and step == "sent":
            tried.append(hands.pop(0))
            await stores.outbox.sent([(tried[-1], None)])
        elif hands and step == "later":
            await stores.outbox.later(hands.pop(0), 60)
            await stores.outbox.requeue(hands)
            hands.clear()
        elif hands and step == "requeue":
            await stores.outbox.requeue(hands)
            hands.clear()
        if not hands:
            hands.extend(await taken(stores, person))
    chat = [row.seq for row in tried if not row.safety]
    assert chat == sorted(set(chat))
    safety = [row.seq for row in tried if row.safety]
    assert safety == sorted(safety)
    lost = {
        seq
        for (seq,) in stores.stored(
            "SELECT seq FROM app.outbox WHERE user_id = %s AND class = 'safety'"
            " AND state NOT IN ('sent', 'queued', 'sending')",
            person.id,
        )
    }
    assert not lost
