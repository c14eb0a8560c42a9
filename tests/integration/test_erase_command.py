"""`evenkeel erase`, as an operator runs it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from storage.addresses import Identity, Platform
from storage.encryption import Vault
from storage.engine import Database
from storage.people import People, Person
from tests.processes import as_url, run


@pytest.fixture
async def person(database: Database, tmp_path: Path) -> AsyncIterator[Person]:
    vault = await Vault.open(master_key=None, data_dir=tmp_path, key_store_url=None)
    people = People(database, vault)
    yield await people.of(Identity(platform=Platform.TELEGRAM, subject="12345", workspace="81234"))
    await vault.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": as_url(database_url),
        "EVENKEEL_DATA_DIR": str(tmp_path),
        "TELEGRAM_BOT_TOKEN": "81234:invented",
    }


def active(admin_url: str, person: Person) -> bool:
    with psycopg.connect(admin_url) as connection:
        row = connection.execute("SELECT is_active FROM app.users WHERE id = %s", (person.id,))
        return row.fetchone() == (True,)


async def test_a_person_is_erased_by_the_name_of_their_platform_and_the_receipt_is_printed(
    person: Person, settings: dict[str, str], admin_url: str
) -> None:
    code, out, err = await run(settings, "erase", "telegram:12345", "--yes", "--json")
    assert (code, err) == (0, "")
    receipt = json.loads(out)
    assert receipt["user_id"] == str(person.id)
    assert (receipt["reason"], receipt["key_destroyed"]) == ("operator", True)
    assert receipt["deleted"]["auth_identity_keys"] == 1
    assert "audit_logs" in receipt["stays"]
    assert not active(admin_url, person)
    code, again, _ = await run(settings, "erase", str(person.id))
    assert code == 0
    assert "auth_identity_keys: 1" in again
    assert "Key: destroyed" in again


async def test_nothing_is_erased_without_a_yes(
    person: Person, settings: dict[str, str], admin_url: str
) -> None:
    code, _, err = await run(settings, "erase", str(person.id), lines="yes\n")
    assert code == 2
    assert "--yes" in err
    assert active(admin_url, person)


async def test_somebody_unknown_is_a_sentence_and_exit_code_2(settings: dict[str, str]) -> None:
    code, out, err = await run(settings, "erase", "telegram:99", "--yes")
    assert (code, out) == (2, "")
    assert err.startswith("evenkeel: Nobody here has this id.")
