"""Chains that are cut where months are dropped, and the check of all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import psycopg
import pytest
from psycopg import conninfo
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from bot.checkup import checks
from bot.config import Settings
from storage.audit.anchors import AuditAnchors
from storage.audit.chain import AuditChain, Fault, Finding, Place
from storage.audit.check import MOST_FINDINGS, AuditCheck
from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Database
from storage.keys.store import KeyStore
from storage.row_security import SYSTEM_USER
from tests.databases import Cluster

MARCH, APRIL, MAY = (datetime(2021, month, 1, tzinfo=UTC) for month in (3, 4, 5))
FOLDER = "keys"


@dataclass(frozen=True, kw_only=True)
class Past:
    """Writes entries of long ago, and does to them what time and others may do."""

    database: Database
    vault: Vault
    admin: psycopg.Connection[TupleRow]

    def new_person(self) -> UUID:
        user_id = uuid7()
        self.run("INSERT INTO app.users (id) VALUES (%s)", user_id)
        return user_id

    def run(self, statement: str, *values: object) -> None:
        self.admin.execute(statement.encode(), values)

    async def append(self, user_id: UUID, month: datetime, entries: int) -> None:
        for day in range(1, entries + 1):
            at = month.replace(day=day)
            log = AuditLog(self.database, self.vault, clock=lambda at=at: at)
            entry = AuditEntry(action="exported", resource_type="goals", new={"rows": day})
            await log.append(user_id, entry)

    async def person(self, march: int = 0, april: int = 0) -> UUID:
        """Somebody with so many entries of each month."""
        user_id = self.new_person()
        await self.append(user_id, MARCH, march)
        await self.append(user_id, APRIL, april)
        return user_id

    def drop_march(self) -> None:
        self.run("ALTER TABLE app.audit_logs DETACH PARTITION app.audit_logs_p202103")
        self.run("DROP TABLE app.audit_logs_p202103")

    def set_back(self, user_id: UUID, seq: int) -> None:
        """As somebody may who holds the database alone: no entry and no head tells of it."""
        self.run("DELETE FROM app.audit_logs WHERE user_id = %s AND seq > %s", user_id, seq)
        self.run(
            "UPDATE app.audit_heads h SET seq = l.seq, mac = l.mac FROM app.audit_logs l"
            " WHERE h.user_id = %s AND l.user_id = h.user_id AND l.seq = %s",
            user_id,
            seq,
        )


@pytest.fixture
def past(database: Database, vault: Vault, admin_url: str) -> Iterator[Past]:
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("SELECT app.ensure_month_partitions('app.audit_logs', '2021-03-01', 3)")
        yield Past(database=database, vault=vault, admin=admin)


@pytest.fixture
def log(database: Database, vault: Vault) -> AuditLog:
    return AuditLog(database, vault)


async def examined(past: Past, user_id: UUID) -> tuple[int, Finding | None]:
    seen = await AuditChain(past.database, past.vault, entries_at_once=2).examine(user_id)
    return seen.entries, seen.finding


# ---------------------------------------------------------------- months that are dropped


async def test_a_chain_holds_when_its_first_month_was_dropped(log: AuditLog, past: Past) -> None:
    person = await past.person(march=3, april=2)
    assert await log.checkpoint_before(APRIL) == 1
    assert await examined(past, person) == (2, None)
    past.drop_march()
    assert await examined(past, person) == (2, None)
    await past.append(person, MAY, 1)
    assert await examined(past, person) == (3, None)


async def test_a_chain_of_which_nothing_is_left_goes_on(log: AuditLog, past: Past) -> None:
    person = await past.person(march=3)
    await log.checkpoint_before(APRIL)
    past.drop_march()
    assert await examined(past, person) == (0, None)
    await past.append(person, APRIL, 2)
    assert await examined(past, person) == (2, None)


async def test_only_chains_that_lose_entries_are_cut_and_only_once(
    log: AuditLog, past: Past
) -> None:
    for entries in ({"march": 2}, {"march": 1, "april": 1}, {"april": 1}, {}):
        await past.person(**entries)
    await past.append(SYSTEM_USER, MARCH, 2)
    assert await log.checkpoint_before(MARCH) == 0
    assert await log.checkpoint_before(APRIL) == 3
    assert await log.checkpoint_before(APRIL) == 0
    assert await log.checkpoint_before(MAY) == 2


async def test_a_chain_that_does_not_hold_is_not_cut_so_that_its_break_stays(
    log: AuditLog, past: Past
) -> None:
    person = await past.person(march=3, april=2)
    past.run("DELETE FROM app.audit_logs WHERE seq = 2")
    assert await log.checkpoint_before(APRIL) == 0
    past.drop_march()
    assert await examined(past, person) == (
        0,
        Finding(user_id=person, seq=1, fault=Fault.MISSING),
    )


async def test_a_break_after_a_cut_is_found_and_so_is_a_cut_taken_back(
    log: AuditLog, past: Past
) -> None:
    person = await past.person(march=3, april=2)
    await log.checkpoint_before(APRIL)
    past.drop_march()
    past.run("UPDATE app.audit_logs SET action = 'read' WHERE seq = 4")
    assert await examined(past, person) == (
        0,
        Finding(user_id=person, seq=4, fault=Fault.CHANGED),
    )
    past.run("UPDATE app.audit_heads SET checkpoint_seq = 0, checkpoint_mac = ''")
    assert await examined(past, person) == (
        0,
        Finding(user_id=person, seq=1, fault=Fault.MISSING),
    )


# ---------------------------------------------------------------- the check of all chains


@pytest.fixture
async def anchors(tmp_path: Path) -> AsyncIterator[AuditAnchors]:
    store = await KeyStore.open(data_dir=tmp_path / FOLDER, url=None)
    yield AuditAnchors(store)
    await store.close()


@pytest.fixture
def check(past: Past, anchors: AuditAnchors) -> AuditCheck:
    return AuditCheck(past.database, past.vault, anchors)


async def test_the_whole_log_is_counted(check: AuditCheck, past: Past) -> None:
    await past.person(march=3)
    await past.person(april=2)
    await past.append(SYSTEM_USER, MARCH, 1)
    report = await check.whole()
    assert (report.chains, report.entries, report.broken) == (3, 6, 0)


async def test_a_lot_is_drawn_beside_the_systems_chain(check: AuditCheck, past: Past) -> None:
    for _ in range(5):
        await past.person(march=1)
    await past.append(SYSTEM_USER, MARCH, 1)
    assert (await check.some(most=2)).chains == 3
    assert (await check.some()).chains == 6


async def test_a_chain_that_was_set_back_whole_is_found_by_what_was_noted(
    check: AuditCheck, past: Past
) -> None:
    person = await past.person(march=3, april=2)
    assert (await check.some()).broken == 0
    past.set_back(person, 3)
    assert await examined(past, person) == (3, None)
    report = await check.some()
    assert report.findings == (Finding(user_id=person, seq=5, fault=Fault.ANCHOR),)


async def test_a_chain_that_was_set_back_and_went_on_is_found(
    check: AuditCheck, past: Past
) -> None:
    person = await past.person(march=3, april=2)
    await check.some()
    past.set_back(person, 3)
    await past.append(person, MAY, 4)
    report = await check.some()
    assert report.findings == (Finding(user_id=person, seq=5, fault=Fault.ANCHOR),)


async def test_an_entry_of_what_was_set_back_does_not_fit_into_what_came_after(past: Past) -> None:
    person = await past.person(march=3, april=2)
    past.run("CREATE TABLE app.kept AS SELECT * FROM app.audit_logs WHERE seq = 4")
    past.set_back(person, 3)
    await past.append(person, MAY, 2)
    past.run("DELETE FROM app.audit_logs WHERE seq = 4")
    past.run("INSERT INTO app.audit_logs SELECT * FROM app.kept")
    finding = Finding(user_id=person, seq=5, fault=Fault.CHANGED)
    assert await examined(past, person) == (4, finding)


async def test_a_chain_that_is_gone_with_its_head_is_found(check: AuditCheck, past: Past) -> None:
    person = await past.person(march=3)
    await past.person(march=1)
    await check.whole()
    for table in ("audit_logs", "audit_heads"):
        past.run(f"DELETE FROM app.{table} WHERE user_id = %s", person)
    report = await check.whole()
    assert report.findings == (Finding(user_id=person, seq=3, fault=Fault.ANCHOR),)


async def test_a_chain_that_was_cut_beyond_what_was_noted_holds(
    check: AuditCheck, log: AuditLog, past: Past
) -> None:
    person = await past.person(march=2)
    await check.whole()
    await past.append(person, APRIL, 2)
    await log.checkpoint_before(MAY)
    assert (await check.whole()).broken == 0


async def test_what_was_noted_is_forgotten_after_a_restore(
    check: AuditCheck, anchors: AuditAnchors, past: Past
) -> None:
    person = await past.person(march=3)
    await check.whole()
    past.set_back(person, 1)
    await anchors.forget()
    assert (await check.whole()).broken == 0


async def test_a_broken_chain_is_not_noted(
    check: AuditCheck, anchors: AuditAnchors, past: Past
) -> None:
    person = await past.person(march=3)
    past.run("UPDATE app.audit_logs SET action = 'read' WHERE seq = 3")
    await check.whole()
    assert await anchors.of([person]) == {}


async def test_many_broken_chains_are_all_counted_and_some_named(
    check: AuditCheck, past: Past
) -> None:
    past.run(
        "WITH made AS (INSERT INTO app.users (id) SELECT gen_random_uuid()"
        " FROM generate_series(0, %s) RETURNING id)"
        " INSERT INTO app.audit_heads (user_id, seq) SELECT id, 1 FROM made",
        MOST_FINDINGS,
    )
    report = await check.whole()
    assert (report.broken, len(report.findings)) == (MOST_FINDINGS + 1, MOST_FINDINGS)


@pytest.fixture(params=["file", "server"])
async def noted(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path
) -> AsyncIterator[AuditAnchors]:
    with cluster.empty_database() as name:
        parts = conninfo.conninfo_to_dict(cluster.admin_url(name))
        server = f"postgresql:///?{urlencode(parts)}"
        store = await KeyStore.open(
            data_dir=tmp_path, url=server if request.param == "server" else None
        )
        anchors = AuditAnchors(store)
        await anchors.prepare()
        await anchors.prepare()
        yield anchors
        await store.close()


async def test_what_is_noted_never_goes_back(noted: AuditAnchors) -> None:
    one, other = sorted([uuid7(), uuid7()])
    await noted.note({one: Place(seq=2, mac=b"two"), other: Place(seq=1, mac=b"one")})
    await noted.note({one: Place(seq=1, mac=b"one"), other: Place(seq=2, mac=b"two")})
    two = Place(seq=2, mac=b"two")
    assert await noted.of([one, other, uuid7()]) == {one: two, other: two}
    assert await noted.users(after=SYSTEM_USER, most=1) == [one]
    assert await noted.users(after=one, most=5) == [other]


async def test_the_doctor_names_a_broken_chain(past: Past, admin_url: str, tmp_path: Path) -> None:
    person = await past.person(march=3)
    past.run("UPDATE app.audit_logs SET action = 'canary' WHERE seq = 2")
    settings = Settings.model_construct(database_url=admin_url, evenkeel_data_dir=tmp_path)
    found = {check.name: check async for check in checks(settings)}
    assert not found["audit"].ok
    assert found["audit"].finding == (
        f"1 of 2 chains broken: in the chain of {person} entry 2 is changed"
    )
