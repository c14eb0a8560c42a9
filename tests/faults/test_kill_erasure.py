"""A process that erases people is killed again and again: whatever it had done, nothing readable
is left without a pending erasure, no key outlives its rows, and the next process finishes it."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

import pytest
from uuid_utils.compat import uuid7

from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import STAYS, Erasure, Receipt
from storage.people import Person
from storage.records import JournalWritten
from tests.integration.stores import NOW, Stores, entry, found, identity, words
from tests.one_of_each import tables_of_persons
from tests.processes import ROOT

KILLS = 4
PEOPLE = 9
ENTRIES = 60
PATIENCE = 60.0
PENDING = "SELECT user_id FROM app.erasures WHERE erased_at IS NULL"


@pytest.fixture
async def stores(database: Database, admin_url: str, tmp_path: Path):
    vault = await Vault.open(master_key=None, data_dir=tmp_path, key_store_url=None)
    yield Stores.over(database, vault, admin_url)
    await vault.close()


async def somebody(stores: Stores, number: int) -> Person:
    """Somebody with a full journal; every third one is in danger."""
    person = await stores.people.of(identity(str(number)))
    journal = [
        JournalWritten(id=uuid7(), text=words(f"day {day}"), at=NOW) for day in range(ENTRIES)
    ]
    said = entry("a word")
    findings = (found(),) if number % 3 == 0 else ()
    lease = await stores.held(person, said, findings=findings)
    await stores.commit(lease, said, "a reply", records=tuple(journal))
    return person


async def killed(url: str, folder: Path, seconds: float) -> None:
    """An erasing process that lives so long after it began."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.faults.erasing_worker", url, str(folder)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    async with asyncio.timeout(PATIENCE):
        await process.stdout.readline()
        process.stdin.write(b"go\n")
        await process.stdin.drain()
        await asyncio.sleep(seconds)
        if process.returncode is None:
            process.kill()
        await process.communicate()


def left_of(stores: Stores, person: Person) -> set[str]:
    return {
        table
        for table in tables_of_persons()
        if stores.stored(
            f"SELECT FROM app.{table} WHERE {'id' if table == 'users' else 'user_id'} = %s LIMIT 1",
            person.id,
        )
    }


async def half_done(stores: Stores, people: list[Person]) -> list[Person]:
    """People of whom more is left than may stay, or whose key is left, with nobody to finish it."""
    pending = {user_id for (user_id,) in stores.stored(PENDING)}
    destroyed = set(await stores.vault.erased_users())
    return [
        person
        for person in people
        if person.id not in pending
        and (left_of(stores, person) != set(STAYS) or person.id not in destroyed)
    ]


async def test_killed_at_any_moment_it_is_finished_by_the_next(
    stores: Stores, database_url: str, tmp_path: Path
) -> None:
    seed = int(os.environ.get("EVENKEEL_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    people = [await somebody(stores, number) for number in range(PEOPLE)]
    stays = await somebody(stores, PEOPLE + 1)
    kept_whole = left_of(stores, stays)
    erasure = Erasure(stores.database, stores.vault)
    for person in people:
        await erasure.request(person.id, "asked", None)
    for _ in range(KILLS):
        await killed(database_url, tmp_path, chance.uniform(0, 0.15))
        assert await half_done(stores, people) == []
    receipts = [await erasure.erase(person.id) for person in people]
    assert await half_done(stores, people) == []
    assert [count_of(receipt) for receipt in receipts] == [ENTRIES] * PEOPLE
    assert [receipt.case_kept for receipt in receipts] == [n % 3 == 0 for n in range(PEOPLE)]
    assert len(await stores.flags.open_flags()) == PEOPLE / 3, "each case once, however often tried"
    assert left_of(stores, stays) == kept_whole
    await stores.vault.user_key(stays.id)


def count_of(receipt: Receipt) -> int:
    return receipt.deleted["journal_entries"]
