"""Erasing a person: what goes, what stays, and in which order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from storage.encryption import Vault
from storage.erasure import DELETED, STAYS, Erasure, replay
from storage.erasure_requests import Farewell
from storage.errors import (
    FencedError,
    KeyErasedError,
    KeyMissingError,
    PersonUnknownError,
    SealBrokenError,
    UpdateSpentError,
)
from storage.people import People, Person, find_user
from storage.records import (
    ConsentRecorded,
    ErasureAsked,
    JournalWritten,
    MoodRecorded,
    Purpose,
)
from tests.integration.stores import HERE, NOW, Stores, entry, found, identity, words
from tests.one_of_each import Example, insert, insert_all, tables_of_persons

FAREWELL = Farewell(address=HERE, locale="en", region="US")


@pytest.fixture
def erasure(stores: Stores) -> Erasure:
    return Erasure(stores.database, stores.vault)


async def erase(erasure: Erasure, user_id: UUID) -> None:
    await erasure.request(user_id, "asked", FAREWELL)
    await erasure.erase(user_id)


def rows_of(stores: Stores, person: UUID) -> dict[str, int]:
    counted = {}
    for table in tables_of_persons():
        column = "id" if table == "users" else "user_id"
        query = f"SELECT count(*) FROM app.{table} WHERE {column} = %s"
        [(counted[table],)] = stores.stored(query, person)
    return counted


def test_every_table_of_persons_is_deleted_or_stays_for_a_reason() -> None:
    assert sorted([*DELETED, *STAYS]) == tables_of_persons()



async def test_everything_of_one_person_goes_and_nothing_of_another(
    stores: Stores, erasure: Erasure
) -> None:
    gone, other = Example(), Example()
    with psycopg.connect(stores.admin_url) as admin:
        insert_all(admin, gone)
        insert_all(admin, other)
        admin.execute("DELETE FROM app.erasures")
    await stores.vault.new_user_key(gone.id)
    before = rows_of(stores, other.id)
    assert set(rows_of(stores, gone.id).values()) == {0, 1}
    stores.alter("UPDATE app.crisis_flags SET resolved = true")
    await erase(erasure, gone.id)
    after = rows_of(stores, gone.id)
    assert {table for table, count in after.items() if count} == set(STAYS)
    assert rows_of(stores, other.id) == before
    receipt = await erasure.erase(gone.id)
    assert dict(receipt.deleted) == dict.fromkeys(DELETED, 1)
