"""Finding people and signing them up."""

from __future__ import annotations

import asyncio

from storage.people import People
from storage.records import ProfileChanged
from tests.integration.stores import Stores, identity


async def test_somebody_new_is_signed_up_once_and_known_afterwards(stores: Stores) -> None:
    first = await stores.people.of(identity(), locale="de", region="AT")
    assert first.is_new
    assert (first.locale, first.region, first.timezone) == ("de", "AT", "UTC")
    again = await stores.people.of(identity(), locale="fr")
    assert not again.is_new
    assert (again.id, again.conversation_id) == (first.id, first.conversation_id)
    tables = ("auth_identity_keys", "auth_identities", "profiles", "conversations")
    assert stores.counts(*tables) == [1, 1, 1, 1]


async def test_another_worker_finds_the_same_person_in_the_database(stores: Stores) -> None:
    first = await stores.people.of(identity(), locale="de")
    second = await People(stores.database, stores.vault).of(identity())
    assert second == first.__class__(
        id=first.id, conversation_id=first.conversation_id, locale="de"
    )


async def test_many_workers_meeting_somebody_at_once_sign_up_one_person(stores: Stores) -> None:
    workers = [People(stores.database, stores.vault) for _ in range(8)]
    met = await asyncio.gather(*(people.of(identity()) for people in workers))
    assert len({person.id for person in met}) == 1
    assert sum(person.is_new for person in met) >= 1
    assert stores.counts("auth_identity_keys", "profiles", "conversations") == [1, 1, 1]
    await stores.vault.user_key(met[0].id)


async def test_the_same_subject_elsewhere_is_somebody_else(stores: Stores) -> None:
    here = await stores.people.of(identity("1"))
    there = await stores.people.of(identity("2"))
    assert here.id != there.id


async def test_a_conversation_that_ended_is_followed_by_a_new_one(stores: Stores) -> None:
    first = await stores.people.of(identity())
    stores.alter("UPDATE app.conversations SET status = 'completed'")
    stores.people.forget(identity())
    second = await stores.people.of(identity())
    assert second.id == first.id
    assert second.conversation_id != first.conversation_id
    assert stores.count("conversations") == 2


async def test_settings_changed_in_a_turn_are_met_by_the_next_worker(stores: Stores) -> None:
    person = await stores.people.of(identity(), locale="en", region="US")
    changed = ProfileChanged(locale="es", timezone="Europe/Madrid")
    await stores.turn(person, records=(changed,))
    met = await People(stores.database, stores.vault).of(identity())
    assert (met.locale, met.region, met.timezone) == ("es", "US", "Europe/Madrid")


async def test_an_identity_is_stored_unreadable(stores: Stores) -> None:
    await stores.people.of(identity("canary-subject"))
    rows = stores.stored("SELECT provider_id FROM app.auth_identity_keys")
    rows += stores.stored("SELECT provider_id FROM app.auth_identities")
    assert all(b"canary" not in row[0] for row in rows)
    assert rows[0] == rows[1]
