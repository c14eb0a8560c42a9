"""Taking in: once, in order, one holder, and nothing that may not be kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from uuid_utils.compat import uuid7

from safety.text import Domain, Risk, Severity
from storage.errors import FencedError
from storage.inbox import Entry
from storage.records import RiskSource
from tests.integration.stores import HIGH, Stores, entry, found, identity, words

WRITTEN = ("inbox", "messages", "safety_events", "crisis_flags", "escalations")


async def test_a_first_delivery_is_stored_and_wins_the_free_conversation(stores: Stores) -> None:
    person = await stores.people.of(identity())
    taken = await stores.take_in(person, entry())
    assert taken.fresh
    assert taken.alone
    assert taken.lease is not None
    assert stores.counts(*WRITTEN) == [1, 1, 0, 0, 0]


async def test_a_second_delivery_writes_nothing_and_takes_nothing(stores: Stores) -> None:
    person = await stores.people.of(identity())
    said = entry()
    lease = await stores.held(person, said, findings=(found(),))
    again = await stores.take_in(
        person, replace(said, message_id=uuid7()), findings=(found(),), preempt=True
    )
    assert not again.fresh
    assert again.lease is None
    assert stores.counts(*WRITTEN) == [1, 1, 1, 1, 1]
    await stores.commit(lease, said, "still mine")


async def test_the_same_update_delivered_eight_times_at_once_is_one(stores: Stores) -> None:
    person = await stores.people.of(identity())
    said = entry()
    copies = [replace(said, message_id=uuid7()) for _ in range(8)]
    taken = await asyncio.gather(*(stores.take_in(person, copy) for copy in copies))
    assert sum(one.fresh for one in taken) == 1
    assert sum(one.lease is not None for one in taken) == 1
    assert stores.counts("inbox", "messages") == [1, 1]


async def test_of_many_messages_at_once_one_wins_and_all_wait_in_the_inbox(stores: Stores) -> None:
    person = await stores.people.of(identity())
    taken = await asyncio.gather(*(stores.take_in(person, entry(str(n))) for n in range(8)))
    assert all(one.fresh for one in taken)
    assert sum(one.lease is not None for one in taken) == 1
    assert stores.counts("inbox", "messages") == [8, 8]


async def test_who_comes_second_is_not_alone_and_the_first_is_worked_off_first(
    stores: Stores,
) -> None:
    person = await stores.people.of(identity())
    first, second = entry("one"), entry("two")
    lease = await stores.held(person, first)
    waiting = await stores.take_in(person, second)
    assert waiting.fresh
    assert not waiting.alone
    assert waiting.lease is None
    assert await stores.inbox.oldest_undone(lease) == first
    await stores.commit(lease, first)
    next_lease = await stores.conversations.acquire_if_waiting(lease, stores.worker)
    assert next_lease is not None
    assert await stores.inbox.oldest_undone(next_lease) == second
    await stores.commit(next_lease, second)
    assert await stores.conversations.acquire_if_waiting(lease, stores.worker) is None


async def test_a_holder_that_commits_waits_for_a_message_that_found_it_holding(
    stores: Stores,
) -> None:
    """The take-in has looked at the lease and is about to commit: the holder must not pass it by,
    or nobody would see the message until a sweep."""
    person = await stores.people.of(identity())
    held, late = entry(), entry()
    lease = await stores.held(person, held)
    with stores.commits_of("inbox_h0", "inbox_h1").stopped() as stopped:
        taking = asyncio.create_task(stores.take_in(person, late))
        await stopped.until_waiting(1)
        committing = asyncio.create_task(stores.commit(lease, held))
        await stopped.until_waiting(2)
        assert not committing.done()
    taken, _ = await asyncio.gather(taking, committing)
    assert taken.lease is None
    again = await stores.conversations.acquire_if_waiting(lease, stores.worker)
    assert again is not None
    assert await stores.inbox.oldest_undone(again) == late


async def test_every_message_is_answered_however_turns_and_take_ins_interleave(
    stores: Stores,
) -> None:
    person = await stores.people.of(identity())
    for _ in range(10):
        held, late = entry(), entry()
        lease = await stores.held(person, held)
        _, taken = await asyncio.gather(stores.commit(lease, held), stores.take_in(person, late))
        seen = await stores.conversations.acquire_if_waiting(lease, stores.worker)
        assert (taken.lease is None) != (seen is None)
        holder = taken.lease or seen
        assert holder is not None
        await stores.commit(holder, late)


async def test_high_risk_takes_the_conversation_from_a_running_turn(stores: Stores) -> None:
    person = await stores.people.of(identity())
    slow = entry("what should I cook")
    running = await stores.held(person, slow)
    crisis = entry("it is all over", risk=HIGH)
    taken = await stores.take_in(person, crisis, findings=(found(),), preempt=True)
    assert taken.lease is not None
    assert taken.lease.epoch > running.epoch
    with pytest.raises(FencedError):
        await stores.commit(running, slow, "Pasta!")
    assert stores.counts("outbox", "messages") == [0, 2]
    await stores.commit(taken.lease, crisis, "I am here.")
    again = await stores.conversations.acquire_if_waiting(taken.lease, stores.worker)
    assert again is not None
    assert await stores.inbox.oldest_undone(again) == slow


async def test_an_entry_comes_back_as_it_was_taken_in(stores: Stores) -> None:
    person = await stores.people.of(identity())
    pressed = entry(
        None, kind="pressed", press="mood:1a2b:7", message_ref="901", query="77", locale=None
    )
    said = entry(words("call <PHONE_1>", PHONE_1="0170 555"), risk=HIGH)
    other = entry(None, kind="other", other="voice")
    for one in (pressed, said, other):
        lease = await stores.held(person, one)
        assert await stores.inbox.oldest_undone(lease) == one
        await stores.commit(lease, one)


async def test_before_consent_the_text_is_not_stored_but_the_entry_is(stores: Stores) -> None:
    person = await stores.people.of(identity())
    lease = await stores.held(person, entry(None))
    restored = await stores.inbox.oldest_undone(lease)
    assert restored is not None
    assert restored.text is None
    assert stores.counts(*WRITTEN) == [1, 0, 0, 0, 0]


async def test_a_failed_screening_leaves_an_event_and_no_word_of_the_person(
    stores: Stores,
) -> None:
    person = await stores.people.of(identity())
    risk = Risk(severity=Severity.MEDIUM, domain=Domain.NONE, score=0.5, reasons=("failed",))
    event = found(risk, source=RiskSource.SCREENING_FAILED)
    lease = await stores.held(person, entry(None, risk=risk), findings=(event,))
    assert stores.stored("SELECT source, severity FROM app.safety_events") == [
        ("screening_failed", "medium")
    ]
    assert stores.stored("SELECT role, originals FROM app.messages") == [("system", None)]
    assert stores.counts("crisis_flags", "escalations") == [0, 0]
    restored = await stores.inbox.oldest_undone(lease)
    assert restored is not None
    assert restored.text is None


async def test_an_alert_becomes_an_event_a_flag_and_an_escalation(stores: Stores) -> None:
    person = await stores.people.of(identity())
    critical = Risk(severity=Severity.CRITICAL, domain=Domain.SELF_HARM, score=1.0)
    await stores.held(person, entry(), findings=(found(critical),))
    [(event, flag, kind, priority)] = stores.stored(
        "SELECT e.id, f.id, f.flag_type, f.priority FROM app.safety_events e"
        " JOIN app.crisis_flags f ON f.safety_event_id = e.id AND f.user_id = e.user_id"
    )
    assert (kind, priority) == ("self_harm", "urgent")
    assert flag != event
    assert flag.version == 7
    assert flag.int >> 80 == event.int >> 80
    [escalated] = stores.stored(
        "SELECT flag_id, priority, flag_type, state, alias ~ '^[a-z]+-[a-z]+-[0-9]{2}$'"
        " FROM app.escalations"
    )
    assert escalated == (flag, "urgent", "self_harm", "open", True)


async def test_what_screening_found_to_be_nothing_is_no_event(stores: Stores) -> None:
    person = await stores.people.of(identity())
    nothing = Risk(severity=Severity.NONE, domain=Domain.NONE, score=0.0)
    await stores.held(person, entry(), findings=(found(nothing, alert=False),))
    assert stores.count("safety_events") == 0


async def test_the_dispatcher_finds_conversations_nobody_holds(stores: Stores) -> None:
    person = await stores.people.of(identity())
    lease = await stores.held(person, entry())
    assert await stores.inbox.due_conversations(10) == []
    stores.pass_time("conversations")
    assert await stores.inbox.due_conversations(10) == [(person.id, person.conversation_id)]
    taken = await stores.conversations.acquire(person.id, person.conversation_id, uuid7())
    assert taken is not None
    assert taken.epoch > lease.epoch
    assert await stores.inbox.due_conversations(10) == []


async def test_only_what_was_done_long_ago_is_forgotten(stores: Stores) -> None:
    for subject, age in (("old", 49), ("new", 1)):
        await stores.turn(await stores.people.of(identity(subject)))
        stores.alter(
            "UPDATE app.inbox SET done_at = now() - make_interval(hours => %s)"
            " WHERE done_at > now() - interval '1 minute'",
            age,
        )
    waiting = await stores.people.of(identity("waiting"))
    await stores.take_in(waiting, entry())
    assert await stores.inbox.sweep_done(48) == 1
    assert stores.count("inbox") == 2
    assert await stores.inbox.sweep_done(48) == 0


@pytest.mark.parametrize("press", ["x" * 65, "günstig", "a\nb"])
def test_a_button_that_we_never_made_is_refused(press: str) -> None:
    with pytest.raises(ValueError, match="64 printable ASCII"):
        entry(None, kind="pressed", press=press)


def test_an_entry_shows_no_words(stores: Stores) -> None:
    said: Entry = entry("canary")
    assert "canary" not in repr(said)
