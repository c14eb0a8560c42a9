"""The notation of rules."""

from __future__ import annotations

import re

import pytest

from safety.crisis.lexicon import Lexicon
from safety.crisis.phrases import Notation, PhraseIndex
from safety.errors import SafetyConfigurationError

NAMES = {"means": ["pills", "a rope", "gun"]}
COMMON = frozenset({"i", "to", "my"})


def notation() -> Notation:
    return Notation(NAMES, lambda word: (word,), COMMON)


def matches(written: str, text: str) -> list[tuple[int, int]]:
    index = PhraseIndex([(notation().read(written), "it")])
    line = f" {text} "
    return [(match.start, match.end) for match in index.matches(line, text.split())]


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        ("want", "i want it", [(1, 2)]),
        ("want", "i wanted it", []),
        ("want|need it", "i need it", [(1, 3)]),
        ("(end it|stop)", "i stop and end it", [(1, 2), (3, 5)]),
        ("over*", "an overdose", [(1, 2)]),
        ("go now? home", "go home", [(0, 2)]),
        ("go (right now)? home", "go right now home", [(0, 4)]),
        ("take @means", "take a rope", [(0, 3)]),
        ("took <n> pills", "took 3 pills", [(0, 3)]),
        ("took <n10> pills", "took 3 pills", []),
        ("took <n10> pills", "took 30 pills", [(0, 3)]),
        ("want .. die", "want to just really die", [(0, 5)]),
        ("want .. die", "want to just really truly die", []),
        ("want ... die", "want to just really truly die", [(0, 6)]),
        ("want .. die", "want to not die", []),
        ("die $", "i may die", [(2, 3)]),
        ("die $", "i may die laughing", []),
    ],
)
def test_an_element_matches_what_it_stands_for(
    written: str, text: str, found: list[tuple[int, int]]
) -> None:
    assert matches(written, text) == found


def test_a_phrase_is_tried_only_on_texts_with_its_rarest_word() -> None:
    assert notation().read("i (want|need) to my rope").triggers == {"rope"}
    assert notation().read("to i (jump|fall)").triggers == {"jump", "fall"}
    assert notation().read("overd* i").triggers == {"ove*"}


@pytest.mark.parametrize("written", ["@unknown", "..", "<n>", "(a|b", "a)b", "ab*", "word?"])
def test_a_phrase_that_cannot_be_read_is_named(written: str) -> None:
    with pytest.raises(SafetyConfigurationError, match=re.escape(written)):
        notation().read(written)


def test_no_rule_can_repeat_without_bound(lexicon: Lexicon) -> None:
    """The only unbounded repetition is within one word, and words are matched once."""
    once = re.compile(r"\[\^ \]\+ |\[0-9\]\+ ")
    for index in (lexicon.rules, lexicon.guards, lexicon.idioms, lexicon.answers):
        for phrase in index.phrases:
            rest = once.sub("", phrase.pattern)
            assert not re.search(r"(?<!\\)[*+]|\{\d+,\}", rest), phrase.pattern
