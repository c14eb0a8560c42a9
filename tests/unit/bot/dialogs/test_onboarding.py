"""The first conversation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.dialog import Service
from bot.dialogs.onboarding import Onboarding
from storage.records import ConsentRecorded, ProfileChanged, Purpose
from tests.unit.bot.dialogs.stage import (
    Stage,
    all_words,
    commands,
    keys,
    person,
    stranger,
    values,
)


def arrival(*, language_model: bool = False) -> Stage:
    service = Service(language_model=language_model)
    stage = Stage(Onboarding(), person=stranger(), service=service)
    stage.begin("/start")
    return stage


def consents(stage: Stage) -> list[tuple[Purpose, bool]]:
    return [
        (record.purpose, record.granted)
        for outcome in stage.outcomes
        for record in outcome.records
        if isinstance(record, ConsentRecorded)
    ]


def test_the_greeting_says_it_is_a_program_and_no_emergency_service() -> None:
    greeting = all_words(arrival().last)
    assert "computer program, not a human" in greeting
    assert "not an emergency service" in greeting
    assert "sealed" in greeting
    assert "/help_now" in commands(arrival().last)


def test_consent_is_asked_purpose_by_purpose_then_the_country() -> None:
    stage = arrival(language_model=True)
    assert "consent-service" in keys(stage.last)
    assert "consent-ai-chat" in keys(stage.press("yes"))
    assert "consent-check-ins" in keys(stage.press("no"))
    assert "start-region" in keys(stage.press("yes"))
    end = stage.press("IE")
    assert end.records == (ProfileChanged(region="IE"),)
    assert end.state is None
    assert consents(stage) == [
        (Purpose.SERVICE, True),
        (Purpose.AI_CHAT, False),
        (Purpose.CHECK_INS, True),
    ]


def test_without_a_language_model_nobody_is_asked_about_one() -> None:
    stage = arrival()
    assert "consent-check-ins" in keys(stage.press("yes"))


def test_a_consent_names_the_words_that_were_shown_and_their_version() -> None:
    stage = arrival()
    (record,) = stage.press("yes").records
    assert isinstance(record, ConsentRecorded)
    assert (record.text, record.version) == ("consent-service@1", 1)


@pytest.mark.parametrize("said", ["yes", "Yes!", "I agree", "ok", "sí", "Si", "de acuerdo"])
def test_a_yes_can_be_typed(said: str) -> None:
    stage = arrival()
    stage.say(said)
    assert consents(stage) == [(Purpose.SERVICE, True)]


@pytest.mark.parametrize("said", ["yes but why", "not sure", "hello", "no idea", "yesterday", ""])
def test_nothing_but_a_clear_yes_is_a_consent(said: str) -> None:
    stage = arrival()
    assert "consent-service" in keys(stage.say(said))
    assert consents(stage) == []


def test_a_no_stores_nothing_shows_helplines_and_leaves_the_door_open() -> None:
    stage = arrival()
    outcome = stage.press("no")
    assert outcome.records == ()
    assert "card-emergency" in keys(outcome)
    assert "/start" in all_words(outcome)


def test_after_a_no_it_does_not_greet_again_but_can_be_asked_to() -> None:
    stage = arrival()
    stage.press("no")
    assert keys(stage.say("my secret")) == ["start-still-declined"]
    assert "consent-service" in keys(stage.press("yes"))
    stage.press("yes")
    assert consents(stage) == [(Purpose.SERVICE, True)]


@given(st.text(max_size=200))
def test_nothing_that_is_said_before_consent_is_remembered(said: str) -> None:
    marked = f"quince{said}"
    stage = arrival()
    for _ in range(2):
        outcome = stage.say(marked)
        assert outcome.records == ()
        assert "quince" not in str(outcome.state)
    stage.press("no")
    assert "quince" not in str(stage.say(marked).state)


def test_who_asks_is_told_more_and_asked_again() -> None:
    outcome = arrival().press("more")
    assert keys(outcome) == ["consent-service-more", "consent-service"]


def test_the_language_can_be_changed_before_anything_is_agreed_to() -> None:
    stage = arrival()
    outcome = stage.press("es")
    assert outcome.records == (ProfileChanged(locale="es"),)
    assert "consent-service" in keys(outcome)
    assert "en" in values(outcome)


def test_the_country_may_be_typed_or_skipped_and_never_holds_anyone_fast() -> None:
    stage = arrival()
    stage.press("yes")
    stage.press("no")
    assert "region-unknown" in keys(stage.say("somewhere over the rainbow"))
    assert stage.say("I live in New Zealand").records == (ProfileChanged(region="NZ"),)

    stage = arrival()
    stage.press("yes")
    stage.press("no")
    assert "start-region-skipped" in keys(stage.press("skip"))

    stage = arrival()
    stage.press("yes")
    stage.press("no")
    for _ in range(3):
        stage.say("nowhere")
    assert "start-region-skipped" in keys(stage.last)
    assert stage.state is None


def test_start_greets_someone_who_is_already_here_without_asking_anything() -> None:
    stage = Stage(Onboarding(), person=person())
    outcome = stage.begin("/start")
    assert keys(outcome) == ["start-welcome-back"]
    assert outcome.records == ()
    assert outcome.state is None


@pytest.mark.parametrize("answers", [[], ["yes"], ["yes", "no"], ["no"]])
def test_again_asks_the_open_question_and_records_nothing(answers: list[str]) -> None:
    stage = arrival()
    for value in answers:
        stage.press(value)
    step = (stage.state or {}).get("step")
    outcome = stage.again()
    assert outcome.records == ()
    assert outcome.state is not None
    assert outcome.state["step"] == ("service" if step == "declined" else step)
