"""A text as words, with what capitals and neighbours say about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from safety.pii.lexicon import word_list
from safety.pii.spans import Span
from safety.text import EntityType

_WORD: Final = re.compile(r"\w+(?:['-][^\W\d_]+){0,4}")
_WITHOUT_JOINTS: Final = str.maketrans("", "", "'-")
_LONG: Final = 30
_ENDS_SENTENCE: Final = re.compile(r"[.!?\n:;•\"(]")


@dataclass(frozen=True, slots=True)
class Word:
    """`low` is the word in lower case without a possessive ending, which is not part of it."""

    start: int
    end: int
    text: str
    low: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def odd(self) -> bool:
        """Not made of letters: a number, a code, a name on the net."""
        return not (self.low.isalpha() or self.low.translate(_WITHOUT_JOINTS).isalpha())


class Passage:
    """The words of a text, in order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [_word(match) for match in _WORD.finditer(text)]

    def __len__(self) -> int:
        return len(self.words)

    def low(self, at: int) -> str:
        """The word at a place in lower case; empty before the first and after the last."""
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def gap(self, at: int) -> str:
        """What stands between the word at a place and the next."""
        end = self.words[at + 1].start if at + 1 < len(self.words) else len(self.text)
        return self.text[self.words[at].end : end]

    def joined(self, at: int) -> bool:
        """The next word follows with nothing but a space (or the dot of "Dr.") between."""
        return at + 1 < len(self.words) and self.gap(at) in (" ", ". ")

    def joined_or_owned(self, at: int) -> bool:
        """As in "King's College", "St Thomas' Hospital"."""
        return self.joined(at) or (at + 1 < len(self.words) and self.gap(at) in ("'s ", "' "))

    def starts_sentence(self, at: int) -> bool:
        return at == 0 or bool(_ENDS_SENTENCE.search(self.gap(at - 1)))

    def sentences(self) -> Iterator[range]:
        """The places of the words of each sentence."""
        first = 0
        for at in range(1, len(self.words) + 1):
            if at == len(self.words) or self.starts_sentence(at):
                yield range(first, at)
                first = at

    def span(self, first: int, after: int, kind: EntityType) -> Span:
        """The words from one place up to another, as a find."""
        return Span(start=self.words[first].start, end=self.words[after - 1].end, type=kind)

    @cached_property
    def capitals_tell(self) -> bool:
        """False in a text that is all capitals or capitalises even its small words: there they
        mean nothing."""
        words = [word for word in self.words if len(word.text) > 1 and not word.odd]
        if sum(word.text.isupper() for word in words) > len(words) / 2:
            return False
        if len(words) > _LONG and sum(word.capital for word in words) > len(words) / 2:
            return False
        small = [
            word.text.istitle()
            for at, word in enumerate(self.words)
            if word.low in word_list("small_words") and not self.starts_sentence(at)
        ]
        return sum(small) <= len(small) / 2

    def stands_out(self, at: int) -> bool:
        """A capital that only a name explains: inside a sentence, where capitals tell."""
        word = self.words[at]
        return word.capital and self.capitals_tell and not self.starts_sentence(at)

    def phrases(self, at: int, longest: int) -> Iterator[tuple[int, str]]:
        """Runs of words from a place, the longest first, as (place after, text in lower case)."""
        last = at + 1
        while last < len(self.words) and last - at < longest and self._near(last - 1):
            last += 1
        for after in range(last, at, -1):
            yield after, " ".join(word.low for word in self.words[at:after])

    def _near(self, at: int) -> bool:
        return self.gap(at).strip(" -'&.s") == "" and "\n" not in self.gap(at)


def _word(match: re.Match[str]) -> Word:
    text = match.group()
    low = text.casefold()
    if low.endswith("'s") and len(low) > 2:
        return Word(match.start(), match.end() - 2, text[:-2], low[:-2])
    return Word(match.start(), match.end(), text, low)
