"""Which of the language model's named entities to believe.

The model was trained on newspapers. In chat it takes "Feeling Hopeless" for a person and "CBT" for
a company, so an entity counts only where its capitals tell something and its words are no
ordinary ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from presidio_analyzer.nlp_engine import NlpArtifacts

from safety.pii.lexicon import word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage
from safety.pii.spans import Span
from safety.text import EntityType

_IN: Final = frozenset({"in", "to", "from", "near", "at", "around", "outside", "visiting"})
_AT: Final = frozenset({"at", "for", "from", "by", "with", "joined", "left"})
_LONGEST_ACRONYM: Final = 5
_MOSTLY: Final = 0.6
_TELLING: Final = 4
_CUT: Final = re.compile(r"[\n\":;]")
_ANSWER: Final = 3
"""A message of so few words that names a country answers a question of ours."""


class Entities:
    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def worth_reading(self, passage: Passage) -> list[range]:
        """The sentences in which an entity could be believed. The model need not be asked about
        others, which is most of the time that masking takes. It reads English only."""
        if not passage.capitals_tell or not self._is_english(passage):
            return []
        return [
            sentence
            for sentence in passage.sentences()
            if any(self._could_be_named(passage, at) for at in sentence)
        ]

    def _could_be_named(self, passage: Passage, at: int) -> bool:
        if self._is_small(passage, at):
            return False
        return passage.stands_out(at) or self._is_strange(passage.low(at))

    def _is_english(self, passage: Passage) -> bool:
        """Most of its words in lower case are English ones, if there are enough to tell."""
        words = [word.low for word in passage.words if not word.capital and not word.odd]
        known = [low in word_list("function_words") or low in self._ordinary for low in words]
        return len(known) < _TELLING or sum(known) >= len(known) * _MOSTLY

    def find(
        self, passage: Passage, kept: frozenset[int], artifacts: NlpArtifacts
    ) -> Iterator[Span]:
        for entity in artifacts.entities:
            run = self._trimmed(passage, entity.start_char, entity.end_char)
            if run is None or all(at in kept for at in range(*run)):
                continue
            kind = EntityType(entity.label_)
            if self._is_believable(passage, run, kind):
                yield passage.span(*run, kind)

    def _trimmed(self, passage: Passage, start: int, end: int) -> tuple[int, int] | None:
        """The words of an entity without small ones around it, up to the first line break, quote
        or colon in it."""
        places = [
            at for at, word in enumerate(passage.words) if word.start < end and start < word.end
        ]
        while places and self._is_small(passage, places[0]):
            places.pop(0)
        cuts = [at for at in places[:-1] if _CUT.search(passage.gap(at))]
        places = [at for at in places if not cuts or at <= cuts[0]]
        while places and self._is_small(passage, places[-1]):
            places.pop()
        return (places[0], places[-1] + 1) if places else None

    def _is_small(self, passage: Passage, at: int) -> bool:
        word = passage.words[at]
        lists = ("function_words", "foreign_small_words")
        small = len(word.low) == 1 or any(word.low in word_list(name) for name in lists)
        return small or not word.capital

    def _is_believable(self, passage: Passage, run: tuple[int, int], kind: EntityType) -> bool:
        first = run[0]
        strange = [at for at in range(*run) if self._is_strange(passage.low(at))]
        if passage.starts_sentence(first) and not strange:
            return False
        if kind is EntityType.PERSON:
            phrase = " ".join(passage.low(at) for at in range(*run))
            return phrase not in word_list("towns") and self._is_person(passage, run, strange)
        if kind is EntityType.LOCATION:
            return self._is_place(passage, run)
        return self._is_organisation(passage, run, strange)

    def _is_person(self, passage: Passage, run: tuple[int, int], strange: list[int]) -> bool:
        first, after = run
        if any(passage.words[at].text.isupper() for at in range(*run)):
            return False
        if after - first > 1:
            return bool(strange)
        if passage.low(first - 1) in _IN:
            return False
        if passage.low(first) in word_list("ambiguous_names"):
            return passage.stands_out(first) and passage.low(first - 1) not in _IN | {
                "my",
                "the",
                "a",
                "of",
            }
        return bool(strange) and (passage.stands_out(first) or self._is_listed(passage.low(first)))

    def _is_place(self, passage: Passage, run: tuple[int, int]) -> bool:
        first = run[0]
        phrase = " ".join(passage.low(at) for at in range(*run))
        if phrase in word_list("countries"):
            return len(passage) > _ANSWER and len(phrase) > _LONGEST_ACRONYM - 2
        if phrase in word_list("towns"):
            return True
        return passage.stands_out(first) and passage.low(first - 1) in _IN

    def _is_organisation(self, passage: Passage, run: tuple[int, int], strange: list[int]) -> bool:
        first, after = run
        text = passage.text[passage.words[first].start : passage.words[after - 1].end]
        if text.isupper() and len(text) <= _LONGEST_ACRONYM:
            return False
        return bool(strange) and passage.stands_out(first) and passage.low(first - 1) in _AT

    def _is_strange(self, low: str) -> bool:
        return low not in self._ordinary or self._is_listed(low)

    def _is_listed(self, low: str) -> bool:
        return low in word_list("given_names") or low in word_list("surnames")
