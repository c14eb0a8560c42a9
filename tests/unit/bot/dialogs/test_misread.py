"""After `You misread me`: one question, asked once, to which only a yes is a yes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.dialogs.crisis import Crisis
from bot.dialogs.dialog import Outcome, Service
from bot.ids import new_id
from safety.text import Domain, Risk, Severity
from storage.records import ConsentRecorded, MisreadReported, Purpose
from tests.unit.bot.dialogs.stage import (
    Stage,
    all_words,
    commands,
    keys,
    person,
    risk,
    stranger,
    values,
)

HIGH = risk(Severity.HIGH)
MEDIUM = risk(Severity.MEDIUM)
CRITICAL = risk(Severity.CRITICAL)


def flagged(found: Risk = HIGH) -> Stage:
    """Somebody whose stored message was taken for a danger."""
    stage = Stage(Crisis(), service=Service(counselors=True), message_id=new_id())
    stage.begin("/crisis", "words at risk", found)
    return stage


def misread(found: Risk = HIGH) -> Stage:
    """And who says so, with a message of their own."""
    stage = flagged(found)
    about = stage.message_id
    stage.message_id = new_id()
    outcome = stage.press("misread")
    assert outcome.records == (MisreadReported(about=about, teaches=False),) if about else False
    stage.state = json.loads(json.dumps(outcome.state))
    return stage


def asks(outcome: Outcome) -> bool:
    return "consent-teaching" in keys(outcome)


@pytest.mark.parametrize("found", [HIGH, MEDIUM])
def test_it_says_sorry_then_asks_in_the_same_breath_and_offers_to_go_on(found: Risk) -> None:
    outcome = misread(found).last
    assert keys(outcome)[0] == "crisis-misread"
    assert keys(outcome)[-1] == "consent-teaching"
    assert values(outcome) == ["yes", "no"]
    assert {"/resume", "/help_now"} <= set(commands(outcome))
    assert all(reply.safety for reply in outcome.replies)


def test_the_question_says_who_reads_what_and_that_a_yes_can_be_taken_back() -> None:
    said = all_words(misread().last)
    for told in ("people who run this service", "the few before it", "/privacy"):
        assert told in said


@pytest.mark.parametrize("yes", ["press", "Yes!", "sure", "sí, por favor"])
def test_a_yes_is_a_consent_and_makes_the_message_teach(yes: str) -> None:
    stage = misread()
    about = stage.outcomes[-1].records[0]
    assert isinstance(about, MisreadReported)
    outcome = stage.press("yes") if yes == "press" else stage.say(yes)
    consent, report = outcome.records
    assert isinstance(consent, ConsentRecorded)
    assert (consent.purpose, consent.granted) == (Purpose.TEACHING, True)
    assert consent.text == "consent-teaching@1"
    assert report == replace(about, teaches=True)
    assert (keys(outcome), outcome.state) == (["crisis-teach-yes"], None)


@pytest.mark.parametrize("other", ["press", "no", "ok", "vale", "my boss", "you misread me", "…"])
def test_anything_else_is_a_no_and_the_talk_goes_on(other: str) -> None:
    stage = misread()
    outcome = stage.press("no") if other == "press" else stage.say(other)
    assert (outcome.records, outcome.state, outcome.crisis) == ((), None, None)
    assert "/resume" in commands(outcome)
    assert not asks(outcome)


def test_after_an_interruption_it_is_not_asked_again() -> None:
    stage = misread()
    outcome = stage.again()
    assert (keys(outcome), outcome.records, outcome.state) == (["crisis-teach-left"], (), None)


def test_nothing_is_asked_where_something_critical_stood_in_the_thread() -> None:
    stage = flagged()
    stage.message_id = new_id()
    stage.say("worse", risk=CRITICAL)
    critical = stage.message_id
    outcome = stage.say("you misread me")
    assert not asks(outcome)
    assert outcome.records == (MisreadReported(about=critical, teaches=False),)


def test_nor_when_the_thread_was_set_aside_since() -> None:
    stage = flagged(CRITICAL)
    stage.message_id = new_id()
    stage.begin("/crisis", "something else", HIGH)  # as the engine does with an open thread
    turn_aside = stage.press("misread")
    assert not asks(turn_aside)


@pytest.mark.parametrize("found", [HIGH, MEDIUM])
def test_who_says_yes_to_the_direct_question_was_not_misread(found: Risk) -> None:
    stage = flagged(found)
    stage.message_id = new_id()
    shown = stage.press("danger").crisis
    assert shown is not None
    stage.message_id = None  # as the engine has it for a risk that an answer showed
    stage.say("yes", risk=shown)
    outcome = stage.say("you misread me")
    assert not asks(outcome)
    assert outcome.records == ()


def test_an_answer_or_a_command_that_opened_the_thread_is_no_message_to_learn_from() -> None:
    for found, message_id in ((HIGH, None), (risk(Severity.NONE, Domain.NONE), new_id())):
        stage = Stage(Crisis(), message_id=message_id)
        stage.begin("/help_now", None, found)
        outcome = stage.press("misread")
        assert (asks(outcome), outcome.records, outcome.state) == (False, (), None)


def test_nobody_is_asked_to_teach_who_has_not_agreed_to_be_kept_at_all() -> None:
    stage = Stage(Crisis(), person=stranger(), message_id=new_id())
    stage.begin("/crisis", "words at risk", HIGH)
    outcome = stage.press("misread")
    assert not asks(outcome)
    assert len(outcome.records) == 1


def test_it_is_the_newest_message_of_the_thread_that_was_misread() -> None:
    stage = flagged()
    newest = stage.message_id = new_id()
    stage.say("other words at risk", risk=HIGH)
    stage.message_id = new_id()
    assert stage.press("misread").records == (MisreadReported(about=newest, teaches=False),)


def test_a_new_message_is_asked_about_although_an_earlier_one_may_teach() -> None:
    stage = misread()
    stage.press("yes")
    assert Purpose.TEACHING in stage.person.consents
    stage.message_id = new_id()
    stage.begin("/crisis", "words at risk", HIGH)
    assert asks(stage.press("misread"))


# A risk that shows while the question is open goes first.


@pytest.mark.parametrize(
    ("found", "leads_to"),
    [(MEDIUM, "crisis-suicide-gentle"), (HIGH, "crisis-suicide-ask"), (CRITICAL, "crisis-means")],
)
def test_a_risk_is_answered_before_any_question_about_teaching(found: Risk, leads_to: str) -> None:
    stage = misread()
    outcome = stage.say("and yet", risk=found)
    assert keys(outcome)[-1] == leads_to
    assert outcome.records == ()


@pytest.mark.parametrize("found", [HIGH, MEDIUM])
def test_who_asks_for_help_by_its_command_gets_the_card_whatever_is_open(found: Risk) -> None:
    asked, gentle = misread(found), flagged(found)
    for stage in (asked, gentle):
        outcome = stage.resumed_by("/help_now")
        assert "112" in all_words(stage.outcomes[0]) + all_words(outcome)
        assert keys(outcome)[-1] == "crisis-suicide-ask"
    outcome = asked.press("misread")
    assert not asks(outcome), "once a message"


def test_the_people_of_another_country_are_asked_in_their_words() -> None:
    stage = Stage(Crisis(), person=person(locale="es"), message_id=new_id())
    stage.begin("/crisis", "palabras", HIGH)
    assert "las personas que llevan este servicio" in all_words(stage.press("misread"), "es")
