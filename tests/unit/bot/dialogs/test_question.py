"""How typed answers are understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.dialog import Turn
from bot.dialogs.question import NO, YES, answer, ask, plain, say, variant, yes_no
from bot.ids import new_id
from safety.text import ScreenedText
from tests.unit.bot.dialogs.stage import NOON, person


def turn(said: str | None = None, pressed: str | None = None) -> Turn:
    text = None if said is None else ScreenedText.stored(said)
    return Turn(id=new_id(), now=NOON, person=person(), said=text, pressed=pressed)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Yes.", YES), ("SÍ", YES), ("y", YES), ("No!", NO), ("No, gracias", NO), ("perhaps", None)],
)
def test_yes_and_no_are_understood_in_both_languages(said: str, meant: str | None) -> None:
    assert answer(turn(said)) == meant


def test_a_press_counts_before_words() -> None:
    assert answer(turn("no", pressed="yes")) == YES


def test_curly_apostrophes_and_accents_make_no_difference() -> None:
    assert plain("I’m  Ángel!") == plain("i'm angel") == "im angel"


def test_help_now_is_on_every_keyboard() -> None:
    for reply in (ask(say("menu"), choices=()), yes_no(say("menu"))):
        assert reply.choices[-1].command == "/help_now"


@given(st.integers(2, 9), st.integers(1, 9))
def test_a_wording_is_never_the_last_one_again(how_many: int, last: int) -> None:
    chosen = variant(turn(), how_many, last)
    assert 1 <= chosen <= how_many
    assert chosen != last
