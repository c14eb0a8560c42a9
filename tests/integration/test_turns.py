"""Whole turns on a real database: what a person does, what they see, what is stored."""

import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from bot.conductor import Conductor
from bot.dialogs import all_dialogs
from bot.dialogs.dialog import Outcome, Reply, Service, Turn
from bot.instruments.instrument import load_instruments
from bot.updates import OtherKind, Said
from prompts.catalog import Say
from safety.text import Domain, Risk, Severity
from storage.engine import Database
from storage.facts import Need
from storage.records import MoodRecorded
from tests.engine import (
    CRISIS_WORDS,
    UNSCREENABLE,
    WORRYING_WORDS,
    Someone,
    worker,
)


@pytest.fixture
async def someone(database: Database, admin_url: str, tmp_path: Path) -> AsyncIterator[Someone]:
    """A person who has not said anything yet."""
    async with worker(database, admin_url, tmp_path) as (app, platform):
        yield Someone(app, platform)


@pytest.fixture
async def friend(someone: Someone) -> Someone:
    """A person who agreed to everything."""
    await someone.agrees()
    return someone


@pytest.fixture
def count(admin_url: str):
    def counted(table: str, where: str = "true") -> int:
        with psycopg.connect(admin_url) as connection:
            row = connection.execute(f"SELECT count(*) FROM app.{table} WHERE {where}").fetchone()
            assert row is not None
            return int(row[0])

    return counted


def words(messages) -> str:
    return "\n".join(message.text for message in messages)


async def test_a_newcomer_is_greeted_and_asked_before_anything_is_kept(someone: Someone, count):
    replies = await someone.says("hello, I am Maria")
    assert "computer program" in words(replies)
    assert count("messages", "role = 'user'") == 0


async def test_yes_to_the_service_is_recorded_word_for_word(friend: Someone, count):
    assert count("consents", "consent_type = 'service' AND granted AND consent_text <> ''") == 1


async def test_a_mood_is_stored_and_answered(friend: Someone, count):
    replies = await friend.says("/mood 7 slept well")
    assert replies
    assert count("mood_entries", "mood_score = 7") == 1


async def test_a_second_delivery_of_an_update_changes_nothing(friend: Someone, count):
    update = friend.update(Said("/mood 7 slept well"), key="test:again")
    assert await friend.does(update)
    assert await friend.does(update) == []
    assert count("mood_entries") == 1


async def test_crisis_words_bring_the_card_a_flag_and_an_alert(friend: Someone, count):
    replies = await friend.says(CRISIS_WORDS)
    assert "988" in words(replies)
    assert all(message.safety for message in replies)
    assert (count("safety_events"), count("crisis_flags"), count("escalations")) == (1, 1, 1)
    [alert] = friend.platform.alerts
    assert "suicide" in alert.text
    assert "tonight" not in alert.text


async def test_crisis_words_before_consent_are_kept_masked_and_answered(someone: Someone, count):
    replies = await someone.says(CRISIS_WORDS)
    assert "988" in words(replies)
    assert count("messages", "role = 'user'") == 1
    assert count("crisis_flags") == 1


async def test_worrying_words_bring_one_question_and_no_alarm(friend: Someone, count):
    replies = await friend.says(WORRYING_WORDS)
    assert "?" in words(replies)
    assert (count("safety_events"), count("crisis_flags")) == (1, 0)
    assert friend.platform.alerts == []


async def test_a_mood_logged_in_despair_is_a_mood_logged(friend: Someone, count):
    replies = await friend.says(f"/mood 1 {CRISIS_WORDS}")
    assert "988" in words(replies)
    assert count("mood_entries", "mood_score = 1") == 1


async def test_item_nine_acts_at_that_answer_and_the_questionnaire_resumes(friend: Someone, count):
    await friend.says("/phq9")
    for _ in range(8):
        await friend.presses("Not at all")
    replies = await friend.presses("Several days")
    assert "988" in words(replies)
    assert count("crisis_flags") == 1
    assert len(friend.platform.alerts) == 1
    assert count("safety_events", "source = 'assessment_item'") == 1
    assert "how difficult have these problems made it" in words(await friend.says("/resume"))
    assert "PHQ-9: 1 of 27" in words(await friend.presses("Not difficult at all"))
    assert count("assessment_scores", "score_type = 'total' AND score_value = 1") == 1


async def test_after_a_crisis_a_questionnaire_waits_until_it_is_asked_for(friend: Someone):
    await friend.says("/phq9")
    await friend.says(CRISIS_WORDS)
    replies = await friend.says("show me")
    assert "Little interest" not in words(replies)
    ended = await friend.says("you misread me")
    assert "Little interest" not in words(ended)
    assert "Little interest" not in words(await friend.says("thank you for asking"))
    assert "Little interest" in words(await friend.says("/resume"))


async def test_help_now_sets_a_questionnaire_aside_too(friend: Someone):
    await friend.says("/phq9")
    assert "988" in words(await friend.presses("Help now"))
    assert "Little interest" not in words(await friend.presses("Yes, for now"))
    assert "Little interest" in words(await friend.says("/resume"))


async def test_an_interrupted_questionnaire_shows_its_question_again(friend: Someone):
    await friend.says("/phq9")
    await friend.presses("Not at all")
    replies = await friend.says("/mood 6 fine")
    assert "Feeling down, depressed, or hopeless" in words(replies)


async def test_a_stale_button_is_never_counted(friend: Someone):
    first = (await friend.says("/phq9"))[-1]
    await friend.presses("Not at all")
    old = next(button for button in first.buttons if button.label == "Nearly every day")
    friend.platform.shown.append(first)
    replies = await friend.presses(old.label)
    assert "did not count" in words(replies)


async def test_text_that_cannot_be_screened_is_not_stored_anywhere(friend: Someone, count):
    before = count("messages", "role = 'user'")
    replies = await friend.says(f"{UNSCREENABLE} Maria")
    assert "988" in words(replies)
    assert count("messages", "role = 'user'") == before
    assert count("safety_events", "source = 'screening_failed'") == 1


@pytest.mark.parametrize("kind", list(OtherKind))
async def test_what_is_not_text_gets_a_kind_answer(friend: Someone, kind: OtherKind):
    assert await friend.sends(kind)


async def test_a_newcomer_whose_platform_says_no_language_is_met_in_the_deployments(
    database: Database, admin_url: str, tmp_path: Path
):
    async with worker(database, admin_url, tmp_path, evenkeel_locale="es") as (app, platform):
        replies = await Someone(app, platform, locale=None).says("hola")
    assert "programa" in words(replies)


async def test_without_retention_no_original_is_stored_not_even_in_a_draft(
    database: Database, admin_url: str, tmp_path: Path
):
    async with worker(database, admin_url, tmp_path, evenkeel_pii_retention="never") as (
        app,
        place,
    ):
        friend = Someone(app, place)
        await friend.agrees()
        await friend.says("/mood 5 with Maria")
        await friend.says("/journal")
        await friend.says("Maria called")
        person = await app.turns.people.of(friend.update(Said("x")).identity)
        conversations = app.turns.conversations
        lease = await conversations.acquire(person.id, person.conversation_id, app.turns.worker)
        assert lease is not None
        state = json.dumps(dict((await conversations.load(lease)).state))
        facts = await conversations.facts(lease, frozenset({Need.MOODS}))
    assert "<PERSON_1> called" in state
    assert "Maria" not in state
    assert facts.moods[0].note == "with <PERSON_1>"


async def test_what_a_dialog_offers_at_its_end_can_be_typed(friend: Someone, count):
    await friend.says("/mood 6")
    await friend.says("write in my journal")
    await friend.says("a plain day")
    await friend.says("done")
    assert count("journal_entries") == 1


async def test_who_changes_the_language_is_answered_in_it_at_once(friend: Someone):
    replies = await friend.says("/language es")
    assert "español" in words(replies).lower()
    assert "How" not in words(replies)
    assert "programa" in words(await friend.says("/help"))


class Broken:
    """A dialog with a defect: its error quotes the person."""

    name, commands, needs = "mood", ("/mood",), frozenset()

    def begin(self, turn: Turn) -> Outcome:
        raise ValueError(turn.said.masked if turn.said else "")

    resume = again = begin


class Wordless(Broken):
    """Says what is in no catalogue."""

    def begin(self, turn: Turn) -> Outcome:
        return Outcome(replies=(Reply(lines=(Say("no-such-words"),)),))


class Impossible(Broken):
    """Wants to store what the database refuses, beside a risk that it found."""

    def begin(self, turn: Turn) -> Outcome:
        mood = MoodRecorded(id=turn.id, score=99, note=None, at=turn.now)
        risk = Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=1.0)
        return Outcome(records=(mood,), crisis=risk)


def with_dialog(friend: Someone, dialog: Broken) -> Someone:
    dialogs = {**all_dialogs(load_instruments()), dialog.name: dialog}
    turns = dataclasses.replace(friend.app.turns, conductor=Conductor(dialogs, Service()))
    return dataclasses.replace(friend, app=dataclasses.replace(friend.app, turns=turns))


@pytest.mark.parametrize("dialog", [Broken(), Wordless()])
async def test_a_defect_in_a_dialog_is_told_to_the_person_and_to_nobody_what_they_wrote(
    friend: Someone, count, caplog, dialog: Broken
):
    replies = await with_dialog(friend, dialog).says("/mood 7 slept well")
    assert "Something went wrong on my side" in words(replies)
    assert count("inbox", "done_at IS NULL") == 0
    assert "A turn failed" in caplog.text
    assert "slept well" not in caplog.text


async def test_a_defect_does_not_keep_the_helplines_from_somebody_at_risk(friend: Someone):
    broken = Broken()
    broken.name, broken.commands = "crisis", ()
    replies = await with_dialog(friend, broken).says(CRISIS_WORDS)
    assert "988" in words(replies)


async def test_what_the_database_refuses_is_not_tried_for_ever_and_its_risk_is_kept(
    friend: Someone, count
):
    replies = await with_dialog(friend, Impossible()).says("/mood 7")
    assert "Something went wrong on my side" in words(replies)
    assert "988" in words(replies)
    assert (count("mood_entries"), count("crisis_flags")) == (0, 1)
    assert count("inbox", "done_at IS NULL") == 0
    assert len(friend.platform.alerts) == 1


async def test_two_messages_at_once_are_both_answered_in_order(friend: Someone, count):
    import asyncio

    updates = [friend.update(Said(f"/mood {number}")) for number in (3, 4, 5)]
    tasks = [await friend.app.turns.receive(update) for update in updates]
    await asyncio.gather(*tasks)
    await friend.app.tasks.finish(10)
    assert count("mood_entries") == 3
    assert count("inbox", "done_at IS NULL") == 0
