"""Divides a text into sentences of plain words, with what punctuation said kept aside."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from safety.crisis.characters import pictures, plain
from safety.crisis.spelling import Spelling

_TOKEN: Final = re.compile(r"""[^\W_]+(?:'[^\W_]+)*|"|[.!?;\n]+|[,():]|\s-+\s""")
_ENDS: Final = ".!? \n"
_LONGEST_SENTENCE: Final = 60
_OVERLAP: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrite:
    """A word that means another, depending on the word before it: "want 2 die"."""

    word: str
    meant: str
    after: frozenset[str] = frozenset()
    not_after: frozenset[str] = frozenset()

    def applies(self, previous: str) -> bool:
        return previous in self.after if self.after else previous not in self.not_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """What must be known of the languages to divide a text."""

    spelling: Spelling
    rewrites: Mapping[str, Rewrite] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`breaks` are the positions of words that begin a clause, `quoted` of words between
    quotation marks."""

    words: tuple[str, ...]
    breaks: tuple[int, ...]
    quoted: frozenset[int]

    @property
    def line(self) -> str:
        return f" {' '.join(self.words)} "

    def clause_start(self, position: int) -> int:
        """Where the clause begins that the word at a position belongs to."""
        before = bisect_right(self.breaks, position)
        return self.breaks[before - 1] if before else 0


def sentences(text: str, grammar: Grammar) -> tuple[Sentence, ...]:
    """The sentences of a text, each once, in their order. Long ones are cut into pieces that
    overlap, so that the work per piece is bounded."""
    found: dict[Sentence, None] = {}
    for sentence in _read(grammar.spelling.unmask(with_pictures(text)), grammar):
        for piece in _pieces(sentence):
            found.setdefault(piece)
    return tuple(found)


def with_pictures(text: str) -> str:
    """Plain text; what its pictures mean stands at its end, where it parts no phrase."""
    words, meanings = plain(text), " ".join(sorted(pictures(text)))
    return f"{words.rstrip(_ENDS)}, {meanings}" if meanings else words


def _read(text: str, grammar: Grammar) -> Iterator[Sentence]:
    draft = _Draft(grammar)
    for token in _TOKEN.findall(text):
        first = token[0]
        if first == '"':
            draft.in_quotes = not draft.in_quotes
        elif first in ".!?;\n":
            yield from draft.finish()
        elif first in ",(): -\t":
            draft.break_clause()
        else:
            draft.add(token)
    yield from draft.finish()


class _Draft:
    """The sentence being read. Quotation marks may span sentences."""

    def __init__(self, grammar: Grammar) -> None:
        self.in_quotes = False
        self._grammar = grammar
        self._whole = functools.cache(_without_apostrophe(grammar.spelling))
        self._meant = functools.cache(grammar.spelling.repair)
        self._start()

    def _start(self) -> None:
        self.words: list[str] = []
        self.breaks: list[int] = [0]
        self.quoted: set[int] = set()

    def add(self, token: str) -> None:
        word = self._rewritten(self._whole(token))
        for meant in self._meant(word):
            if self.in_quotes:
                self.quoted.add(len(self.words))
            self.words.append(meant)

    def break_clause(self) -> None:
        if self.breaks[-1] != len(self.words):
            self.breaks.append(len(self.words))

    def finish(self) -> Iterator[Sentence]:
        if self.words:
            yield Sentence(tuple(self.words), tuple(self.breaks), frozenset(self.quoted))
        self._start()

    def _rewritten(self, word: str) -> str:
        rewrite = self._grammar.rewrites.get(word)
        if rewrite and rewrite.applies(self.words[-1] if self.words else ""):
            return rewrite.meant
        return word


def _without_apostrophe(spelling: Spelling) -> Callable[[str], str]:
    """`don't` is written dont, unless the apostrophe tells two words apart (`I'll`, ill)."""
    return lambda token: token if spelling.knows(token) else token.replace("'", "")


def _pieces(sentence: Sentence) -> Iterator[Sentence]:
    if len(sentence.words) <= _LONGEST_SENTENCE:
        yield sentence
        return
    step = _LONGEST_SENTENCE - _OVERLAP
    for start in range(0, len(sentence.words) - _OVERLAP, step):
        end = start + _LONGEST_SENTENCE
        breaks = sentence.breaks[bisect_left(sentence.breaks, start) :]
        yield Sentence(
            sentence.words[start:end],
            tuple(at - start for at in breaks[:_LONGEST_SENTENCE] if at < end),
            frozenset(at - start for at in range(start, end) if at in sentence.quoted),
        )
