"""Names of people, in the way they stand in chat: introduced, after kin and titles, and alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from safety.pii import cues
from safety.pii.full_names import FullNames, is_known_name
from safety.pii.lexicon import word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage
from safety.pii.spans import Span
from safety.text import EntityType

_AFTER_A_PRESENTED_NAME: Final = frozenset(
    {"here", "btw", "again", "by", "from", "and", "speaking", "hi", "hey", "hello", "im", "i'm"}
)
_STATES: Final = frozenset({"is", "was", "has", "who"})
_SHORTEST_UNKNOWN: Final = 3
_IRISH: Final = re.compile(r"o'[^\W\d_]{4,}")
_SURE_TITLES: Final = frozenset({"mr", "mrs", "ms", "dr"})
_SMALLEST_WORDS: Final = frozenset({"a", "i", "n", "u", "r", "c", "x"})


class People:
    """`ordinary` says which words are not names."""

    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary
        self._full_names = FullNames(ordinary)

    def find(self, passage: Passage, kept: frozenset[int]) -> Iterator[Span]:
        """Names that do not stand on `kept` words, unless they are introduced as names."""
        at = 0
        while at < len(passage):
            after = self._name_at(passage, at, kept)
            if after is not None:
                yield passage.span(at, after, EntityType.PERSON)
            at = after or at + 1

    def _name_at(self, passage: Passage, at: int, kept: frozenset[int]) -> int | None:
        """The place after the name that starts here."""
        word = passage.words[at]
        if word.odd or len(word.low) == 1:
            return None
        if self._is_title(passage, at) and at not in kept:
            named = at + 1 not in kept and self._is_named_by_title(passage, at + 1)
            return self._full_names.after_surnames(passage, at + 2) if named else None
        if self._is_introduced(passage, at) or (at not in kept and self._is_name(passage, at)):
            return self._full_names.after_surnames(passage, at + 1)
        return None

    def _is_introduced(self, passage: Passage, at: int) -> bool:
        """As in "my name is rain": then even an ordinary word is a name."""
        word = passage.words[at]
        if not cues.INTRODUCED.precedes(passage, at):
            return False
        lists = ("function_words", "foreign_small_words", "ordinary_replies")
        return is_known_name(word.low) or not any(word.low in word_list(name) for name in lists)

    def _is_name(self, passage: Passage, at: int) -> bool:
        low = passage.low(at)
        if _IRISH.fullmatch(low) and low not in self._ordinary:
            return True
        if low in word_list("given_names"):
            return not self._is_home(passage, at)
        if low in word_list("ambiguous_names"):
            return self._is_meant_as_name(passage, at)
        small = low in word_list("function_words") or low in word_list("foreign_small_words")
        if small or len(low) < _SHORTEST_UNKNOWN:
            return False
        return self._full_names.starts_at(passage, at) or self._unknown_is_name(passage, at)

    def _is_meant_as_name(self, passage: Passage, at: int) -> bool:
        """A name that is a word too ("hope", "mark"): where someone speaks or is spoken to."""
        if cues.NAMED.precedes(passage, at) or cues.TOLD.precedes(passage, at):
            return True
        if cues.PRESENTED.precedes(passage, at):
            return self._ends_presentation(passage, at)
        if passage.low(at + 1) in word_list("speaking_verbs") and passage.joined(at):
            return passage.low(at - 1) not in word_list("pronouns")
        if self._follows_kin(passage, at):
            return self._is_kin_name(passage, at)
        if cues.ADDRESSED.precedes(passage, at) or self._follows_joined_name(passage, at):
            return self._may_end_a_name(passage, at)
        return False

    def _is_home(self, passage: Passage, at: int) -> bool:
        """As in "grew up in Kilkenny", not "living at Dave's"."""
        inside = passage.low(at - 1) in ("in", "from", "to", "near")
        return inside and cues.HOME.precedes(passage, at)

    def _is_kin_name(self, passage: Passage, at: int) -> bool:
        """As in "my daughter hope is 6", but not "my dad will come"."""
        if passage.low(at) in word_list("verbs_too") and not passage.stands_out(at):
            follower = passage.low(at + 1)
            return follower in _STATES or follower in word_list("speaking_verbs")
        return self._may_end_a_name(passage, at)

    def _may_end_a_name(self, passage: Passage, at: int) -> bool:
        """Not "my kids hope that": there a clause goes on."""
        return passage.stands_out(at) or passage.low(at + 1) not in word_list("not_after_names")

    def _unknown_is_name(self, passage: Passage, at: int) -> bool:
        """A word in no list: a name if it is no ordinary word and stands where names do."""
        word = passage.words[at]
        strange = word.low not in self._ordinary
        if not strange and not passage.stands_out(at):
            return False
        if cues.NAMED.precedes(passage, at):
            return True
        if self._follows_kin(passage, at):
            acts = passage.low(at + 1) in word_list("acting_verbs")
            return passage.stands_out(at) or acts
        if not strange or not word.capital or not passage.capitals_tell:
            return False
        if cues.PRESENTED.precedes(passage, at):
            return self._ends_presentation(passage, at)
        speaks = passage.low(at + 1) in word_list("speaking_verbs") and passage.joined(at)
        return speaks or cues.TOLD.precedes(passage, at) or cues.ADDRESSED.precedes(passage, at)

    def _follows_kin(self, passage: Passage, at: int) -> bool:
        if at == 0 or passage.gap(at - 1) not in (" ", ", ", " ("):
            return False
        return passage.low(at - 1) in word_list("kin")

    def _ends_presentation(self, passage: Passage, at: int) -> bool:
        """As in "im hope btw" and "I'm Okonkwo.", but not "im may be"."""
        if passage.gap(at).strip() or at + 1 == len(passage):
            return True
        return passage.low(at + 1) in _AFTER_A_PRESENTED_NAME

    def _follows_joined_name(self, passage: Passage, at: int) -> bool:
        """As in "chloe and hope", "w joy n will": the one before is a name."""
        if at < 2 or passage.low(at - 1) not in ("and", "n", "&"):
            return False
        other = passage.low(at - 2)
        if other in word_list("given_names"):
            return True
        return other in word_list("ambiguous_names") and cues.ADDRESSED.precedes(passage, at - 2)

    def _is_title(self, passage: Passage, at: int) -> bool:
        """As in "miss" is a title in "Miss Patel" and not in "i miss sarah"."""
        low = passage.low(at)
        if low not in word_list("titles") or not passage.joined(at):
            return False
        if low not in word_list("doubtful_titles"):
            return True
        if low == "miss" and passage.low(at - 1) in word_list("before_missing"):
            return False
        both = passage.words[at].capital and passage.words[at + 1].capital
        return (both and passage.capitals_tell) or passage.low(at + 1) in word_list("surnames")

    def _is_named_by_title(self, passage: Passage, at: int) -> bool:
        word = passage.words[at]
        if word.odd:
            return False
        if len(word.low) == 1:
            letter = word.capital or word.low not in _SMALLEST_WORDS
            return letter and passage.low(at - 1) in _SURE_TITLES
        if word.capital and passage.capitals_tell:
            return word.low not in word_list("function_words")
        if word.low in word_list("function_words"):
            return False
        known = is_known_name(word.low) or word.low in word_list("surnames")
        return known or word.low not in self._ordinary
