"""Divides a reply into sentences of plain words, spelled as the rules are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from safety.crisis.characters import plain
from safety.crisis.spelling import Spelling

_TOKEN: Final = re.compile(r"""[^\W_]+(?:'[^\W_]+)*'?|"|[.!?;\n]+|[,():]|\s-+\s|[\[\]{}]""")
_ENDS: Final = ".!?;\n"
_BREAKS: Final = ",(): -\t[]{}"
_LONGEST_SENTENCE: Final = 80
_OVERLAP: Final = 20


@dataclass(frozen=True, slots=True)
class Sentence:
    """`breaks` are the positions of words that begin a clause, `quoted` of words between quotation
    marks; `asks` says that it ends with a question mark."""

    words: tuple[str, ...]
    breaks: frozenset[int] = frozenset({0})
    quoted: frozenset[int] = frozenset()
    asks: bool = False

    @property
    def line(self) -> str:
        return f" {' '.join(self.words)} "

    def clause_start(self, position: int) -> int:
        """Where the clause begins that the word at a position belongs to."""
        return max((place for place in self.breaks if place <= position), default=0)


class Reader:
    """`expansions` maps what is written to the words meant ("don't" to "do not")."""

    def __init__(self, expansions: Mapping[str, str]) -> None:
        self._expansions = {plain(word): tuple(meant.split()) for word, meant in expansions.items()}
        self._spelling = Spelling({})

    def know(self, words: frozenset[str]) -> None:
        """Learn the words of the rules: digits and signs for letters are undone towards those."""
        self._spelling.know(words)

    def spell(self, written: str) -> tuple[str, ...]:
        """The words of a rule's element, spelled as texts are."""
        return tuple(meant for word in plain(written).split() for meant in self._meant(word))

    def sentences(self, text: str) -> tuple[Sentence, ...]:
        """Each sentence once, in order; long ones in pieces that overlap, so that the work a piece
        makes is bounded."""
        found: dict[Sentence, None] = {}
        for sentence in self._read(self._spelling.unmask(plain(text))):
            for piece in _pieces(sentence):
                found.setdefault(piece)
        return tuple(found)

    def _meant(self, token: str) -> tuple[str, ...]:
        """A contraction as the words it stands for; other apostrophes part two words."""
        known = self._expansions.get(token) or self._expansions.get(token.rstrip("'"))
        if known:
            return known
        parts = [part for part in token.split("'") if part]
        return tuple(meant for part in parts for meant in self._expansions.get(part, (part,)))

    def _read(self, text: str) -> Iterator[Sentence]:
        words: list[str] = []
        breaks: set[int] = {0}
        quoted: set[int] = set()
        in_quotes = False
        for token in _TOKEN.findall(text):
            first = token[0]
            if first == '"':
                in_quotes = not in_quotes
                breaks.add(len(words))
            elif first in _ENDS:
                if words:
                    yield _sentence(words, breaks, quoted, asks="?" in token)
                words, breaks, quoted = [], {0}, set()
            elif first in _BREAKS:
                breaks.add(len(words))
            else:
                meant = self._meant(token)
                if in_quotes:
                    quoted.update(range(len(words), len(words) + len(meant)))
                words.extend(meant)
        if words:
            yield _sentence(words, breaks, quoted, asks=False)


def _sentence(words: list[str], breaks: set[int], quoted: set[int], *, asks: bool) -> Sentence:
    return Sentence(tuple(words), frozenset(breaks), frozenset(quoted), asks)


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    if len(sentence.words) <= _LONGEST_SENTENCE:
        yield sentence
        return
    breaks, quoted = sorted(sentence.breaks), sorted(sentence.quoted)
    step = _LONGEST_SENTENCE - _OVERLAP
    for start in range(0, len(sentence.words) - _OVERLAP, step):
        end = start + _LONGEST_SENTENCE
        yield Sentence(
            sentence.words[start:end],
            _within(breaks, start, end) | {0},
            _within(quoted, start, end),
            sentence.asks,
        )


def _within(places: list[int], start: int, end: int) -> frozenset[int]:
    first, last = bisect_right(places, start - 1), bisect_right(places, end - 1)
    return frozenset(place - start for place in places[first:last])
