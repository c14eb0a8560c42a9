"""Towns and regions. A country says little of who a person is; the language model's are masked only
where a sentence names them in passing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from safety.pii import cues
from safety.pii.lexicon import first_words, word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage
from safety.pii.spans import Span
from safety.text import EntityType

_LONGEST: Final = 4
_SHORTEST_UNKNOWN: Final = 4


@cache
def _first_words() -> frozenset[str]:
    return first_words("towns") | first_words("word_towns")


class Places:
    """`ordinary` says which words are not names."""

    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def find(self, passage: Passage, kept: frozenset[int]) -> Iterator[Span]:
        at = 0
        while at < len(passage):
            known = at in kept or passage.words[at].odd
            after = None if known else self._place_at(passage, at)
            if after is not None:
                yield passage.span(at, after, EntityType.LOCATION)
            at = after or at + 1

    def _place_at(self, passage: Passage, at: int) -> int | None:
        """The place after the town that starts here."""
        home = cues.HOME.precedes(passage, at)
        if passage.low(at).partition("-")[0].strip("'") in _first_words():
            for after, phrase in passage.phrases(at, _LONGEST):
                if phrase in word_list("towns") and (home or self._stands_as_place(passage, at)):
                    return after
                if home and phrase in word_list("word_towns"):
                    return after
        return at + 1 if home and self._is_unknown_place(passage, at) else None

    def _stands_as_place(self, passage: Passage, at: int) -> bool:
        if passage.low(at - 1) in word_list("place_prepositions"):
            return True
        return passage.stands_out(at) and passage.low(at) not in word_list("surnames")

    def _is_unknown_place(self, passage: Passage, at: int) -> bool:
        """As in "grew up in ballymena": nothing else is lived in that no list of words knows."""
        word = passage.words[at]
        if any(
            word.low in word_list(name)
            for name in ("function_words", "foreign_small_words", "countries", "kin")
        ):
            return False
        if passage.stands_out(at):
            return True
        return len(word.low) >= _SHORTEST_UNKNOWN and word.low not in self._ordinary
