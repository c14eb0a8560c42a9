"""Consents can be seen and changed at any time."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogs.dialog import Service
from bot.dialogs.privacy import Privacy
from storage.records import ConsentRecorded, Purpose
from tests.unit.bot.dialogs.stage import Stage, all_words, commands, keys, person

EVERYTHING = frozenset(Purpose)


def settled(consents: frozenset[Purpose] = EVERYTHING) -> Stage:
    service = Service(language_model=True)
    return Stage(Privacy(), person=person(consents=consents), service=service)


def test_the_overview_shows_each_consent_with_its_switch() -> None:
    stage = settled(frozenset({Purpose.SERVICE}))
    outcome = stage.begin("/privacy")
    assert "Keeping what you write: yes" in all_words(outcome)
    assert "Language model in free talk: no" in all_words(outcome)
    assert "/privacy off service" in commands(outcome)
    assert "/privacy on ai_chat" in commands(outcome)
    assert outcome.state is None


def test_a_purpose_that_the_deployment_has_no_use_for_is_not_shown() -> None:
    stage = replace(settled(), service=Service(language_model=False))
    assert "privacy-consent-ai-chat" not in keys(stage.begin("/privacy"))


def test_withdrawing_is_as_easy_as_one_press() -> None:
    stage = settled()
    outcome = stage.begin("/privacy", "off ai_chat")
    (record,) = outcome.records
    assert isinstance(record, ConsentRecorded)
    assert (record.purpose, record.granted) == (Purpose.AI_CHAT, False)
    assert "Language model in free talk: no" in all_words(outcome)


def test_consent_is_given_only_under_its_own_words() -> None:
    stage = settled(frozenset({Purpose.SERVICE}))
    outcome = stage.begin("/privacy", "on check_ins")
    assert (keys(outcome), outcome.records) == (["consent-check-ins"], ())
    (record,) = stage.press("yes").records
    assert isinstance(record, ConsentRecorded)
    assert (record.purpose, record.granted) == (Purpose.CHECK_INS, True)
    assert record.text == "consent-check-ins@1"


def test_teaching_is_shown_for_as_long_as_its_yes_stands_and_goes_with_one_press() -> None:
    stage = settled()
    assert "Messages I misread may teach me: yes" in all_words(stage.begin("/privacy"))
    assert "/privacy off teaching" in commands(stage.last)
    outcome = stage.begin("/privacy", "off teaching")
    (record,) = outcome.records
    assert isinstance(record, ConsentRecorded)
    assert (record.purpose, record.granted) == (Purpose.TEACHING, False)
    assert keys(outcome)[0] == "privacy-teaching-ended"
    for shown in (outcome, stage.begin("/privacy")):
        assert "privacy-consent-teaching" not in keys(shown)


def test_teaching_is_agreed_to_about_a_message_and_never_in_advance() -> None:
    outcome = settled(frozenset({Purpose.SERVICE})).begin("/privacy", "on teaching")
    assert (outcome.records, outcome.state) == ((), None)
    assert "/privacy on teaching" not in commands(outcome)


def test_leaving_the_service_is_asked_about_once() -> None:
    stage = settled()
    assert stage.begin("/privacy", "off service").records == ()
    outcome = stage.press("yes")
    (record,) = outcome.records
    assert isinstance(record, ConsentRecorded)
    assert (record.purpose, record.granted) == (Purpose.SERVICE, False)
    assert "/start" in commands(outcome)


def test_a_no_or_another_subject_changes_nothing_and_ends_it() -> None:
    for said in ("no", "what about the weather"):
        stage = settled()
        stage.begin("/privacy", "off service")
        outcome = stage.say(said)
        assert (outcome.records, outcome.state) == ((), None)


def test_again_asks_the_same_question() -> None:
    stage = settled()
    stage.begin("/privacy", "off service")
    assert keys(stage.again()) == ["privacy-off-sure"]
    (record,) = stage.press("yes").records
    assert isinstance(record, ConsentRecorded)


def test_words_that_are_no_switch_show_the_overview() -> None:
    for said in ("off", "off everything", "maybe ai_chat", "off ai_chat please"):
        outcome = settled().begin("/privacy", said)
        assert (outcome.records, outcome.state) == ((), None)
