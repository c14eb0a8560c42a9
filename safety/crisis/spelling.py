"""Brings words to the one spelling in which rules are written."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

_LEET: Final = (
    str.maketrans("013457@$!|89", "oieastasiibg", "*"),
    str.maketrans("013457@$!|89", "oleastaslibg", "*"),
)
_OBFUSCATED: Final = re.compile(r"[a-z]+[0-9@$!|*]+[a-z0-9@$!|*]*|[0-9@$!|][a-z][a-z0-9@$!|*]*")
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[a-z][ ._*-]){2,19}[a-z](?![^\W_])")
_PARTED: Final = re.compile(
    r"(?<![^\W_])(my|her|him|them) (self|selves)(?![^\W_])"
    r"(?![ -](?:harm|injur|esteem|worth|care|conf|image|resp|doubt|hat|medic|aware|disc))"
)
"""English reflexives written as two words ("my self"), unless the second begins another word."""
_SPACES: Final = re.compile(r"[ \t]+")
_LONG_RUN: Final = re.compile(r"(.)\1{2,}")
_RUN: Final = re.compile(r"(.)\1+")
_SHORTEST_WITH_TYPOS: Final = 6
_SHORTEST_WITH_RUNS: Final = 3


class Spelling:
    """`expansions` maps what people write to the words meant ("dont" to "do not").

    `know` is told the words that rules use; only towards those are repeated letters, digits for
    letters, and slips of the finger undone.
    """

    def __init__(self, expansions: Mapping[str, str], prone_to_typos: Sequence[str] = ()) -> None:
        self._expansions = {word: tuple(meant.split()) for word, meant in expansions.items()}
        self._known: set[str] = set(self._expansions)
        self._by_skeleton: dict[str, str] = {}
        self._typos = _typos(prone_to_typos)

    def know(self, words: Iterable[str]) -> None:
        """Learn the words of the rules."""
        for word in words:
            self._known.add(word)
            if len(word) > 3:
                self._by_skeleton.setdefault(_RUN.sub(r"\1", word), word)

    def knows(self, word: str) -> bool:
        return word in self._known

    def expand(self, word: str) -> tuple[str, ...]:
        """The words meant by one word as written."""
        return self._expansions.get(word, (word,))

    def repair(self, word: str) -> tuple[str, ...]:
        """The words meant by one word as typed."""
        if word not in self._known:
            word = self._typos.get(word) or self.respell(word)
        return self.expand(word)

    def respell(self, word: str) -> str:
        """A word with its letters no longer drawn out."""
        return word if word in self._known else self._without_runs(word)

    def unmask(self, text: str) -> str:
        """Undo letters set apart ("k i l l") and digits or signs for letters ("k1ll")."""
        text = _SPACES.sub(" ", text)
        if any(char in text for char in "0123456789@$!|*"):
            text = _OBFUSCATED.sub(_by_word(self._unmasked), text)
        text = _SPACED.sub(_by_word(self._joined), text)
        return _PARTED.sub(r"\1\2", text)

    def _unmasked(self, word: str) -> str:
        if word.rstrip("!*").isalpha():
            return word
        for table in _LEET:
            plain = word.translate(table)
            if self._means_something(plain):
                return plain
        return self._starred(word)

    def _starred(self, word: str) -> str:
        """`su*cide` stands for the one crucial word that fits."""
        if "*" not in word:
            return word
        pattern = re.compile(re.escape(word.rstrip("!")).replace(r"\*", "[a-z]"))
        fitting = [known for known in self._known if pattern.fullmatch(known)]
        return fitting[0] if len(fitting) == 1 else word

    def _joined(self, spaced: str) -> str:
        letters = re.sub(r"[^a-z]", "", spaced)
        return letters if self._means_something(letters) else spaced

    def _means_something(self, word: str) -> bool:
        return word in self._known or self._without_runs(word) in self._known

    def _without_runs(self, word: str) -> str:
        """`diiie` is die, `killl` is kill: fewer letters until it is a word that rules use."""
        if not (_LONG_RUN if len(word) <= _SHORTEST_WITH_RUNS else _RUN).search(word):
            return word
        for shorter in (_LONG_RUN.sub(r"\1\1", word), _LONG_RUN.sub(r"\1", word)):
            if shorter in self._known:
                return shorter
        skeleton = _RUN.sub(r"\1", word)
        if skeleton in self._known:
            return skeleton
        return self._by_skeleton.get(skeleton) or _LONG_RUN.sub(r"\1", word)


def _by_word(change: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    """A replacement that thinks about each different word once."""
    changed = functools.cache(change)
    return lambda found: changed(found.group())


def _typos(words: Iterable[str]) -> dict[str, str]:
    """Each word with one letter left out or two neighbours swapped; the first letter stays."""
    slips: dict[str, str] = {}
    for word in words:
        if len(word) < _SHORTEST_WITH_TYPOS:
            continue
        for at in range(1, len(word)):
            slips.setdefault(word[:at] + word[at + 1 :], word)
        for left, right in itertools.pairwise(range(1, len(word))):
            slips.setdefault(word[:left] + word[right] + word[left] + word[right + 1 :], word)
    for word in words:
        slips.pop(word, None)
    return slips
