"""Names that were found once, wherever else they stand in a text or later in a conversation.

A name alone ("zeb lied") is hard to tell; where the same word was found to be a name before, it is
one. Words that are ordinary too ("hope") are left to what stands around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from safety.known import Known
from safety.pii.kept import kept_words
from safety.pii.lexicon import word_list
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage, Word
from safety.pii.spans import Span
from safety.text import EntityType

_SHORTEST: Final = 3
_LISTS: Final = ("function_words", "foreign_small_words", "titles", "towns", "countries")


class Mentions:
    """`ordinary` says which words are not names."""

    def __init__(self, ordinary: OrdinaryWords) -> None:
        self._ordinary = ordinary

    def find(self, text: str, found: Sequence[Span], known: Known) -> Iterator[Span]:
        """The words of people's names among what was `found` or is `known` of the conversation."""
        people = [span for span in found if span.type is EntityType.PERSON]
        before = known.words(EntityType.PERSON)
        if not people and not before:
            return
        passage = Passage(text)
        here = {word.low for word in passage.words for span in people if _is_in(word, span)}
        kept = kept_words(passage)
        for at, word in enumerate(passage.words):
            if at not in kept and self._is_telling(word):
                fingerprint = known.fingerprint(EntityType.PERSON, word.low) if before else ""
                if word.low in here or fingerprint in before:
                    yield passage.span(at, at + 1, EntityType.PERSON)

    def _is_telling(self, word: Word) -> bool:
        if word.odd or len(word.low) < _SHORTEST or word.low in self._ordinary:
            return False
        return not any(word.low in word_list(name) for name in _LISTS)


def _is_in(word: Word, span: Span) -> bool:
    return span.start <= word.start and word.end <= span.end
