"""A text as the model reads it: however it was typed, the same words come out."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Container, Iterator
from typing import Final

from safety.crisis.sentences import with_pictures
from safety.crisis.spelling import Spelling

_WORD: Final = re.compile(r"[^\W_]+")
_SPACE: Final = re.compile(r"\s+")
_RUN: Final = re.compile(r"(.)\1+")
_MOST_RUNS: Final = 4
_LONGEST_WORD: Final = 40


class Wording:
    """`spelling` is that of the rules: what they see through, the model need not learn. `known`
    are words the model has met; towards them, letters typed twice are undone."""

    def __init__(self, spelling: Spelling, known: Container[str] = frozenset()) -> None:
        self._spelling = spelling
        self._known = known

    def of(self, text: str) -> str:
        """Plain words and their punctuation, without apostrophes, in one line."""
        words = self._spelling.unmask(with_pictures(text)).replace("'", "")
        respelled = functools.cache(self._respelled)
        return _SPACE.sub(" ", _WORD.sub(lambda word: respelled(word.group()), words)).strip()

    def _respelled(self, word: str) -> str:
        if word in self._known or not word.isalpha():
            return word
        word = self._spelling.respell(word[:_LONGEST_WORD])
        return next(
            (shorter for shorter in _with_shorter_runs(word) if shorter in self._known), word
        )


def _with_shorter_runs(word: str) -> Iterator[str]:
    """`feelling` with one letter or two in place of each run: feeling, feling, felling."""
    parts = _RUN.split(word)  # what stands between runs, and the letters of the runs
    runs = len(parts) // 2
    if not 0 < runs <= _MOST_RUNS:
        return
    for lengths in itertools.product((2, 1), repeat=runs):
        letters = (parts[2 * at + 1] * lengths[at] for at in range(runs))
        between = parts[::2]
        yield "".join(itertools.chain(*zip(between, letters, strict=False))) + between[-1]
