"""What rests in the database: nothing a person wrote, and nothing that opens elsewhere."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from safety.text import Domain, Risk, Severity
from storage.catalogue import AssessmentSeed, FormSeed, ItemSeed, seed
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import KeyErasedError, KeyMissingError, SealBrokenError
from storage.facts import Need
from storage.keys.access import KeyPlace
from storage.keys.rotation import rotate_wrapping
from storage.people import Person
from storage.records import (
    Answer,
    AttemptAnswered,
    AttemptBegun,
    AttemptClosed,
    JournalWritten,
    ModelRan,
    MoodRecorded,
    ScoreCalculated,
)
from storage.tables.registry import Row, Sealed, all_tables
from tests.engine import CRISIS_WORDS, Someone, worker
from tests.integration.stores import NOW, Stores, entry, found, identity, outgoing, words

CANARY = "kanarienvogel"
FORM = UUID("0f0f0f0f-0000-5000-8000-000000000001")


@pytest.fixture
async def person(stores: Stores) -> Person:
    return await stores.people.of(identity(CANARY))


def a_form(admin_url: str) -> None:
    item = ItemSeed(id=uuid7(), order_index=1, question_type="choice", question_text="How?")
    form = FormSeed(id=FORM, version=1, title="Test", instructions=None, items=(item,))
    test = AssessmentSeed(id=uuid7(), name="t1", description=None, category=None, forms=(form,))
    seed(admin_url, [test])


def everything(admin_url: str) -> str:
    """Every row of every table, bytes in both of the ways a dump may show them."""
    with psycopg.connect(admin_url) as connection:
        names = connection.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE relnamespace = 'app'::regnamespace"
            " AND relkind = 'r'"
        ).fetchall()
        rows: list[str] = []
        for escaped in ("hex", "escape"):
            connection.execute(f"SET bytea_output = '{escaped}'".encode())
            for (name,) in names:
                rows += (
                    str(r[0]) for r in connection.execute(f"SELECT t::text FROM {name} t".encode())
                )
    return "\n".join(rows)


async def everything_written(stores: Stores, person: Person) -> None:
    """One turn that fills every sealed column that anything writes."""
    a_form(stores.admin_url)
    text = words(f"{CANARY} <PERSON_1>", PERSON_1=f"{CANARY} Zelda")
    risk = Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=0.9, reasons=(CANARY,))
    attempt = uuid7()
    score = ScoreCalculated(
        id=uuid7(), score_type="total", value=Decimal(3), band="mild", interpretation=CANARY
    )
    run = ModelRan(
        id=uuid7(),
        model="m",
        prompt_name="p",
        prompt_version="1",
        prompt=CANARY,
        response=CANARY,
        tokens=1,
        seconds=1.0,
        finish_reason=None,
        error=None,
    )
    said = entry(text, key=CANARY, press=CANARY, message_ref=CANARY, risk=risk)
    lease = await stores.held(person, said, findings=(found(risk),))
    committed = await stores.commit(
        lease,
        said,
        outgoing(CANARY),
        state={CANARY: CANARY},
        records=(
            MoodRecorded(id=uuid7(), score=3, note=text, at=NOW),
            JournalWritten(id=uuid7(), text=text, at=NOW),
            AttemptBegun(id=attempt, form_id=FORM, at=NOW),
            AttemptAnswered(id=attempt, answers={CANARY: Answer(value=1, at=NOW)}),
            AttemptClosed(id=attempt, status="completed", scores=(score,), at=NOW),
            found(risk),
            run,
        ),
    )
    await stores.outbox.sent([(committed.rows[0], CANARY)])


async def test_no_word_of_a_person_rests_in_any_table(
    stores: Stores, person: Person, admin_url: str
) -> None:
    await everything_written(stores, person)
    dump = everything(admin_url)
    assert "mild" in dump
    assert CANARY not in dump
    assert CANARY.encode().hex() not in dump
    assert "Zelda" not in dump


NOT_WRITTEN = {
    ("auth_identities", "provider_data"),
    ("conversations", "title"),
    ("goals", "description"),
    ("goals", "title"),
    ("journal_entries", "mood_data"),
    ("journal_entries", "title"),
    ("profiles", "bio"),
    ("profiles", "display_name"),
    ("recommendations", "content"),
}
"""Sealed columns that nothing writes yet. Whoever does takes the column out and is tried."""


def sealed_columns() -> set[tuple[str, str]]:
    """Every column that the models declare as `Sealed`."""
    all_tables()
    sealed = set()
    for mapper in Row.registry.mappers:
        for name, hint in get_type_hints(mapper.class_, include_extras=True).items():
            inner = get_args(hint)
            if inner and Sealed in (inner[0], *get_args(inner[0])):
                sealed.add((mapper.local_table.name, mapper.columns[name].name))
    return sealed


def sealed_values(stores: Stores, table: str, column: str) -> list[tuple[UUID, bytes]]:
    """What is stored there, with the id of its row: the inbox is keyed by its message."""
    row = "message_id" if table == "inbox" else "id"
    return [
        (id_, bytes(sealed))
        for id_, sealed in stores.stored(
            f"SELECT {row}, {column} FROM app.{table} WHERE {column} IS NOT NULL"
        )
    ]


async def test_every_sealed_column_opens_in_its_own_place_and_in_no_other(
    stores: Stores, person: Person
) -> None:
    await everything_written(stores, person)
    columns = sealed_columns()
    key = await stores.vault.user_key(person.id)
    other = await stores.people.of(identity("other"))
    stranger = await stores.vault.user_key(other.id)
    written = set()
    for table, column in columns:
        for row_id, sealed in sealed_values(stores, table, column):
            written.add((table, column))
            assert key.open(table, column, row_id, sealed)
            elsewhere = [(key, *place, row_id) for place in columns - {(table, column)}]
            elsewhere += [(key, table, column, uuid7()), (stranger, table, column, row_id)]
            for opener, *place in elsewhere:
                with pytest.raises(SealBrokenError):
                    opener.open(*place, sealed)
    assert written == columns - NOT_WRITTEN


async def test_workers_from_before_and_after_a_rotation_take_turns(
    stores: Stores, person: Person, tmp_path: Path
) -> None:
    """Both hold the same conversation in turn, with keys opened at different times."""
    await stores.turn(person, "before", state={"step": 1})
    place = KeyPlace(master_key=None, data_dir=tmp_path, key_store_url=None)
    async with place.store() as store:
        await rotate_wrapping(store, await place.master(), new_keys=True)
    vault = await Vault.open(
        master_key=None, data_dir=tmp_path, key_store_url=None, database=stores.database
    )
    newer = Stores.over(stores.database, vault, stores.admin_url)
    needs = frozenset({Need.MESSAGES})
    for step, turned in enumerate((newer, stores, newer, stores), 2):
        said = entry(f"step {step}")
        lease = await turned.held(person, said)
        assert (await turned.conversations.load(lease)).state == {"step": step - 1}
        facts = await turned.conversations.facts(lease, needs)
        assert "before" in [message.text for message in facts.messages]
        assert await turned.inbox.oldest_undone(lease) == said
        await turned.commit(lease, said, "an answer", state={"step": step})
    await vault.close()


async def test_what_does_not_open_is_left_out_and_nobody_is_left_alone(
    database: Database, admin_url: str, tmp_path: Path
) -> None:
    """An administrator copies one sealed value over others: none of them is shown, and the person
    is still answered, in a crisis as well."""
    async with worker(database, admin_url, tmp_path) as (app, platform):
        someone = Someone(app, platform)
        await someone.agrees()
        await someone.says("/mood 7 fine")
        await someone.says("/journal a quiet day")
        with psycopg.connect(admin_url) as tampering:
            for table, column in (
                ("messages", "content"),
                ("conversations", "state"),
                ("mood_entries", "context_data"),
                ("journal_entries", "content"),
            ):
                tampering.execute(
                    f"UPDATE app.{table} SET {column} = (SELECT content FROM app.messages"
                    " ORDER BY id LIMIT 1)".encode()
                )
        assert await someone.says("hello again")
        assert await someone.says("/history")
        assert await someone.says("/mood 5")
        assert "988" in "".join(message.text for message in await someone.says(CRISIS_WORDS))


async def test_once_the_key_is_erased_no_row_can_be_read(stores: Stores, person: Person) -> None:
    await stores.turn(person, "hello")
    assert await stores.vault.erase_user_key(person.id)
    with pytest.raises(KeyErasedError):
        await stores.conversations.glance(person)
    with pytest.raises(KeyErasedError):
        await stores.take_in(person, entry())
    assert stores.count("inbox") == 1


async def test_with_another_key_store_nothing_is_read_or_written(
    stores: Stores, person: Person, tmp_path: Path
) -> None:
    await stores.turn(person, "hello")
    stranger = await Vault.open(master_key=None, data_dir=tmp_path / "new", key_store_url=None)
    lost = Stores.over(stores.database, stranger, stores.admin_url)
    with pytest.raises(KeyMissingError):
        await lost.take_in(person, entry())
    assert stores.count("inbox") == 1
    await stranger.close()
