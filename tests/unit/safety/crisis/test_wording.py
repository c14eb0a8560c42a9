"""What the model reads is the same however a message was typed."""

from __future__ import annotations

import pytest

from safety.crisis.lexicon import Lexicon
from safety.crisis.wording import Wording


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I’m fiiiine,  don't worry", "im fine, dont worry"),
        ("k1ll mys3lf", "kill myself"),
        ("thinking of s u i c i d e", "thinking of suicide"),
        ("ｋｉｌｌ\u200b me", "kill me"),
        ("took the 💊", "took the, pills"),
        ("Ça va? Nein, größer", "ca va? nein, grosser"),
        ("one\n\ntwo", "one two"),
        ("मैं जीना नहीं चाहता", "मैं जीना नहीं चाहता"),
    ],
)
def test_the_same_words_come_out(lexicon: Lexicon, typed: str, read: str) -> None:
    assert Wording(lexicon.grammar.spelling).of(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("feelling", "feeling"), ("aloonee", "alone"), ("soo tiiired", "so tired"), ("zzz", "z")],
)
def test_letters_typed_twice_are_undone_towards_known_words(
    lexicon: Lexicon, typed: str, read: str
) -> None:
    known = {"feeling", "alone", "so", "tired", "feel"}
    assert Wording(lexicon.grammar.spelling, known).of(typed) == read
