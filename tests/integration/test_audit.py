"""The audit chain on a real database: appended by several at once, verified, tampered with."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from storage.audit.chain import AuditChain, Examined, Fault, Finding
from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import StorageError
from storage.row_security import SYSTEM_USER
from storage.tables.registry import all_tables

ENTRY = AuditEntry(
    action="exported",
    resource_type="messages",
    old={"state": "kept"},
    new={"rows": 3},
    ip_address=IPv4Address("203.0.113.7"),
    user_agent="test",
)
SEVERAL = 7

Administer = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def administer(admin_url: str) -> Administer:
    """Runs a statement past row security, as somebody would who holds the database alone."""

    def run(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(admin_url) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def new_person(administer: Administer) -> Callable[[], UUID]:
    def sign_up() -> UUID:
        user_id = uuid7()
        administer("INSERT INTO app.users (id) VALUES (%s)", user_id)
        return user_id

    return sign_up


@pytest.fixture
def person(new_person: Callable[[], UUID]) -> UUID:
    return new_person()


@pytest.fixture
def log(database: Database, vault: Vault) -> AuditLog:
    return AuditLog(database, vault)


@pytest.fixture
def chain(database: Database, vault: Vault) -> AuditChain:
    """Reads two entries at a time, so that every chain here takes several batches."""
    return AuditChain(database, vault, entries_at_once=2)


@pytest.fixture
def with_several(log: AuditLog, new_person: Callable[[], UUID]) -> Callable[[], Awaitable[UUID]]:
    """Makes people with a chain of several entries."""

    async def make() -> UUID:
        person = new_person()
        for _ in range(SEVERAL):
            await log.append(person, ENTRY)
        return person

    return make


@pytest.fixture
async def several(with_several: Callable[[], Awaitable[UUID]]) -> UUID:
    return await with_several()


def held(entries: int) -> tuple[int, None]:
    return entries, None


async def examined(chain: AuditChain, user_id: UUID) -> tuple[int, Finding | None]:
    seen: Examined = await chain.examine(user_id)
    return seen.entries, seen.finding


async def fault(chain: AuditChain, user_id: UUID) -> tuple[int, Fault] | None:
    finding = (await chain.examine(user_id)).finding
    return None if finding is None else (finding.seq, finding.fault)


# ---------------------------------------------------------------- appending


async def test_a_chain_of_entries_holds(chain: AuditChain, several: UUID) -> None:
    assert await examined(chain, several) == held(SEVERAL)


async def test_somebody_without_entries_has_a_chain_that_holds(
    chain: AuditChain, person: UUID
) -> None:
    assert await examined(chain, person) == held(0)


async def test_the_system_has_a_chain_like_everybody(chain: AuditChain, log: AuditLog) -> None:
    await log.append(SYSTEM_USER, AuditEntry(action="rotated", resource_type="keys"))
    assert await examined(chain, SYSTEM_USER) == held(1)


async def test_entries_of_one_transaction_follow_each_other(
    database: Database, chain: AuditChain, log: AuditLog, person: UUID
) -> None:
    async with database.acting_for(person) as connection:
        await log.append_within(connection, person, ENTRY)
        await log.append_within(connection, person, ENTRY)
    assert await examined(chain, person) == held(2)


async def test_an_entry_that_was_taken_back_leaves_no_gap(
    database: Database, chain: AuditChain, log: AuditLog, several: UUID
) -> None:
    with pytest.raises(LookupError):
        async with database.acting_for(several) as connection:
            await log.append_within(connection, several, ENTRY)
            raise LookupError
    await log.append(several, ENTRY)
    assert await examined(chain, several) == held(SEVERAL + 1)


async def test_workers_that_append_at_once_lose_no_entry_and_share_no_number(
    database_url: str, vault: Vault, chain: AuditChain, person: UUID, administer: Administer
) -> None:
    workers = [await Database.open(database_url) for _ in range(2)]
    try:
        logs = [AuditLog(worker, vault) for worker in workers]
        entries = [
            AuditEntry(action="exported", resource_type="messages", new={"n": n}) for n in range(40)
        ]
        await asyncio.gather(
            *(log.append(person, e) for log, e in zip(itertools.cycle(logs), entries, strict=False))
        )
    finally:
        for worker in workers:
            await worker.close()
    assert await examined(chain, person) == held(40)
    stored = administer("SELECT seq, (new_values->>'n')::int FROM app.audit_logs ORDER BY seq")
    assert [seq for seq, _ in stored] == list(range(1, 41))
    assert sorted(n for _, n in stored) == list(range(40))


async def test_a_chain_that_grows_meanwhile_holds(
    chain: AuditChain, log: AuditLog, person: UUID
) -> None:
    async def grow() -> None:
        for _ in range(25):
            await log.append(person, ENTRY)

    growing = asyncio.create_task(grow())
    while not growing.done():
        assert await fault(chain, person) is None
    await growing
    assert await examined(chain, person) == held(25)


async def test_nothing_is_appended_for_whom_nobody_knows(
    log: AuditLog, administer: Administer
) -> None:
    with pytest.raises(StorageError):
        await log.append(uuid7(), ENTRY)
    assert administer("SELECT FROM app.audit_heads UNION ALL SELECT FROM app.audit_logs") == []


@pytest.mark.parametrize("value", ["\x00", "\ud800", math.nan])
async def test_what_the_database_cannot_keep_is_refused_whole(
    chain: AuditChain, log: AuditLog, several: UUID, value: object
) -> None:
    entry = AuditEntry(action="exported", resource_type="messages", new={"x": value})
    with pytest.raises(StorageError):
        await log.append(several, entry)
    assert await examined(chain, several) == held(SEVERAL)


# ---------------------------------------------------------------- any values

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([-0.0, 1.0, 1e16, 1e-7, 1.10, 5e-324, 1.7976931348623157e308, 10**40]),
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
VALUES = st.none() | st.dictionaries(TEXT, JSON, max_size=4)
ADDRESSES = st.one_of(
    st.none(),
    st.ip_addresses(),
    st.integers(0, 2**32 - 1).map(lambda n: IPv6Address(f"::ffff:{IPv4Address(n)}")),
)
ENTRIES = st.builds(
    AuditEntry,
    action=TEXT,
    resource_type=TEXT,
    resource_id=st.none() | st.uuids(),
    actor_id=st.none() | st.uuids(),
    old=VALUES,
    new=VALUES,
    ip_address=ADDRESSES,
    user_agent=st.none() | TEXT,
)
NOW = datetime.now(UTC)
TIMES = st.integers(0, 3 * 86_400_000_000).map(lambda n: NOW - timedelta(microseconds=n))


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(entries=st.lists(st.tuples(ENTRIES, TIMES), min_size=1, max_size=6))
async def test_whatever_an_entry_says_its_chain_holds(
    database: Database,
    vault: Vault,
    chain: AuditChain,
    new_person: Callable[[], UUID],
    entries: list[tuple[AuditEntry, datetime]],
) -> None:
    person = new_person()
    for entry, at in entries:
        await AuditLog(database, vault, clock=lambda at=at: at).append(person, entry)
    assert await examined(chain, person) == held(len(entries))


# ---------------------------------------------------------------- tampering

CHANGES = {
    "id": "gen_random_uuid()",
    "actor_id": "gen_random_uuid()",
    "action": "'read'",
    "resource_type": "'goals'",
    "resource_id": "gen_random_uuid()",
    "old_values": "NULL",
    "new_values": """'{"rows": 4}'""",
    "ip_address": "'203.0.113.7/24'",
    "user_agent": "''",
    "created_at": "created_at + interval '1 microsecond'",
    "mac": "decode(repeat('00', 32), 'hex')",
}


def test_every_column_of_an_entry_is_tampered_with_here() -> None:
    columns = {column.name for column in all_tables().tables["app.audit_logs"].columns}
    assert columns == {*CHANGES, "seq", "user_id"}


async def test_a_changed_column_is_seen(
    chain: AuditChain, with_several: Callable[[], Awaitable[UUID]], administer: Administer
) -> None:
    for column, value in CHANGES.items():
        person = await with_several()
        administer(
            f"UPDATE app.audit_logs SET {column} = {value} WHERE user_id = %s AND seq = 4", person
        )
        finding = Finding(user_id=person, seq=4, fault=Fault.CHANGED)
        assert await examined(chain, person) == (3, finding), column


COPIED = "user_id, action, resource_type, created_at"
COPY = f"INSERT INTO app.audit_logs (id, seq, mac, {COPIED}) SELECT"
LATEST, EARLIEST = (
    "'ffffffff-ffff-7fff-bfff-ffffffffffff'",
    "'00000000-0000-7000-8000-000000000001'",
)
MINE = "user_id = %(person)s"
TAMPERINGS = {
    "the first is deleted": (f"DELETE FROM app.audit_logs WHERE {MINE} AND seq = 1", 1, "MISSING"),
    "one is deleted": (f"DELETE FROM app.audit_logs WHERE {MINE} AND seq = 4", 4, "MISSING"),
    "the last is deleted": (f"DELETE FROM app.audit_logs WHERE {MINE} AND seq = 7", 7, "MISSING"),
    "all are deleted": (f"DELETE FROM app.audit_logs WHERE {MINE}", 1, "MISSING"),
    "two are swapped": (
        f"UPDATE app.audit_logs SET seq = 7 - seq WHERE {MINE} AND seq IN (3, 4)",
        3,
        "CHANGED",
    ),
    "one gets another number": (
        f"UPDATE app.audit_logs SET seq = 9 WHERE {MINE} AND seq = 4",
        4,
        "MISSING",
    ),
    "one is doubled": (
        f"{COPY} {LATEST}, seq, mac, {COPIED} FROM app.audit_logs WHERE {MINE} AND seq = 4",
        4,
        "EXTRA",
    ),
    "one is put before its twin": (
        f"{COPY} {EARLIEST}, seq, mac, {COPIED} FROM app.audit_logs WHERE {MINE} AND seq = 4",
        4,
        "CHANGED",
    ),
    "one is put at the end": (
        f"{COPY} {LATEST}, 8, mac, {COPIED} FROM app.audit_logs WHERE {MINE} AND seq = 7",
        8,
        "EXTRA",
    ),
    "the head is set back": (
        "UPDATE app.audit_heads h SET seq = 5, mac = l.mac FROM app.audit_logs l"
        " WHERE h.user_id = %(person)s AND l.user_id = h.user_id AND l.seq = 5",
        5,
        "HEAD",
    ),
    "the head is set forward": (
        f"UPDATE app.audit_heads SET seq = 8 WHERE {MINE}",
        8,
        "MISSING",
    ),
    "the head names another hash": (
        f"UPDATE app.audit_heads SET mac = 'x' WHERE {MINE}",
        7,
        "HEAD",
    ),
    "the head is set to nothing": (
        f"UPDATE app.audit_heads SET seq = 0, mac = '' WHERE {MINE}",
        0,
        "HEAD",
    ),
    "the beginning is cut off": (
        f"WITH cut AS (DELETE FROM app.audit_logs WHERE {MINE} AND seq <= 4 RETURNING seq, mac)"
        " UPDATE app.audit_heads SET checkpoint_seq = 4, checkpoint_mac = cut.mac"
        f" FROM cut WHERE cut.seq = 4 AND {MINE}",
        4,
        "CHECKPOINT",
    ),
}


async def test_a_chain_that_was_tampered_with_does_not_hold(
    chain: AuditChain, with_several: Callable[[], Awaitable[UUID]], admin_url: str
) -> None:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        for tampering, (statement, seq, kind) in TAMPERINGS.items():
            person = await with_several()
            assert admin.execute(statement.encode(), {"person": person}).rowcount > 0
            assert await fault(chain, person) == (seq, Fault[kind]), tampering


async def test_an_entry_that_was_given_to_somebody_else_breaks_both_chains(
    chain: AuditChain, several: UUID, new_person: Callable[[], UUID], administer: Administer
) -> None:
    other = new_person()
    administer("UPDATE app.audit_logs SET user_id = %s", other)
    administer("INSERT INTO app.audit_heads SELECT %s, seq, mac FROM app.audit_heads", other)
    assert await fault(chain, several) == (1, Fault.MISSING)
    assert await fault(chain, other) == (1, Fault.CHANGED)


async def test_another_deployments_hashes_do_not_hold(
    database: Database, several: UUID, tmp_path: Path
) -> None:
    stranger = await Vault.open(
        master_key=None, data_dir=tmp_path / "elsewhere", key_store_url=None
    )
    try:
        assert await fault(AuditChain(database, stranger), several) == (1, Fault.CHANGED)
    finally:
        await stranger.close()


async def test_a_finding_says_whose_and_where_and_no_more(
    chain: AuditChain, several: UUID, administer: Administer
) -> None:
    administer("UPDATE app.audit_logs SET action = 'canary', user_agent = 'canary' WHERE seq = 2")
    finding = (await chain.examine(several)).finding
    assert str(finding) == f"in the chain of {several} entry 2 is changed"
