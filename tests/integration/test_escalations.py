"""Escalations on their way to counselors, and the list of open flags."""

from __future__ import annotations

import asyncio

from safety.text import Domain, Risk, Severity
from storage.escalations import Escalations
from tests.integration.stores import HIGH, Stores, entry, found, identity

URGENT = Risk(severity=Severity.CRITICAL, domain=Domain.ABUSE, score=1.0)


async def flagged(stores: Stores, subject: str, risk: Risk = HIGH) -> None:
    person = await stores.people.of(identity(subject))
    await stores.take_in(person, entry("canary", risk=risk), findings=(found(risk),))


async def test_the_most_urgent_is_due_first(stores: Stores) -> None:
    await flagged(stores, "a")
    await flagged(stores, "b", URGENT)
    due = await stores.escalations.due(10)
    assert [(one.priority, one.flag_type, one.attempts) for one in due] == [
        ("urgent", "abuse", 0),
        ("high", "suicide", 0),
    ]
    assert len({one.alias for one in due}) == 2
    assert await stores.escalations.due(1) == due[:1]


async def test_of_many_workers_one_alerts(stores: Stores) -> None:
    await flagged(stores, "a")
    [due] = await stores.escalations.due(10)
    workers = [Escalations(stores.database) for _ in range(6)]
    took = await asyncio.gather(*(worker.take(due, 30) for worker in workers))
    assert sum(took) == 1
    assert await stores.escalations.due(10) == []


async def test_an_alert_that_was_delivered_is_not_due_again(stores: Stores) -> None:
    await flagged(stores, "a")
    [due] = await stores.escalations.due(10)
    await stores.escalations.take(due, 30)
    await stores.escalations.alerted(due)
    stores.pass_time("escalations")
    assert await stores.escalations.due(10) == []
    assert not await stores.escalations.take(due, 30)
    [(state, alerted_at)] = stores.stored("SELECT state, alerted_at FROM app.escalations")
    assert state == "alerted"
    assert alerted_at is not None


async def test_an_alert_whose_worker_vanished_is_due_again(stores: Stores) -> None:
    await flagged(stores, "a")
    [due] = await stores.escalations.due(10)
    await stores.escalations.take(due, 30)
    stores.pass_time("escalations")
    [again] = await stores.escalations.due(10)
    assert (again.id, again.attempts) == (due.id, 1)


async def test_an_alert_put_off_is_due_later(stores: Stores) -> None:
    await flagged(stores, "a")
    [due] = await stores.escalations.due(10)
    await stores.escalations.take(due, 30)
    await stores.escalations.later(due, 60)
    assert await stores.escalations.due(10) == []
    stores.alter("UPDATE app.escalations SET due_at = now()")
    [again] = await stores.escalations.due(10)
    assert await stores.escalations.take(again, 30)


async def test_flags_stay_listed_until_they_are_closed(stores: Stores) -> None:
    await flagged(stores, "a")
    await flagged(stores, "b", URGENT)
    [due, _] = await stores.escalations.due(10)
    await stores.escalations.alerted(due)
    flags = await stores.flags.open_flags()
    assert (flags[0].alias, flags[0].priority, flags[0].state) == (
        due.alias,
        "urgent",
        "alerted",
    )
    assert len(flags) == 2
    stores.alter("UPDATE app.escalations SET state = 'closed' WHERE id = %s", due.id)
    assert len(await stores.flags.open_flags()) == 1
