"""The turn's commit: everything or nothing, once; and what a turn can read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from safety.text import ScreenedText
from storage.catalogue import AssessmentSeed, FormSeed, ItemSeed, seed
from storage.errors import FencedError, StorageError
from storage.facts import NO_FACTS, JournalFact, MoodFact, Need
from storage.people import Person
from storage.records import (
    Answer,
    AttemptAnswered,
    AttemptBegun,
    AttemptClosed,
    ConsentRecorded,
    JournalWritten,
    ModelRan,
    MoodRecorded,
    ProfileChanged,
    Purpose,
    Record,
    RiskSource,
    ScoreCalculated,
)
from tests.integration.stores import NOW, Stores, entry, found, identity, outgoing, words

EVERYTHING = (
    "messages",
    "outbox",
    "mood_entries",
    "journal_entries",
    "consents",
    "assessment_attempts",
    "assessment_scores",
    "safety_events",
    "crisis_flags",
    "escalations",
    "ai_runs",
)
FORM = UUID("0f0f0f0f-0000-5000-8000-000000000001")


@pytest.fixture
async def person(stores: Stores) -> Person:
    return await stores.people.of(identity(), locale="en")


@pytest.fixture
def form(admin_url: str) -> UUID:
    item = ItemSeed(id=uuid7(), order_index=1, question_type="choice", question_text="How are you?")
    first = FormSeed(id=FORM, version=1, title="Test form", instructions=None, items=(item,))
    seed(
        admin_url,
        [AssessmentSeed(id=uuid7(), name="t1", description=None, category=None, forms=(first,))],
    )
    return FORM


def consent(purpose: Purpose = Purpose.SERVICE, *, granted: bool = True) -> ConsentRecorded:
    return ConsentRecorded(
        id=uuid7(), purpose=purpose, version=2, text="May I?", granted=granted, at=NOW
    )


def mood(score: int, note: ScreenedText | None = None, minutes: int = 0) -> MoodRecorded:
    return MoodRecorded(id=uuid7(), score=score, note=note, at=NOW + timedelta(minutes=minutes))


def journal(text: ScreenedText) -> JournalWritten:
    return JournalWritten(id=uuid7(), text=text, at=NOW)


def ran() -> ModelRan:
    return ModelRan(
        id=uuid7(),
        model="m-1",
        prompt_name="companion",
        prompt_version="3",
        prompt="user: canary prompt",
        response="canary response",
        tokens=42,
        seconds=1.25,
        finish_reason="stop",
        error=None,
    )


def attempt(form: UUID) -> tuple[Record, ...]:
    id_ = uuid7()
    score = ScoreCalculated(
        id=uuid7(), score_type="total", value=Decimal(12), band="moderate", interpretation="so-so"
    )
    return (
        AttemptBegun(id=id_, form_id=form, at=NOW),
        AttemptAnswered(id=id_, answers={"q1": Answer(value=2, at=NOW), "q2": skipped()}),
        AttemptClosed(id=id_, status="completed", scores=(score,), at=NOW),
    )


def skipped() -> Answer:
    return Answer(value=None, at=NOW, edits=1)


async def test_a_turn_writes_what_it_decided_and_lets_go(stores: Stores, person: Person) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    committed = await stores.commit(lease, said, "Hello.", "How are you?", state={"top": "mood"})
    assert [row.payload["text"] for row in committed.rows] == ["Hello.", "How are you?"]
    assert [(row.seq, row.attempts, row.safety) for row in committed.rows] == [
        (1, 1, False),
        (2, 1, False),
    ]
    assert not committed.behind
    assert stores.stored("SELECT state, attempts FROM app.outbox ORDER BY seq") == [
        ("sending", 1),
        ("sending", 1),
    ]
    assert stores.stored("SELECT role FROM app.messages ORDER BY id") == [
        ("user",),
        ("assistant",),
        ("assistant",),
    ]
    assert stores.stored("SELECT done_at IS NOT NULL FROM app.inbox") == [(True,)]
    again = await stores.conversations.acquire(person.id, person.conversation_id, uuid7())
    assert again is not None
    loaded = await stores.conversations.load(again)
    assert loaded.state == {"top": "mood"}


async def test_a_turn_that_was_overtaken_writes_nothing_at_all(
    stores: Stores, person: Person, form: UUID
) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    stores.pass_time("conversations")
    thief = await stores.conversations.acquire(person.id, person.conversation_id, uuid7())
    assert thief is not None
    before = stores.counts(*EVERYTHING)
    records = (mood(3), journal(words("x")), consent(), ran(), found(), *attempt(form))
    with pytest.raises(FencedError):
        await stores.commit(lease, said, "late", records=records)
    assert stores.counts(*EVERYTHING) == before
    assert (await stores.conversations.load(thief)).state == {}
    await stores.commit(thief, said, "in time")
    assert stores.count("outbox") == 1


async def test_one_lease_commits_once_even_when_the_answer_was_lost(
    stores: Stores, person: Person
) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    await stores.commit(lease, said, "Hello.")
    with pytest.raises(FencedError):
        await stores.commit(lease, said, "Hello.")
    assert stores.count("outbox") == 1


async def test_an_entry_that_is_done_is_not_done_again_under_a_new_lease(
    stores: Stores, person: Person
) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    await stores.commit(lease, said, "Hello.")
    fresh = await stores.conversations.acquire(person.id, person.conversation_id, stores.worker)
    assert fresh is not None
    with pytest.raises(FencedError):
        await stores.commit(fresh, said, "Hello.", records=(mood(5),))
    assert stores.counts("outbox", "mood_entries") == [1, 0]


async def test_of_two_workers_committing_the_same_turn_at_once_one_wins(
    stores: Stores, person: Person
) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    twins = [stores.commit(lease, said, "Hello.", records=(mood(5),)) for _ in range(4)]
    results = await asyncio.gather(*twins, return_exceptions=True)
    assert sum(isinstance(result, FencedError) for result in results) == 3
    assert stores.counts("outbox", "mood_entries") == [1, 1]


async def test_a_record_that_is_refused_takes_the_whole_turn_with_it(
    stores: Stores, person: Person
) -> None:
    said = entry("hi")
    lease = await stores.held(person, said)
    with pytest.raises(StorageError) as caught:
        await stores.commit(lease, said, "Noted.", records=(mood(5), mood(11, words("canary"))))
    assert "canary" not in str(caught.value)
    assert stores.counts("outbox", "mood_entries") == [0, 0]
    await stores.commit(lease, said, "Once more.")


async def test_the_label_of_a_pressed_button_is_the_persons_message(
    stores: Stores, person: Person
) -> None:
    pressed = entry(None, kind="pressed", press="mood:1a2b:7")
    lease = await stores.held(person, pressed)
    await stores.commit(lease, pressed, "Noted.", heard=ScreenedText.authored("7"))
    again = await stores.held(person, entry("more"))
    facts = await stores.conversations.facts(again, frozenset({Need.MESSAGES}))
    assert [(fact.role, fact.text) for fact in facts.messages] == [
        ("user", "more"),
        ("assistant", "Noted."),
        ("user", "7"),
    ]


async def test_before_a_turn_screening_sees_consent_locale_and_earlier_words(
    stores: Stores, person: Person
) -> None:
    first = await stores.conversations.glance(person)
    assert (first.consented, first.earlier, first.locale) == (False, (), "en")
    for number in range(6):
        said = entry(words(f"<PERSON_1> {number}", PERSON_1="Zelda"))
        lease = await stores.held(person, said)
        records = (consent(), ProfileChanged(locale="fr")) if number == 0 else ()
        await stores.commit(lease, said, "yes", records=records)
    later = await stores.conversations.glance(person)
    assert later.consented
    assert later.earlier == tuple(f"<PERSON_1> {number}" for number in range(2, 6))
    assert later.locale == "fr"


async def test_a_consent_withdrawn_is_no_consent(stores: Stores, person: Person) -> None:
    yes = (consent(), consent(Purpose.AI_CHAT))
    await stores.turn(person, records=yes)
    lease = await stores.held(person, said := entry())
    loaded = await stores.conversations.load(lease)
    assert loaded.person.consents == {Purpose.SERVICE, Purpose.AI_CHAT}
    await stores.commit(lease, said, records=(consent(granted=False),))
    assert not (await stores.conversations.glance(person)).consented
    lease = await stores.held(person, entry())
    assert (await stores.conversations.load(lease)).person.consents == {Purpose.AI_CHAT}
    assert stores.stored(
        "SELECT granted, granted_at, version, consent_text FROM app.consents"
        " WHERE consent_type = 'service' ORDER BY created_at"
    ) == [(True, NOW, 2, "May I?"), (False, None, 2, "May I?")]


async def test_settings_change_one_by_one(stores: Stores, person: Person) -> None:
    await stores.turn(person, records=(ProfileChanged(region="AT"),))
    changes = (ProfileChanged(timezone="Europe/Vienna"), ProfileChanged())
    await stores.turn(person, records=changes)
    loaded = await stores.conversations.load(await stores.held(person, entry()))
    met = loaded.person
    assert (met.locale, met.region, met.timezone) == ("en", "AT", "Europe/Vienna")


async def test_facts_are_newest_first_in_the_owners_own_words(
    stores: Stores, person: Person
) -> None:
    notes = (words("with <PERSON_1>", PERSON_1="Zelda"), None)
    moods = tuple(mood(n, note, minutes=n) for n, note in zip((3, 8), notes, strict=True))
    text = journal(words("<PERSON_1> called", PERSON_1="Zelda"))
    await stores.turn(person, records=(*moods, text))
    lease = await stores.held(person, entry())
    facts = await stores.conversations.facts(lease, frozenset({Need.MOODS, Need.JOURNAL}))
    assert facts.moods == (
        MoodFact(score=8, note=None, at=NOW + timedelta(minutes=8)),
        MoodFact(score=3, note="with Zelda", at=NOW + timedelta(minutes=3)),
    )
    assert facts.journal == (JournalFact(text="Zelda called", at=NOW),)
    assert facts.scores == ()
    assert facts.messages == ()
    assert await stores.conversations.facts(lease, frozenset()) == NO_FACTS


async def test_facts_end_at_thirty_and_twenty(stores: Stores, person: Person) -> None:
    await stores.turn(person, records=tuple(mood(1 + n % 10, minutes=n) for n in range(35)))
    for _ in range(12):
        await stores.turn(person, "a", "b")
    lease = await stores.held(person, entry())
    facts = await stores.conversations.facts(lease, frozenset(Need))
    assert (len(facts.moods), len(facts.messages)) == (30, 20)
    assert facts.moods[0].at == NOW + timedelta(minutes=34)


async def test_an_attempt_is_stored_with_its_answers_and_scores(
    stores: Stores, person: Person, form: UUID
) -> None:
    records = attempt(form)
    begun = records[0]
    assert isinstance(begun, AttemptBegun)
    await stores.turn(person, records=records)
    facts = await stores.conversations.facts(
        await stores.held(person, entry()), frozenset({Need.SCORES})
    )
    [score] = facts.scores
    assert (score.attempt_id, score.form_id, score.score_type) == (begun.id, form, "total")
    assert (str(score.value), score.band, score.at) == ("12", "moderate", NOW)
    key = await stores.vault.user_key(person.id)
    [(responses, status, completed)] = stores.stored(
        "SELECT responses, status, completed_at FROM app.assessment_attempts"
    )
    assert (status, completed) == ("completed", NOW)
    assert key.open_json("assessment_attempts", "responses", begun.id, responses) == {
        "q1": {"value": 2, "at": NOW.isoformat(), "edits": 0},
        "q2": {"value": None, "at": NOW.isoformat(), "edits": 1},
    }


async def test_an_attempt_that_expired_has_no_score_and_changes_no_more(
    stores: Stores, person: Person, form: UUID
) -> None:
    begun, *_ = attempt(form)
    assert isinstance(begun, AttemptBegun)
    ended = AttemptClosed(id=begun.id, status="expired", scores=(), at=NOW)
    late = AttemptAnswered(id=begun.id, answers={"q1": Answer(value=3, at=NOW)})
    await stores.turn(person, records=(begun, ended, late))
    assert stores.stored("SELECT status, completed_at, responses FROM app.assessment_attempts") == [
        ("expired", None, None)
    ]


async def test_a_call_of_a_model_hangs_on_the_turns_message(stores: Stores, person: Person) -> None:
    run = ran()
    await stores.turn(person, records=(run, replace(run, id=uuid7(), response=None, tokens=None)))
    rows = stores.stored(
        "SELECT r.model_name, r.prompt_name, r.prompt_version, r.tokens_used, r.response_time,"
        " r.finish_reason, m.role FROM app.ai_runs r"
        " JOIN app.messages m ON m.id = r.message_id ORDER BY r.id"
    )
    assert rows[0] == ("m-1", "companion", "3", Decimal(42), Decimal("1.25"), "stop", "user")
    assert rows[1][3] is None


async def test_a_risk_that_an_answer_showed_is_flagged_in_the_turn_itself(
    stores: Stores, person: Person
) -> None:
    """The press was no text, and its label is not kept: the event gets a parent of its own."""
    pressed = entry(None, kind="pressed", press="phq9:1a2b:1")
    lease = await stores.held(person, pressed)
    risk = found(source=RiskSource.ASSESSMENT_ITEM)
    await stores.commit(lease, pressed, "I am here.", records=(risk,))
    assert stores.stored(
        "SELECT e.source, m.role FROM app.safety_events e JOIN app.messages m"
        " ON m.id = e.message_id"
    ) == [("assessment_item", "system")]
    assert stores.counts("crisis_flags", "escalations") == [1, 1]


async def test_a_lease_is_renewed_by_its_holder_alone(stores: Stores, person: Person) -> None:
    said = entry()
    lease = await stores.held(person, said)
    assert await stores.conversations.renew(lease)
    stores.pass_time("conversations")
    thief = await stores.conversations.acquire(person.id, person.conversation_id, uuid7())
    assert thief is not None
    assert not await stores.conversations.renew(lease)
    await stores.conversations.release(lease)
    assert await stores.conversations.renew(thief)
    await stores.commit(thief, said)
    assert not await stores.conversations.renew(thief)


async def test_a_conversation_let_go_is_free_at_once(stores: Stores, person: Person) -> None:
    lease = await stores.held(person, entry())
    taken = (person.id, person.conversation_id, uuid7())
    assert await stores.conversations.acquire(*taken) is None
    await stores.conversations.release(lease)
    assert not await stores.conversations.renew(lease)
    assert await stores.conversations.acquire(*taken) is not None


async def test_who_lost_the_lease_is_told_when_it_loads(stores: Stores, person: Person) -> None:
    lease = await stores.held(person, entry())
    await stores.take_in(person, entry(), preempt=True)
    with pytest.raises(FencedError):
        await stores.conversations.load(lease)


async def test_replies_that_come_after_unsent_ones_are_told_to_line_up(
    stores: Stores, person: Person
) -> None:
    first = await stores.turn(person, "one")
    assert not first.behind
    second = await stores.turn(person, "two")
    assert second.behind
    await stores.outbox.sent([(row, None) for row in (*first.rows, *second.rows)])
    third = await stores.turn(person, "three", outgoing("four", safety=True))
    assert not third.behind
    assert [row.seq for row in third.rows] == [3, 4]
