"""Any text at all: the screener answers, and in bounded work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.crisis.screener import CrisisScreener
from safety.text import NO_RISK, Context, Risk, Severity

Assess = Callable[..., Risk]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\ud800", "🌸", "...", "'", '"', "*"])
def test_a_text_without_words_is_no_risk(assess: Assess, text: str) -> None:
    assert assess(text) == NO_RISK


@pytest.mark.parametrize(
    "text", ["i want\x00 to die", "i want to \ud83d die", "\u202ei want to die"]
)
def test_broken_characters_hide_nothing(assess: Assess, text: str) -> None:
    assert assess(text).severity is Severity.HIGH


@pytest.mark.parametrize("text", ["хочу спать", "今日は疲れた", "أنا متعب اليوم", "오늘 힘들어"])
def test_a_language_without_rules_is_offered_resources(assess: Assess, text: str) -> None:
    risk = assess(text)
    assert risk.severity is Severity.LOW
    assert "offer resources" in risk.reasons[0]


@pytest.mark.parametrize("filler", ["nothing much happened today and it was fine. ", "word "])
def test_a_risk_is_found_anywhere_in_a_long_text(assess: Assess, filler: str) -> None:
    for before, after in ((0, 400), (200, 200), (400, 0)):
        text = filler * before + "i want to kill myself. " + filler * after
        assert assess(text).severity is Severity.HIGH


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "!",
        '"',
        "我",
        "💀",
        "k.i.l.l.",
        "k1ll ",
        "su*cide ",
        "i want to die ",
        "so not never but ",
        "took all my pills and ",
        "he hits me. ",
        "voices tell me to ",
        "7th grade ",
        "want to want to ",
    ],
)
def test_a_hundred_thousand_characters_of_anything_come_to_an_end(
    assess: Assess, unit: str
) -> None:
    assess(unit * (100_000 // len(unit)))


@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    risk = _SHARED.assess(text, Context(earlier=(text, text)))
    assert 0 <= risk.score <= 1


_SHARED = CrisisScreener.load()
