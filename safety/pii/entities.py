"""Which of the language model's names to believe.

The model reads chat, in lower case too, but it never saw most of the words that people write. So
what it takes for a name counts only where the words themselves allow it: no word that the
dictionary explains, unless it is known as a name or stands out by its capital.
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

_SHORTEST: Final = 3


class Entities:
    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def worth_reading(self, passage: Passage) -> list[range]:
        """The sentences in which a name could be believed. The model need not be asked about
        others, which is most of the time that masking takes. It reads English only."""
        if not self._is_english(passage):
            return []
        return [
            sentence
            for sentence in passage.sentences()
            if any(self._could_be_named(passage, at) for at in sentence)
        ]

    def _could_be_named(self, passage: Passage, at: int) -> bool:
        low = passage.low(at)
        if self._is_small(passage, at) or len(low) < _SHORTEST or passage.words[at].odd:
            return False
        return (
            passage.stands_out(at) or low in word_list("ambiguous_names") or self._is_strange(low)
        )

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
        low = passage.low(at)
        return len(low) == 1 or any(
            low in word_list(name) for name in ("function_words", "foreign_small_words")
        )

    def _is_believable(self, passage: Passage, run: tuple[int, int], kind: EntityType) -> bool:
        first = run[0]
        strange = [at for at in range(*run) if self._is_strange(passage.low(at))]
        if passage.starts_sentence(first) and not strange and kind is not EntityType.PERSON:
            return False
        if kind is EntityType.PERSON:
            return self._is_person(passage, run, strange)
        if kind is EntityType.LOCATION:
            return self._is_place(passage, run)
        return self._is_organisation(passage, run, strange)

    def _is_person(self, passage: Passage, run: tuple[int, int], strange: list[int]) -> bool:
        """Every word of it may stand in a name, and one must."""
        first, after = run
        words = [passage.low(at) for at in range(first, after)]
        if " ".join(words) in word_list("towns") and not self._is_listed(words[0]):
            return False
        if passage.words[first].odd or (len(words[0]) < _SHORTEST and not strange):
            return False
        if strange:
            return True
        if words[0] in word_list("ambiguous_names"):
            return passage.low(first - 1) not in {"my", "the", "a", "of", "in", "some", "no"}
        return passage.stands_out(first) and after - first > 1

    def _is_place(self, passage: Passage, run: tuple[int, int]) -> bool:
        first = run[0]
        phrase = " ".join(passage.low(at) for at in range(*run))
        if phrase in word_list("countries"):
            return len(passage) > _ANSWER and len(phrase) > _LONGEST_ACRONYM - 2
        if phrase in word_list("towns"):
            return True
        if passage.stands_out(first):
            return passage.low(first - 1) in _IN
        return passage.low(first - 1) in _IN and phrase.split()[0] not in self._ordinary

    def _is_organisation(self, passage: Passage, run: tuple[int, int], strange: list[int]) -> bool:
        first, after = run
        text = passage.text[passage.words[first].start : passage.words[after - 1].end]
        if text.isupper() and len(text) <= _LONGEST_ACRONYM:
            return False
        return bool(strange) and (passage.stands_out(first) or passage.low(first - 1) in _AT)

    def _is_strange(self, low: str) -> bool:
        return low not in self._ordinary or self._is_listed(low)

    def _is_listed(self, low: str) -> bool:
        return low in word_list("given_names") or low in word_list("surnames")
