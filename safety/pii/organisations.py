"""Schools, employers, clinics: where a person can be found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from safety.pii import cues
from safety.pii.lexicon import word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage
from safety.pii.spans import Span
from safety.text import EntityType

_STUDIES: Final = frozenset({"school", "academy", "college", "university", "uni", "institute"})
_SAINTS: Final = frozenset({"st", "saint"})
_SHORT_FOR_SCHOOLS: Final = frozenset({"high", "primary", "elementary", "grammar", "infants"})
_WHERE: Final = frozenset({"at", "to", "from"})
_JOINS: Final = frozenset({"of", "and", "&"})
_LONGEST: Final = 4
_SHORTEST: Final = 4


class Organisations:
    """`ordinary` says which words are not names."""

    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def find(self, passage: Passage, kept: frozenset[int]) -> Iterator[Span]:
        for at, word in enumerate(passage.words):
            run = None if word.odd else self._organisation_at(passage, at, kept)
            if run is not None:
                yield passage.span(*run, EntityType.ORGANIZATION)

    def _organisation_at(
        self, passage: Passage, at: int, kept: frozenset[int]
    ) -> tuple[int, int] | None:
        """The words of the organisation whose kind, or whose first word, stands here."""
        low = passage.low(at)
        if low in word_list("organisation_kinds") or (
            low in _SHORT_FOR_SCHOOLS and self._ends_a_school(passage, at)
        ):
            return self._named_after(passage, at) or self._named_before(passage, at)
        after = self._employer(passage, at, kept)
        return (at, after) if after else None

    def _ends_a_school(self, passage: Passage, at: int) -> bool:
        """As in "at Whitmore High", "goes to meadowbank primary": no school is said of it."""
        if at < 2 or passage.low(at + 1) in word_list("organisation_kinds"):
            return False
        strange = passage.low(at - 1) not in self._ordinary
        after_place = passage.low(at - 2) in _WHERE
        return strange and (after_place or passage.stands_out(at))

    def _named_after(self, passage: Passage, at: int) -> tuple[int, int] | None:
        """As in "uni of salford", "University of the Arts"."""
        if passage.low(at) not in _STUDIES or passage.low(at + 1) != "of":
            return None
        first = at + 3 if passage.low(at + 2) == "the" else at + 2
        after = self._proper_run(passage, first)
        return (at, after) if after > first else None

    def _named_before(self, passage: Passage, at: int) -> tuple[int, int] | None:
        """As in "Parkside Academy", "st marys high school": with a word that only this one has."""
        first = own = at
        while first > 0 and at - first <= _LONGEST and passage.joined_or_owned(first - 1):
            low = passage.low(first - 1)
            if low in _SAINTS and own == first:
                return first - 1, at + 1
            proper = self._names_one(passage, first - 1, directly=first < at)
            if not proper and not self._bridges(low, own < at):
                break
            first -= 1
            own = first if proper else own
        return (own, at + 1) if own < at else None

    def _names_one(self, passage: Passage, at: int, *, directly: bool) -> bool:
        """Whether a word sets this organisation apart. In lower case a name or town does so only
        before a grade: "lincoln high school", not "the anderson school"."""
        if self._is_proper(passage, at) or passage.low(at - 1) in _SAINTS:
            return True
        low = passage.low(at)
        named = any(
            low in word_list(name) for name in ("surnames", "ambiguous_names", "word_towns")
        )
        if directly:
            return named and low not in word_list("function_words")
        strange = len(low) > _SHORTEST and low not in self._ordinary
        return strange and passage.low(at - 1) in _WHERE

    def _bridges(self, low: str, named: bool) -> bool:
        """A word that stands inside a name without being one."""
        kind = low in word_list("organisation_grades") or low in word_list("organisation_kinds")
        return kind or (named and low in _JOINS)

    def _proper_run(self, passage: Passage, first: int) -> int:
        after = first
        while after < min(len(passage), first + _LONGEST) and self._is_proper(passage, after):
            after += 1
            if not passage.joined(after - 1):
                break
        return after

    def _is_proper(self, passage: Passage, at: int) -> bool:
        word = passage.words[at]
        generic = ("function_words", "organisation_kinds", "organisation_grades", "determiners")
        if word.odd or any(word.low in word_list(name) for name in generic):
            return False
        if passage.stands_out(at) or word.low in word_list("towns"):
            return True
        return word.capital and passage.capitals_tell and word.low not in self._ordinary

    def _employer(self, passage: Passage, at: int, kept: frozenset[int]) -> int | None:
        """The place after the employer that starts here, where words before speak of work."""
        if not cues.EMPLOYED.precedes(passage, at):
            return None
        for after, phrase in passage.phrases(at, _LONGEST):
            doubtful = phrase in word_list("word_employers")
            if phrase in word_list("employers") or (
                doubtful and passage.low(at - 1) in ("at", "for")
            ):
                return after
        if at in kept or not passage.stands_out(at):
            return None
        after = self._proper_run(passage, at)
        low = passage.low(at)
        common = after == at + 1 and low in self._ordinary and low not in word_list("surnames")
        return None if after == at or common else after
