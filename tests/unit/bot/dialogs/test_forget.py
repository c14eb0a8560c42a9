"""Being forgotten takes two clear yeses, offers a copy first, and can be left at any step."""

from __future__ import annotations

import pytest

from bot.dialogs.forget import Forget
from storage.records import ErasureAsked
from tests.unit.bot.dialogs.stage import Stage, all_words, commands, keys, person, stranger


def opened(**changes: object) -> Stage:
    stage = Stage(Forget(), person=person(**changes))
    stage.begin("/forget")
    return stage


def test_it_says_what_goes_and_what_stays_and_offers_a_copy_first() -> None:
    stage = opened()
    assert keys(stage.last)[:3] == ["forget-what", "forget-stays", "forget-copy-first"]
    assert "/export" in commands(stage.last)
    assert "/help_now" in commands(stage.last)


def test_two_yeses_ask_for_the_erasure_in_the_persons_language() -> None:
    stage = opened(locale="es", region="ES")
    assert stage.press("yes").records == ()
    assert "cannot be undone" in all_words(stage.last)
    outcome = stage.press("yes")
    assert outcome.records == (ErasureAsked(locale="es", region="ES"),)
    assert (keys(outcome), outcome.state) == (["forget-being-done"], None)


@pytest.mark.parametrize("words", ["yes", "Forget me!", "delete everything", "sí", "bórralo todo"])
def test_both_yeses_can_be_typed(words: str) -> None:
    stage = opened()
    stage.say(words)
    assert len(stage.say(words).records) == 1


@pytest.mark.parametrize("yeses", [0, 1])
@pytest.mark.parametrize("words", ["no", "keep it", "No, gracias"])
def test_a_no_at_either_step_changes_nothing_and_ends_it(yeses: int, words: str) -> None:
    stage = opened()
    for _ in range(yeses):
        stage.press("yes")
    outcome = stage.say(words)
    assert (outcome.records, outcome.state, keys(outcome)) == ((), None, ["forget-unchanged"])


@pytest.mark.parametrize("yeses", [0, 1])
def test_what_is_no_clear_yes_is_asked_about_once_and_then_let_go(yeses: int) -> None:
    stage = opened()
    for _ in range(yeses):
        stage.press("yes")
    assert stage.say("maybe").state is not None
    outcome = stage.say("what would happen then?")
    assert (outcome.records, outcome.state) == ((), None)


def test_an_unclear_answer_is_no_step_back() -> None:
    stage = opened()
    stage.press("yes")
    stage.say("hm")
    assert len(stage.press("yes").records) == 1


def test_after_an_interruption_the_same_step_is_shown_again() -> None:
    stage = opened()
    assert "forget-what" in keys(stage.again())
    stage.press("yes")
    assert keys(stage.again()) == ["forget-sure"]


def test_who_never_agreed_can_be_forgotten_as_well() -> None:
    stage = Stage(Forget(), person=stranger())
    stage.begin("/forget", "now please")
    stage.press("yes")
    assert len(stage.press("yes").records) == 1
