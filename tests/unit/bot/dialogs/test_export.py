"""Asking for everything that is kept."""

from __future__ import annotations

import pytest

from bot.adapters.telegram_sending import LONGEST_CAPTION
from bot.dialogs.dialog import Document
from bot.dialogs.export import MINUTES_BETWEEN, Export
from tests.unit.bot.dialogs.stage import LANGUAGES, Stage, all_words, keys, stranger, values


@pytest.mark.parametrize("known", [True, False])
def test_it_says_what_comes_and_that_it_is_in_the_clear_and_asks_first(known: bool) -> None:
    stage = Stage(Export()) if known else Stage(Export(), person=stranger())
    outcome = stage.begin("/export")
    told = all_words(outcome)
    assert "everything that is kept about you" in told
    assert "not locked" in told
    assert f"every {MINUTES_BETWEEN} minutes" in told
    assert {"yes", "no"} <= set(values(outcome))
    assert all(reply.document is None for reply in outcome.replies)


@pytest.mark.parametrize("say", ["yes", "sí"])
def test_a_yes_sends_the_file_and_ends_there(say: str) -> None:
    stage = Stage(Export())
    stage.begin("/export")
    outcome = stage.say(say)
    assert [reply.document for reply in outcome.replies] == [Document.EXPORT]
    assert outcome.state is None
    assert outcome.records == ()


def test_a_no_makes_nothing() -> None:
    stage = Stage(Export())
    stage.begin("/export")
    outcome = stage.press("no")
    assert keys(outcome) == ["export-not-now"]
    assert outcome.replies[0].document is None


def test_words_that_are_neither_are_asked_about_once_and_then_let_go() -> None:
    stage = Stage(Export())
    stage.begin("/export")
    assert keys(stage.say("hm")) == ["export-sure"]
    outcome = stage.say("well")
    assert keys(outcome) == ["export-unclear"]
    assert outcome.state is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_beside_the_file_fits_under_it_everywhere(language: str) -> None:
    stage = Stage(Export())
    stage.begin("/export")
    assert len(all_words(stage.say("yes"), language).encode("utf-16-le")) // 2 < LONGEST_CAPTION
