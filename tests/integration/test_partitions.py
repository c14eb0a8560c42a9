"""Months are made ahead, in UTC, by the clock of any worker; a query looks at those it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from storage.audit.log import AuditEntry, AuditLog
from storage.engine import Database
from storage.errors import MonthMissingError, StorageError, StorageUnavailableError
from storage.partitions import ensure_ahead
from storage.row_security import ACT_FOR, SYSTEM_USER, Role, connect_options
from tests.integration.stores import Stores, entry, identity
from tests.one_of_each import Example, insert_all

CUT_BY_MONTH = ("audit_logs", "messages", "mood_entries")


@pytest.fixture
def admin(admin_url: str) -> Iterator[psycopg.Connection[TupleRow]]:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        yield connection


def months(admin: psycopg.Connection[TupleRow], table: str) -> list[str]:
    found = admin.execute(
        "SELECT right(inhrelid::regclass::text, 6) FROM pg_inherits"
        " WHERE inhparent = ('app.' || %s)::regclass ORDER BY 1",
        (table,),
    )
    return [month for (month,) in found]


def months_from_last(count: int) -> list[str]:
    first = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).replace(day=1)
    numbers = range(first.year * 12 + first.month - 1, first.year * 12 + first.month - 1 + count)
    return [f"{number // 12}{number % 12 + 1:02}" for number in numbers]


@pytest.mark.parametrize("table", CUT_BY_MONTH)
def test_a_new_database_has_last_month_and_three_to_come(
    admin: psycopg.Connection[TupleRow], table: str
) -> None:
    assert months(admin, table) == months_from_last(5)


async def test_the_clock_makes_months_ahead_and_only_those_that_are_missing(
    admin: psycopg.Connection[TupleRow], database: Database
) -> None:
    async with database.dispatch() as clock:
        assert await ensure_ahead(clock) == 0
        assert await ensure_ahead(clock, months=6) == 9
        assert await ensure_ahead(clock, months=6) == 0
    assert months(admin, "messages") == months_from_last(8)


async def test_two_clocks_that_tick_at_once_are_harmless(
    admin: psycopg.Connection[TupleRow], database: Database
) -> None:
    async def tick() -> int:
        async with database.dispatch() as clock:
            return await ensure_ahead(clock, months=4)

    assert sorted(await asyncio.gather(tick(), tick())) == [0, 3]


@pytest.mark.parametrize("count", [0, -1, 25])
async def test_nobody_makes_partitions_without_end(database: Database, count: int) -> None:
    with pytest.raises(StorageError):
        async with database.dispatch() as clock:
            await ensure_ahead(clock, months=count)


async def test_readers_do_not_keep_the_clock_from_its_work(
    admin: psycopg.Connection[TupleRow], database: Database
) -> None:
    with admin.transaction():
        admin.execute("SELECT FROM app.messages, app.mood_entries, app.audit_logs")
        async with database.dispatch() as clock:
            assert await ensure_ahead(clock, months=4) == 3


async def test_a_month_that_was_made_later_is_like_the_first(
    admin: psycopg.Connection[TupleRow], database: Database
) -> None:
    async with database.dispatch() as clock:
        await ensure_ahead(clock, months=4)
    for table in CUT_BY_MONTH:
        first, last = months(admin, table)[0], months(admin, table)[-1]
        assert _traits(admin, f"{table}_p{first}") == _traits(admin, f"{table}_p{last}")


def _traits(admin: psycopg.Connection[TupleRow], partition: str) -> list[TupleRow]:
    """Owner, grants, columns, constraints and indexes, without the names that tell the month."""
    return admin.execute(
        "SELECT 'table', relowner::regrole::text, coalesce(relacl::text, '') FROM pg_class"
        " WHERE oid = %(name)s::regclass"
        " UNION ALL SELECT 'column', attname, format_type(atttypid, atttypmod) || attnotnull"
        " FROM pg_attribute WHERE attrelid = %(name)s::regclass AND attnum > 0"
        " UNION ALL SELECT 'constraint', contype::text, pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE conrelid = %(name)s::regclass AND contype IN ('c', 'f', 'p')"
        " UNION ALL SELECT 'index', indkey::text, '' FROM pg_index"
        " WHERE indrelid = %(name)s::regclass ORDER BY 1, 2, 3",
        {"name": f"app.{partition}"},
    ).fetchall()


def test_months_begin_at_midnight_utc_wherever_the_clock_is(admin_url: str) -> None:
    with psycopg.connect(admin_url, options="-c timezone=Pacific/Kiritimati") as connection:
        connection.execute("SELECT app.ensure_month_partitions('app.messages', '2031-03-01', 1)")
        connection.execute("SET timezone = 'UTC'")
        row = connection.execute(
            "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'messages_p203103'"
        ).fetchone()
    assert row == ("FOR VALUES FROM ('2031-03-01 00:00:00+00') TO ('2031-04-01 00:00:00+00')",)


def test_an_id_alone_finds_its_month(
    admin: psycopg.Connection[TupleRow], database_url: str
) -> None:
    person = Example()
    insert_all(admin, person)
    with psycopg.connect(database_url, options=connect_options(Role.WORKER)) as worker:
        worker.execute(ACT_FOR, (person.id,))
        plan = worker.execute(
            "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT FROM app.messages"
            " WHERE user_id = %(id)s AND id = %(id)s AND created_at = app.uuid7_ts(%(id)s)",
            {"id": person.id},
        ).fetchall()
    looked_at = {word for (line,) in plan for word in line.split() if word.startswith("messages_p")}
    this_month = datetime.now(UTC).strftime("messages_p%Y%m")
    assert {name.split("_user")[0].split("_pkey")[0] for name in looked_at} == {this_month}


async def test_a_time_without_a_month_is_refused(
    admin: psycopg.Connection[TupleRow], database: Database
) -> None:
    person = Example()
    insert_all(admin, person)
    with pytest.raises(StorageError):
        await database.run_for(
            person.id,
            "INSERT INTO app.mood_entries (id, user_id, mood_score, entry_timestamp)"
            " VALUES (%s, %s, 5, '1999-01-01')",
            (person.id, person.id),
        )


# ------------------------------------------------------------------ when nobody ran for months


@pytest.fixture
def no_months(admin: psycopg.Connection[TupleRow]) -> None:
    """As after months in which no clock ticked: the old ones are there, the needed are not."""
    for table in CUT_BY_MONTH:
        for month in months(admin, table):
            admin.execute(f"ALTER TABLE app.{table} DETACH PARTITION app.{table}_p{month}".encode())
            admin.execute(f"DROP TABLE app.{table}_p{month}".encode())


@pytest.mark.usefixtures("no_months")
async def test_a_message_that_finds_no_month_has_it_made_and_is_kept(
    admin: psycopg.Connection[TupleRow], stores: Stores
) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person, "a reply")
    assert stores.counts("messages", "outbox") == [2, 1]
    assert months(admin, "messages") == months_from_last(5)


@pytest.mark.usefixtures("no_months")
async def test_a_turn_that_finds_no_month_is_committed_once(stores: Stores) -> None:
    person = await stores.people.of(identity())
    said = entry(None)
    lease = await stores.held(person, said)
    committed = await stores.commit(lease, said, "a reply")
    assert len(committed.rows) == 1
    assert stores.counts("messages", "outbox") == [1, 1]


@pytest.mark.usefixtures("no_months")
async def test_many_messages_that_find_no_month_make_it_together(stores: Stores) -> None:
    people = [await stores.people.of(identity(f"person-{n}")) for n in range(8)]
    await asyncio.gather(*(stores.turn(each, "a reply") for each in people))
    assert stores.count("messages") == 16


@pytest.mark.usefixtures("no_months")
async def test_an_audit_entry_that_finds_no_month_is_to_be_written_again(stores: Stores) -> None:
    log = AuditLog(stores.database, stores.vault)
    written = AuditEntry(action="read", resource_type="profiles")
    with pytest.raises(StorageUnavailableError):
        await log.append(SYSTEM_USER, written)
    await log.append(SYSTEM_USER, written)
    assert stores.count("audit_logs") == 1


async def test_a_time_that_is_no_month_of_ours_is_not_tried_for_ever(stores: Stores) -> None:
    person = await stores.people.of(identity())
    of_1999 = uuid7(timestamp=930_000_000, nanos=0)
    with pytest.raises(MonthMissingError, match="clock"):
        await stores.take_in(person, entry("hello", message_id=of_1999))
    assert stores.counts("messages", "inbox") == [0, 0]
