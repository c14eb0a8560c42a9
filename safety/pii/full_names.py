"""How far a name goes on: initials, surnames, "de la", "O'Connor"."""

from __future__ import annotations

import re
from typing import Final

from safety.pii.lexicon import word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage

_CLAN: Final = re.compile(r"(?:o'|mc|mac)[^\W\d_]{3,}")
_MOST_SURNAMES: Final = 3
_LONGEST_TOWN: Final = 3


def is_known_name(low: str) -> bool:
    """A given name of any kind."""
    return low in word_list("given_names") or low in word_list("ambiguous_names")


class FullNames:
    """Reads a full name from its first word on."""

    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def after_surnames(self, passage: Passage, after: int) -> int:
        """The place after the surnames, if there are any, of a name that ends at a place."""
        limit = after + _MOST_SURNAMES
        while after < min(len(passage), limit) and passage.joined(after - 1):
            if self.is_surname(passage, after):
                after += 1
            elif self._is_particle(passage, after):
                after += 2
            else:
                break
        return min(after, len(passage))

    def is_surname(self, passage: Passage, at: int) -> bool:
        word = passage.words[at]
        new_sentence = passage.gap(at - 1) == ". " and len(passage.words[at - 1].low) > 1
        if word.odd or new_sentence or word.low in word_list("parts_of_addresses"):
            return False
        if word.capital and passage.capitals_tell:
            return word.low != "i" and word.low not in word_list("function_words")
        if _CLAN.fullmatch(word.low) and word.low not in self._ordinary:
            return True
        return word.low in word_list("surnames")

    def starts_at(self, passage: Passage, at: int) -> bool:
        """Two capitals in a row that no ordinary word explains: "Wisława Szczepańska", or with an
        initial between: "Szabina J Gelencsér". Or one of two parts: "Jean-Pierre"."""
        if any(phrase in word_list("towns") for _, phrase in passage.phrases(at, _LONGEST_TOWN)):
            return False
        if not self._is_strange_capital(passage, at):
            return False
        if "-" in passage.low(at) and is_known_name(passage.low(at).split("-")[0]):
            return True
        if not passage.joined(at):
            return False
        second = passage.words[at + 1]
        if len(second.low) == 1 and second.capital and passage.joined(at + 1):
            third = passage.words[at + 2]
            return third.capital and third.low not in word_list("function_words")
        return self._is_strange_capital(passage, at + 1)

    def _is_strange_capital(self, passage: Passage, at: int) -> bool:
        word = passage.words[at]
        if not word.capital or not passage.capitals_tell or word.text.isupper():
            return False
        if any(
            word.low in word_list(other)
            for other in ("towns", "employers", "function_words", "foreign_small_words")
        ):
            return False
        known = word.low in word_list("surnames") or is_known_name(word.low)
        return known or word.low not in self._ordinary

    def _is_particle(self, passage: Passage, at: int) -> bool:
        if passage.low(at) not in word_list("particles") or not passage.joined(at):
            return False
        following = passage.words[at + 1]
        return following.capital and passage.capitals_tell and self.is_surname(passage, at + 1)
