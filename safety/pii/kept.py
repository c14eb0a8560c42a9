"""What stays although it looks like a name: public figures and works, medicines, diagnoses, ways of
therapy, helplines, and the pets people tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from safety.pii.lexicon import word_list
from safety.pii.passage import Passage

_LISTS: Final = ("public_figures", "medicines", "therapy_words", "brands")
_LONGEST: Final = 5
_PET_BRIDGE: Final = frozenset(
    {"is", "was", "called", "named", "name", "s", "a", "my", "little", "old"}
)
_PET_BRIDGE_LENGTH: Final = 3


@cache
def _kept_phrases() -> frozenset[str]:
    phrases: set[str] = set()
    for name in _LISTS:
        phrases |= {
            " ".join(re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+", entry))
            for entry in word_list(name)
        }
    return frozenset(phrases)


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _kept_phrases() if phrase)


def kept_words(passage: Passage) -> frozenset[int]:
    """The places of words that stay."""
    places: set[int] = set()
    for at, word in enumerate(passage.words):
        if word.low in _first_words():
            for after, phrase in passage.phrases(at, _LONGEST):
                if phrase in _kept_phrases():
                    places.update(range(at, after))
                    break
    pets = frozenset(_pet_names(passage))
    return frozenset(places | {at for at, word in enumerate(passage.words) if word.low in pets})


def _pet_names(passage: Passage) -> Iterable[str]:
    """As in "my dog rex", "the cat is called Luna"."""
    for at, word in enumerate(passage.words):
        if word.low not in word_list("pets"):
            continue
        after = at + 1
        while (
            after < len(passage)
            and after - at <= _PET_BRIDGE_LENGTH
            and passage.low(after) in _PET_BRIDGE
        ):
            after += 1
        name = passage.low(after)
        if name and passage.gap(at).strip(" ,'s") == "" and name not in word_list("function_words"):
            yield name
