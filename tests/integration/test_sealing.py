"""What rests in the database: nothing a person wrote, and nothing that opens elsewhere."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from safety.text import Domain, Risk, Severity
from storage.catalogue import AssessmentSeed, FormSeed, ItemSeed, seed
from storage.encryption import Vault
from storage.errors import KeyErasedError, KeyMissingError, SealBrokenError
from storage.facts import Need
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


async def test_no_word_of_a_person_rests_in_any_table(
    stores: Stores, person: Person, admin_url: str
) -> None:
    a_form(admin_url)
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
    dump = everything(admin_url)
    assert "mild" in dump
    assert CANARY not in dump
    assert CANARY.encode().hex() not in dump
    assert "Zelda" not in dump


async def test_a_text_moved_to_another_row_column_or_person_does_not_open(
    stores: Stores, person: Person
) -> None:
    other = await stores.people.of(identity("other"))
    needs = frozenset({Need.MESSAGES})
    for someone in (person, other):
        await stores.turn(someone, "hello")
    [(mine,), (reply,)] = stores.stored(
        "SELECT content FROM app.messages WHERE user_id = %s ORDER BY id", person.id
    )
    lease = await stores.held(person, entry(None))
    for tampered in (
        "UPDATE app.messages SET content = %s WHERE user_id = %s AND role = 'assistant'",
        "UPDATE app.conversations SET state = %s WHERE user_id = %s",
    ):
        stores.alter(tampered, mine, person.id)
    with pytest.raises(SealBrokenError, match=r"messages\.content"):
        await stores.conversations.facts(lease, needs)
    with pytest.raises(SealBrokenError, match=r"conversations\.state"):
        await stores.conversations.load(lease)
    stores.alter("UPDATE app.messages SET content = %s WHERE user_id = %s", reply, other.id)
    theirs = await stores.held(other, entry(None))
    with pytest.raises(SealBrokenError, match=r"messages\.content"):
        await stores.conversations.facts(theirs, needs)


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
