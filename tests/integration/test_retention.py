"""What is too old goes, month by month; what still hangs on it is never left hanging."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from storage.audit.chain import AuditChain
from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.errors import LockedError, SealBrokenError
from storage.partitions import make_months
from storage.people import Person
from storage.retention import Keep, Retention
from storage.row_security import SYSTEM_USER, Role, connect_options
from tests.integration.stores import Stores, entry, found, identity

FOREVER = Keep(messages=0, moods=0, ai_runs=0, audit=0)
TWO_YEARS = Keep(messages=730, moods=730, ai_runs=0, audit=730)
LONG_AGO = datetime(2021, 3, 15, 12, tzinfo=UTC)
MONTH = "202103"


def made_at(at: datetime) -> UUID:
    return uuid7(timestamp=int(at.timestamp()), nanos=0)


@pytest.fixture(autouse=True)
def old_months(admin_url: str) -> None:
    with psycopg.connect(admin_url) as admin:
        admin.execute(f"SET ROLE {Role.OWNER}".encode())
        for table in ("messages", "mood_entries", "audit_logs"):
            admin.execute(
                "SELECT app.ensure_month_partitions(%s, '2021-03-01', 2)", (f"app.{table}",)
            )


@pytest.fixture
async def person(stores: Stores) -> Person:
    return await stores.people.of(identity())


def retention(stores: Stores, keep: Keep = TWO_YEARS) -> Retention:
    audit = AuditLog(stores.database, stores.vault)
    return Retention(stores.database, stores.vault, audit, keep)


def months(stores: Stores, table: str) -> list[str]:
    return [
        name
        for (name,) in stores.stored(
            "SELECT right(inhrelid::regclass::text, 6) FROM pg_inherits"
            " WHERE inhparent = ('app.' || %s)::regclass ORDER BY 1",
            table,
        )
    ]


async def says(stores: Stores, person: Person, at: datetime, text: str = "hello") -> UUID:
    """A turn of back then."""
    said = entry(text, message_id=made_at(at))
    await stores.commit(await stores.held(person, said), said)
    return said.message_id


async def in_danger(stores: Stores, person: Person, at: datetime = LONG_AGO) -> UUID:
    """A finding of back then, with its flag and escalation; returns the event's id."""
    said, event = entry("words", message_id=made_at(at)), found()
    lease = await stores.held(person, said, findings=(event,))
    await stores.commit(lease, said)
    return event.id


def asks_a_model(stores: Stores, person: Person, message_id: UUID) -> None:
    stores.alter(
        "INSERT INTO app.ai_runs (id, user_id, conversation_id, message_id, model_name)"
        " VALUES (%s, %s, %s, %s, 'a-model')",
        *(uuid7(), person.id, person.conversation_id, message_id),
    )


def logs_mood(stores: Stores, person: Person, at: datetime) -> None:
    stores.alter(
        "INSERT INTO app.mood_entries (id, user_id, mood_score, entry_timestamp)"
        " VALUES (%s, %s, 5, %s)",
        *(uuid7(), person.id, at),
    )


async def test_months_go_when_all_of_them_is_older(stores: Stores, person: Person) -> None:
    await says(stores, person, LONG_AGO)
    await says(stores, person, datetime.now(UTC))
    logs_mood(stores, person, LONG_AGO)
    logs_mood(stores, person, datetime.now(UTC))
    assert await retention(stores).sweep() == 6
    for table in ("messages", "mood_entries", "audit_logs"):
        assert MONTH not in months(stores, table)
        assert len(months(stores, table)) == 5
    assert stores.counts("messages", "mood_entries") == [1, 1]
    assert await retention(stores).sweep() == 0


async def test_the_person_goes_on_talking_afterwards(stores: Stores, person: Person) -> None:
    await says(stores, person, LONG_AGO)
    await retention(stores).sweep()
    await stores.turn(person, "a reply")
    assert stores.count("messages") == 2


@pytest.mark.parametrize(("table", "kind"), [("messages", "messages"), ("mood_entries", "moods")])
async def test_each_kind_has_a_setting_of_its_own(
    stores: Stores, person: Person, table: str, kind: str
) -> None:
    days = {"messages": 0, "moods": 0, "ai_runs": 0, "audit": 0, kind: 730}
    assert await retention(stores, Keep(**days)).sweep() == 2
    assert MONTH not in months(stores, table)


async def test_zero_keeps_everything(stores: Stores, person: Person) -> None:
    message = await says(stores, person, LONG_AGO)
    asks_a_model(stores, person, message)
    assert await retention(stores, FOREVER).sweep() == 0
    assert stores.counts("messages", "ai_runs") == [1, 1]


async def test_a_month_of_which_a_day_is_young_enough_stays(stores: Stores) -> None:
    last_day = datetime(2021, 3, 31, 23, tzinfo=UTC)
    days = (datetime.now(UTC) - last_day).days + 2
    assert await retention(stores, Keep(messages=days, moods=0, ai_runs=0, audit=0)).sweep() == 0
    days -= 3
    assert await retention(stores, Keep(messages=days, moods=0, ai_runs=0, audit=0)).sweep() == 1


async def test_this_month_and_the_last_stay_however_short_the_setting(stores: Stores) -> None:
    await retention(stores, Keep(messages=1, moods=1, ai_runs=1, audit=1)).sweep()
    assert len(months(stores, "messages")) == 5
    assert await make_months(stores.database) == 0, "nothing is dropped and made again for ever"


async def test_every_drop_is_told_in_the_audit_log(stores: Stores, person: Person) -> None:
    logs_mood(stores, person, LONG_AGO)
    logs_mood(stores, person, LONG_AGO)
    await retention(stores, Keep(messages=0, moods=730, ai_runs=0, audit=0)).sweep()
    told = stores.stored(
        "SELECT action, resource_type, new_values FROM app.audit_logs"
        " WHERE user_id = %s ORDER BY seq",
        SYSTEM_USER,
    )
    ends = "2021-04-01T00:00:00+00:00"
    what = {"month": f"mood_entries_p{MONTH}", "ends": ends, "rows": 2}
    assert told[0] == ("dropping", "mood_entries", what)
    assert len(told) == 2


async def test_chains_hold_after_their_old_months_were_dropped(
    stores: Stores, person: Person
) -> None:
    old = AuditLog(stores.database, stores.vault, clock=lambda: LONG_AGO)
    for action in ("exported", "read"):
        await old.append(person.id, AuditEntry(action=action, resource_type="profiles"))
    log = AuditLog(stores.database, stores.vault)
    await log.append(person.id, AuditEntry(action="read", resource_type="profiles"))
    await retention(stores).sweep()
    examined = await AuditChain(stores.database, stores.vault).examine(person.id)
    assert (examined.entries, examined.finding) == (1, None)


# ------------------------------------------------------------------ what hangs on messages


async def test_what_hangs_on_old_messages_goes_first(stores: Stores, person: Person) -> None:
    await in_danger(stores, person)
    asks_a_model(stores, person, await says(stores, person, LONG_AGO))
    young = await says(stores, person, datetime.now(UTC))
    asks_a_model(stores, person, young)
    stores.alter("UPDATE app.crisis_flags SET resolved = true")
    await retention(stores).sweep()
    assert stores.counts("safety_events", "crisis_flags", "escalations") == [0, 0, 0]
    assert stores.stored("SELECT message_id FROM app.ai_runs") == [(young,)]


async def test_an_open_flag_stays_and_hangs_on_a_message_of_the_system(
    stores: Stores, person: Person
) -> None:
    event_id = await in_danger(stores, person)
    before = stores.stored("SELECT id, alias, state, due_at FROM app.escalations")
    await retention(stores).sweep()
    [(kept, role, text, created)] = stores.stored(
        "SELECT e.id, m.role, m.content, m.id FROM app.safety_events e"
        " JOIN app.messages m ON (m.user_id, m.id, m.created_at)"
        " = (e.user_id, e.message_id, e.message_created_at)"
    )
    assert (kept, role) == (event_id, "system")
    key = await stores.vault.user_key(person.id)
    assert "not kept" in key.open_text("messages", "content", created, text)
    assert stores.stored("SELECT id, alias, state, due_at FROM app.escalations") == before
    assert len(await stores.flags.open_flags()) == 1
    assert MONTH not in months(stores, "messages")


async def test_an_open_flag_of_somebody_erased_moves_without_their_key(
    stores: Stores, person: Person
) -> None:
    await in_danger(stores, person)
    await stores.vault.erase_user_key(person.id)
    await retention(stores).sweep()
    assert stores.stored("SELECT role, content FROM app.messages") == [("system", b"")]


class Stubborn(Vault):
    """Does not open the key of one person."""

    broken: UUID | None = None

    async def user_key(self, user_id: UUID) -> Any:
        if user_id == self.broken:
            raise SealBrokenError("keys", "wrapped")
        return await super().user_key(user_id)


async def test_one_persons_trouble_keeps_the_month_and_nobody_else(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await stores.people.of(identity(f"person-{n}")) for n in range(3)]
    for each in people:
        await in_danger(stores, each)
    monkeypatch.setattr(stores.vault, "__class__", Stubborn)
    monkeypatch.setattr(stores.vault, "broken", people[1].id, raising=False)
    with pytest.raises(SealBrokenError):
        await retention(stores).sweep()
    assert MONTH in months(stores, "messages")
    assert MONTH not in months(stores, "mood_entries")
    old = "SELECT user_id FROM app.safety_events WHERE message_created_at < '2021-05-01'"
    assert stores.stored(old) == [(people[1].id,)]
    monkeypatch.setattr(stores.vault, "broken", None, raising=False)
    await retention(stores).sweep()
    assert MONTH not in months(stores, "messages")
    assert stores.count("safety_events") == 3


async def test_of_two_workers_that_sweep_at_once_one_drops(stores: Stores, person: Person) -> None:
    await in_danger(stores, person)
    dropped = await asyncio.gather(retention(stores).sweep(), retention(stores).sweep())
    assert sum(dropped) == 6
    assert stores.count("safety_events") == 1


# ------------------------------------------------------------------ rows of their own


async def test_what_a_model_was_asked_goes_by_its_own_setting(
    stores: Stores, person: Person
) -> None:
    ages = [timedelta(days=1), timedelta(days=20)]
    for age in ages:
        asks_a_model(stores, person, await says(stores, person, datetime.now(UTC) - age))
    await retention(stores, Keep(messages=0, moods=0, ai_runs=10, audit=0)).sweep()
    assert stores.counts("ai_runs", "messages") == [1, 2]
    told = stores.stored("SELECT action, resource_type, new_values FROM app.audit_logs")
    assert told == [("deleted", "ai_runs", {"days": 10, "rows": 1})]


async def test_settled_replies_go_after_a_month_and_waiting_ones_stay(
    stores: Stores, person: Person
) -> None:
    for state in ("sent", "dead", "unknown", "queued", "sending"):
        committed = await stores.turn(person, "a reply")
        [row] = committed.rows
        stores.alter("UPDATE app.outbox SET state = %s WHERE id = %s", state, row.id)
    stores.alter("UPDATE app.outbox SET created_at = now() - interval '31 days'")
    await stores.turn(person, "a young reply")
    stores.alter("UPDATE app.outbox SET state = 'sent' WHERE created_at > now() - interval '1 day'")
    await retention(stores, FOREVER).sweep()
    left = stores.stored("SELECT state FROM app.outbox ORDER BY seq")
    assert left == [("queued",), ("sending",), ("sent",)]


# ------------------------------------------------------------------ what the database refuses


@pytest.fixture
def dispatcher(database_url: str) -> Iterator[psycopg.Connection[TupleRow]]:
    with psycopg.connect(
        database_url, options=connect_options(Role.DISPATCHER), autocommit=True
    ) as connection:
        yield connection


Dispatcher = psycopg.Connection[TupleRow]


def drop(connection: Dispatcher, table: str, month: str) -> bool:
    row = connection.execute("SELECT app.drop_month(%s, %s)", (table, month)).fetchone()
    assert row is not None
    return bool(row[0])


async def test_nothing_is_dropped_while_something_hangs_on_it(
    stores: Stores, person: Person, dispatcher: Dispatcher
) -> None:
    """DETACH itself would let it: the owner sees no child while row security is forced."""
    asks_a_model(stores, person, await says(stores, person, LONG_AGO))
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        drop(dispatcher, "messages", f"messages_p{MONTH}")
    stores.alter("DELETE FROM app.ai_runs")
    await in_danger(stores, person)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        drop(dispatcher, "messages", f"messages_p{MONTH}")
    assert MONTH in months(stores, "messages")
    forced = "SELECT relforcerowsecurity FROM pg_class WHERE relname = ANY(%s)"
    assert stores.stored(forced, ["ai_runs", "safety_events"]) == [(True,), (True,)]


async def test_what_is_being_written_is_waited_for_and_then_seen(
    stores: Stores, person: Person, admin_url: str, dispatcher: Dispatcher
) -> None:
    message_id = await says(stores, person, LONG_AGO)
    with psycopg.connect(admin_url) as writer:
        writer.execute(
            "INSERT INTO app.ai_runs (id, user_id, conversation_id, message_id, model_name)"
            " VALUES (%s, %s, %s, %s, 'a-model')",
            (uuid7(), person.id, person.conversation_id, message_id),
        )
        with pytest.raises(psycopg.errors.LockNotAvailable):
            drop(dispatcher, "messages", f"messages_p{MONTH}")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        drop(dispatcher, "messages", f"messages_p{MONTH}")


async def test_a_snapshot_from_before_the_locks_is_refused(dispatcher: Dispatcher) -> None:
    dispatcher.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with pytest.raises(psycopg.errors.ActiveSqlTransaction), dispatcher.transaction():
        drop(dispatcher, "messages", f"messages_p{MONTH}")


def test_nobody_drops_young_months_nor_other_tables(stores: Stores, dispatcher: Dispatcher) -> None:
    for month in months(stores, "messages")[-5:]:
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            drop(dispatcher, "messages", f"messages_p{month}")
    for table, part in (("conversations", "conversations_h0"), ("users", "users")):
        with pytest.raises(psycopg.errors.InvalidParameterValue):
            drop(dispatcher, table, part)
    assert not drop(dispatcher, "messages", f"mood_entries_p{MONTH}")
    assert not drop(dispatcher, "messages", 'x"; DROP TABLE app.users; --')
    assert len(months(stores, "messages")) == 7


def test_a_month_is_what_the_catalogue_says_and_not_its_name(
    stores: Stores, dispatcher: Dispatcher
) -> None:
    stores.alter(
        "CREATE TABLE app.messages_p199901 PARTITION OF app.messages"
        " FOR VALUES FROM ('2050-01-01') TO ('2050-02-01')"
    )
    stores.alter("CREATE TABLE app.messages_rest PARTITION OF app.messages DEFAULT")
    listed = dispatcher.execute("SELECT month FROM app.months_before('messages', 0)").fetchall()
    assert listed == [(f"messages_p{MONTH}",), ("messages_p202104",)]
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        drop(dispatcher, "messages", "messages_p199901")


@pytest.mark.parametrize("role", [Role.WORKER, Role.SIGN_IN, Role.COUNSELOR])
def test_only_the_dispatcher_may_drop(database_url: str, role: Role) -> None:
    with (
        psycopg.connect(database_url, options=connect_options(role)) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        drop(connection, "messages", f"messages_p{MONTH}")


async def test_turns_go_on_while_months_are_dropped(stores: Stores) -> None:
    people = [await stores.people.of(identity(f"person-{n}")) for n in range(4)]
    sweeping = asyncio.create_task(_until_dropped(stores))
    turns = 0
    while not sweeping.done() or turns < 40:
        await asyncio.gather(*(stores.turn(each, "a reply") for each in people))
        turns += len(people)
    assert await sweeping == 6
    assert stores.count("messages") == 2 * turns


async def _until_dropped(stores: Stores) -> int:
    dropped = 0
    while dropped < 6:
        try:
            dropped += await retention(stores).sweep()
        except LockedError:
            continue
    return dropped
