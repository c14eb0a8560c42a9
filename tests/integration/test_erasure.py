"""Erasing a person: what goes, what stays, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import TupleRow
from uuid_utils.compat import uuid7

from safety.text import ScreenedText
from storage.encryption import UserKey, Vault
from storage.erasing.erasure import DELETED, STAYS, Erasure, Receipt, replay
from storage.erasing.requests import Farewell
from storage.errors import (
    FencedError,
    KeyErasedError,
    PersonUnknownError,
    SealBrokenError,
    StorageConfigurationError,
    UpdateSpentError,
)
from storage.people import People, Person, find_user
from storage.records import ConsentRecorded, ErasureAsked, JournalWritten, ModelRan, Purpose
from tests.integration.grants import PARTLY_OF_PERSONS
from tests.integration.stores import HERE, NOW, Stores, entry, found, identity, words
from tests.one_of_each import Example, insert, insert_all, tables_of_persons

FAREWELL = Farewell(address=HERE, locale="en", region="US")
FORGET_ME = ErasureAsked(locale="en", region="US")
DAYS = 30


@pytest.fixture
def erasure(stores: Stores) -> Erasure:
    return Erasure(stores.database, stores.vault)


async def erase(erasure: Erasure, user_id: UUID) -> Receipt:
    await erasure.request(user_id, "asked", FAREWELL)
    return await erasure.erase(user_id)


def rows_of(stores: Stores, user_id: UUID) -> dict[str, int]:
    counted = {}
    for table in tables_of_persons():
        column = "id" if table == "users" else "user_id"
        query = f"SELECT count(*) FROM app.{table} WHERE {column} = %s"
        [(counted[table],)] = stores.stored(query, user_id)
    return counted


def set_switch(admin: psycopg.Connection[TupleRow], kind: str, *targets: UUID) -> None:
    flag = uuid7()
    insert(admin, "feature_flags", {"id": flag, "name": str(flag)})
    for target in targets:
        row = {"id": uuid7(), "flag_id": flag, "target_type": kind, "target_id": target}
        insert(admin, "flag_assignments", row | {"is_enabled": True})


def left_of(stores: Stores, user_id: UUID) -> set[str]:
    return {table for table, rows in rows_of(stores, user_id).items() if rows}


def consent(purpose: Purpose = Purpose.SERVICE, *, granted: bool = True) -> ConsentRecorded:
    return ConsentRecorded(
        id=uuid7(), purpose=purpose, version=1, text="May I?", granted=granted, at=NOW
    )


def model_run(response: str) -> ModelRan:
    return ModelRan(
        id=uuid7(), model="a-model", prompt_name="companion", prompt_version="1",
        prompt="user: hello", response=response, tokens=3, seconds=0.1, finish_reason="stop",
        error=None,
    )  # fmt: skip


async def in_danger(stores: Stores, person: Person) -> None:
    said = entry("help me")
    await stores.commit(await stores.held(person, said, findings=(found(),)), said)


def done_with(stores: Stores) -> None:
    stores.alter("UPDATE app.crisis_flags SET resolved = true, resolved_at = now()")


# ---------------------------------------------------------------- what goes and what stays


def test_every_table_of_persons_is_deleted_or_stays_for_a_reason() -> None:
    assert sorted([*DELETED, *STAYS]) == sorted([*tables_of_persons(), *PARTLY_OF_PERSONS])


async def test_everything_of_one_person_goes_and_nothing_of_another(
    stores: Stores, erasure: Erasure
) -> None:
    gone, other = Example(), Example()
    with psycopg.connect(stores.admin_url) as admin:
        insert_all(admin, gone)
        insert_all(admin, other)
        admin.execute("DELETE FROM app.erasures")
        set_switch(admin, "user", gone.id, other.id)
        set_switch(admin, "group", gone.id)
    done_with(stores)
    assert left_of(stores, gone.id) == set(tables_of_persons()) - {"erasures"}
    before = rows_of(stores, other.id)
    await stores.vault.new_user_key(gone.id)
    receipt = await erase(erasure, gone.id)
    assert left_of(stores, gone.id) == set(STAYS)
    assert rows_of(stores, other.id) == before
    assert dict(receipt.deleted) == dict.fromkeys(DELETED, 1)
    left = stores.stored("SELECT target_type, target_id FROM app.flag_assignments ORDER BY 1")
    assert left == [("group", gone.id), ("user", other.id)]


async def test_what_stays_names_nobody(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    named = "UPDATE app.users SET email = 'sealed', username = 'sealed' WHERE id = %s"
    stores.alter(named, person.id)
    await erase(erasure, person.id)
    users = "SELECT is_active, email, username FROM app.users WHERE id = %s"
    assert stores.stored(users, person.id) == [(False, None, None)]
    told = "SELECT action, resource_type, ip_address, user_agent FROM app.audit_logs"
    assert stores.stored(told) == [("erased", "users", None, None)]


async def test_nothing_sealed_opens_any_more_for_anybody(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    row = uuid7()
    sealed = (await stores.vault.user_key(person.id)).seal("goals", "title", row, "walk")
    await erase(erasure, person.id)
    with pytest.raises(KeyErasedError):
        await stores.vault.user_key(person.id)
    again = await stores.people.of(identity("person-2"))
    with pytest.raises(SealBrokenError):
        (await stores.vault.user_key(again.id)).open("goals", "title", row, sealed)


async def test_the_receipt_is_the_same_whenever_it_is_asked_for(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person, "a reply", records=(journal(),))
    receipt = await erase(erasure, person.id)
    assert receipt.deleted["messages"] == 2
    assert receipt.deleted["journal_entries"] == 1
    assert (receipt.key_destroyed, receipt.audit_entries, receipt.case_kept) == (True, 1, False)
    await erasure.request(person.id, "operator", None)
    assert await erasure.erase(person.id) == receipt == await erasure.receipt(person.id)


def journal(text: str | ScreenedText = "a day") -> JournalWritten:
    return JournalWritten(id=uuid7(), text=words(text) if isinstance(text, str) else text, at=NOW)


async def test_nobody_is_erased_for_whom_nobody_asked(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    with pytest.raises(PersonUnknownError):
        await erasure.erase(person.id)
    assert await erasure.receipt(person.id) is None
    await stores.vault.user_key(person.id)


async def test_the_same_account_comes_back_as_somebody_new(
    stores: Stores, erasure: Erasure
) -> None:
    first = await stores.people.of(identity())
    await erase(erasure, first.id)
    second = await People(stores.database, stores.vault).of(identity())
    assert second.is_new
    assert second.id != first.id
    await stores.turn(second, "hello")


# ---------------------------------------------------------------- whom an operator means


async def test_a_person_is_found_by_id_and_by_each_platforms_name(stores: Stores) -> None:
    person = await stores.people.of(identity("12345"))
    named = ("telegram:bot-1:12345", str(person.id))
    assert [await find(stores, name) for name in named] == [person.id, person.id]
    by_bot = await find_user(stores.database, stores.vault, "telegram:12345", telegram_bot="bot-1")
    assert by_bot == person.id


@pytest.mark.parametrize(
    "name",
    ["telegram:12345", "fax:1", "nobody", "telegram:a:b:c", "", str(UUID(int=1)), str(UUID(int=0))],
)
async def test_somebody_unknown_is_nobody(stores: Stores, name: str) -> None:
    await stores.people.of(identity("12345"))
    with pytest.raises(PersonUnknownError):
        await find(stores, name)


async def find(stores: Stores, name: str) -> UUID:
    return await find_user(stores.database, stores.vault, name)


# ---------------------------------------------------------------- while they still write


async def test_the_wish_is_in_the_commit_that_confirmed_it(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person, "being done", records=(FORGET_ME,))
    assert await erasure.due(10) == [person.id]
    assert (await erasure.erased(person.id)).farewell == FAREWELL


async def test_who_asked_to_be_forgotten_is_not_answered_nor_kept_any_more(
    stores: Stores,
) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person, records=(consent(),))
    assert (await stores.conversations.glance(person)).consented
    await stores.turn(person, records=(FORGET_ME,))
    assert not (await stores.conversations.glance(person)).consented
    assert (await stores.take_in(person, entry(None))).lease is None
    assert await stores.inbox.due_conversations(10) == []


async def test_a_turn_that_runs_meanwhile_writes_nothing(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    said = entry()
    lease = await stores.held(person, said)
    key = await stores.vault.user_key(person.id)
    await erasure.request(person.id, "operator", None)
    with pytest.raises(FencedError):
        await stores.commit(lease, said, "too late")
    await erasure.erase(person.id)
    with pytest.raises(FencedError):
        await stores_with(stores, remembering(key)).commit(lease, said, "too late")
    assert left_of(stores, person.id) == set(STAYS)


async def test_a_worker_that_remembers_the_dead_key_cannot_store_with_it(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    other = stores_with(stores, remembering(await stores.vault.user_key(person.id)))
    await erase(erasure, person.id)
    with pytest.raises(KeyErasedError):
        await other.take_in(person, entry("still here"))
    assert left_of(stores, person.id) == set(STAYS)


async def test_a_worker_that_just_found_them_opens_no_new_conversation(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await erase(erasure, person.id)
    late = People(stores.database, stores.vault)
    with pytest.raises(KeyErasedError):
        await late._meet(person.id)
    assert left_of(stores, person.id) == set(STAYS)


def remembering(key: UserKey) -> Callable[[UUID], Awaitable[UserKey]]:
    async def user_key(user_id: UUID) -> UserKey:
        return key

    return user_key


def stores_with(stores: Stores, user_key: Callable[[UUID], Awaitable[UserKey]]) -> Stores:
    """Another worker's stores, whose vault opened a key before it was destroyed."""
    vault = Vault(stores.vault._store, stores.vault._keys)
    vault.user_key = user_key  # type: ignore[method-assign]
    return Stores.over(stores.database, vault, stores.admin_url)


async def test_people_who_write_while_they_are_erased_leave_nothing_behind(
    stores: Stores, erasure: Erasure
) -> None:
    for round_ in range(6):
        person = await stores.people.of(identity(str(round_)))
        stores_too = stores_with(stores, remembering(await stores.vault.user_key(person.id)))
        await erasure.request(person.id, "asked", None)
        writing = [
            stores_too.take_in(person, entry("x"), findings=(found(),), preempt=True)
            for _ in range(4)
        ]
        await asyncio.gather(
            *writing, erasure.erase(person.id), erasure.erase(person.id), return_exceptions=True
        )
        await erasure.erase(person.id)
        assert left_of(stores, person.id) == set(STAYS)


# ---------------------------------------------------------------- redeliveries


async def test_an_update_that_comes_again_signs_nobody_up(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    said = entry()
    await stores.commit(await stores.held(person, said), said)
    await erase(erasure, person.id)
    late = People(stores.database, stores.vault)
    with pytest.raises(UpdateSpentError):
        await late.of(identity(), update=said.key)
    assert stores.count("auth_identity_keys") == 0
    assert (await late.of(identity(), update="another")).is_new


async def test_what_was_sent_is_remembered_for_two_days(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person)
    await erase(erasure, person.id)
    stores.alter("UPDATE app.spent_keys SET spent_at = now() - interval '47 hours'")
    assert await erasure.forget_spent() == 0
    stores.alter("UPDATE app.spent_keys SET spent_at = now() - interval '49 hours'")
    assert await erasure.forget_spent() == 1
    assert stores.count("spent_keys") == 0


# ---------------------------------------------------------------- crashes


async def test_killed_between_key_and_rows_it_is_still_to_be_done(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    await erasure.request(person.id, "asked", FAREWELL)
    await erasure._cases.keep(person.id, HERE)
    await stores.vault.erase_user_key(person.id)
    assert await erasure.due(10) == [person.id]
    receipt = await erasure.erase(person.id)
    assert receipt.case_kept
    assert left_of(stores, person.id) == set(STAYS)
    assert stores.count("escalations") == 1


async def test_the_key_goes_first_and_rows_that_would_not_go_are_tried_again(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    await erasure.request(person.id, "asked", FAREWELL)
    stores.alter("REVOKE DELETE ON app.goals FROM evenkeel_worker")
    with pytest.raises(StorageConfigurationError):
        await erasure.erase(person.id)
    assert "messages" in left_of(stores, person.id), "all of it or nothing"
    with pytest.raises(KeyErasedError):
        await stores.vault.user_key(person.id)
    assert await erasure.due(10) == [person.id]
    stores.alter("GRANT DELETE ON app.goals TO evenkeel_worker")
    assert (await erasure.erase(person.id)).case_kept
    assert len(await stores.flags.open_flags()) == 1


async def test_one_worker_at_a_time_takes_a_person_on(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await erasure.request(person.id, "asked", FAREWELL)
    assert [await erasure.take(person.id) for _ in range(2)] == [True, False]
    assert await erasure.due(10) == []
    stores.pass_time("erasures")
    assert await erasure.due(10) == [person.id]


# ---------------------------------------------------------------- telling them


async def test_the_address_is_sealed_while_it_waits_and_gone_afterwards(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await erase(erasure, person.id)
    [(sealed,)] = stores.stored("SELECT address FROM app.erasures")
    assert HERE.chat.encode() not in sealed
    assert await erasure.due(10) == [person.id]
    await erasure.told(person.id)
    assert stores.stored("SELECT address, told_at IS NOT NULL FROM app.erasures") == [(None, True)]
    assert await erasure.due(10) == []


async def test_after_a_day_nobody_is_told_any_more(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await erase(erasure, person.id)
    stores.alter("UPDATE app.erasures SET erased_at = now() - interval '25 hours'")
    assert (await erasure.erased(person.id)).farewell is None


# ---------------------------------------------------------------- an open crisis flag


async def test_a_case_stays_for_counselors_and_leads_to_nobody_without_its_key(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    [before] = await stores.flags.open_flags()
    assert (await erase(erasure, person.id)).case_kept
    [after] = await stores.flags.open_flags()
    assert (after.alias, after.flag_type, after.priority, after.created_at) == (
        before.alias, before.flag_type, before.priority, before.created_at,
    )  # fmt: skip
    assert left_of(stores, person.id) == set(STAYS)
    [(case, event, sealed)] = stores.stored("SELECT user_id, id, event_data FROM app.safety_events")
    assert case != person.id
    assert stores.count("auth_identity_keys") == stores.count("profiles") == 0
    data = (await stores.vault.user_key(case)).open_json(
        "safety_events", "event_data", event, sealed
    )
    assert data["reasons"] == ["plan"]
    assert data["address"] == {
        "platform": "telegram", "chat": "chat-1", "workspace": "bot-1", "thread": None,
    }  # fmt: skip


async def test_a_case_is_escalated_as_before(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    await erase(erasure, person.id)
    [due] = await stores.escalations.due(10)
    assert await stores.escalations.take(due, 30)


@pytest.mark.parametrize(
    "closing",
    [
        "UPDATE app.crisis_flags SET resolved = true",
        "UPDATE app.escalations SET state = 'closed'",
    ],
)
async def test_a_case_is_erased_when_counselors_are_done(
    stores: Stores, erasure: Erasure, closing: str
) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    await erase(erasure, person.id)
    await erasure.told(person.id)
    [(case,)] = stores.stored("SELECT user_id FROM app.crisis_flags")
    assert await erasure.due(10) == []
    stores.alter(closing)
    assert await erasure.due(10) == [case]
    receipt = await erasure.erase(case)
    assert (receipt.reason, receipt.case_kept) == ("case_closed", False)
    assert left_of(stores, case) == set(STAYS)
    assert await erasure.due(10) == []
    with pytest.raises(KeyErasedError):
        await stores.vault.user_key(case)


async def test_a_flag_that_is_resolved_keeps_no_case(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await in_danger(stores, person)
    done_with(stores)
    assert not (await erase(erasure, person.id)).case_kept
    assert stores.count("safety_events") == 0


# ---------------------------------------------------------------- who never said yes


def days_pass(stores: Stores, days: int) -> None:
    for table in ("users", "consents"):
        stores.alter(f"UPDATE app.{table} SET created_at = created_at - interval '{days} days'")


async def test_who_never_agreed_is_erased_after_a_while(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    days_pass(stores, DAYS - 1)
    assert await erasure.request_unagreed(DAYS, 10) == 0
    days_pass(stores, 2)
    assert await erasure.request_unagreed(DAYS, 10) == 1
    receipt = await erasure.erase(person.id)
    assert receipt.reason == "never_agreed"
    assert await erasure.due(10) == [], "there is nobody to tell"


async def test_who_took_their_yes_back_has_the_same_time(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await stores.turn(person, records=(consent(),))
    days_pass(stores, 2 * DAYS)
    assert await erasure.request_unagreed(DAYS, 10) == 0
    await stores.turn(person, records=(consent(granted=False),))
    assert await erasure.request_unagreed(DAYS, 10) == 0
    days_pass(stores, DAYS + 1)
    assert await erasure.request_unagreed(DAYS, 10) == 1


async def test_a_yes_or_an_open_flag_keeps_them(stores: Stores, erasure: Erasure) -> None:
    agreed = await stores.people.of(identity("1"))
    await stores.turn(agreed, records=(consent(granted=False),))
    await stores.turn(agreed, records=(consent(),))
    await in_danger(stores, await stores.people.of(identity("2")))
    days_pass(stores, DAYS + 1)
    assert await erasure.request_unagreed(DAYS, 10) == 0
    done_with(stores)
    assert await erasure.request_unagreed(DAYS, 10) == 1


async def test_a_yes_of_this_very_moment_wins_and_the_conversation_goes_on(
    stores: Stores, erasure: Erasure
) -> None:
    person = await stores.people.of(identity())
    days_pass(stores, DAYS + 1)
    await stores.turn(person, records=(consent(),))
    assert not await erasure._request_if_unagreed(person.id, DAYS)
    await stores.turn(person, "still here")
    assert await erasure.due(10) == []


# ---------------------------------------------------------------- the language model's consent


async def test_taking_the_model_back_deletes_what_it_was_asked_and_counts_it(
    stores: Stores,
) -> None:
    person = await stores.people.of(identity())
    other = await stores.people.of(identity("person-2"))
    for each in (person, person, other):
        await stores.turn(each, records=(model_run("hello"),))
    await stores.turn(person, records=(consent(Purpose.CHECK_INS, granted=False),))
    assert stores.count("ai_runs") == 3
    await stores.turn(person, records=(consent(Purpose.AI_CHAT, granted=False),))
    assert stores.stored("SELECT user_id FROM app.ai_runs") == [(other.id,)]
    told = stores.stored("SELECT user_id, action, new_values FROM app.audit_logs")
    assert told == [(person.id, "withdrew", {"purpose": "ai_chat", "deleted": 2})]


# ---------------------------------------------------------------- after a restore


async def test_who_came_back_with_a_restore_is_erased_again(
    stores: Stores, erasure: Erasure
) -> None:
    back, case_of, stays = [await stores.people.of(identity(str(n))) for n in range(3)]
    await in_danger(stores, back)
    await in_danger(stores, case_of)
    await stores.vault.erase_user_key(back.id)
    await erasure._cases.keep(case_of.id, HERE)
    await stores.vault.erase_user_key(case_of.id)
    assert await replay(stores.database, stores.vault) == 2
    assert await replay(stores.database, stores.vault) == 0
    assert left_of(stores, back.id) == left_of(stores, case_of.id) == set(STAYS)
    assert "conversations" in left_of(stores, stays.id)
    receipt = await erasure.receipt(back.id)
    assert receipt is not None
    assert (receipt.reason, receipt.case_kept) == ("replayed", False)
    assert stores.count("crisis_flags") == 1, "only the case that was open stays open"


async def test_a_key_that_came_back_is_destroyed_again(stores: Stores, erasure: Erasure) -> None:
    person = await stores.people.of(identity())
    await erase(erasure, person.id)
    await stores.vault.drop_user_key(person.id)
    await stores.vault.new_user_key(person.id)
    assert await replay(stores.database, stores.vault) == 1
    with pytest.raises(KeyErasedError):
        await stores.vault.user_key(person.id)
