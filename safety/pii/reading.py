"""The text as the recognizers read it, character by character true to the text as it was written.

People type curly quotes, full-width digits and invisible characters. The recognizers read plain
ones, and every character of what they read knows where it stands in the input.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

_PLAIN: Final = str.maketrans("‘’ʼ′`´“”„«»‐‑‒–—−⁄∕", "''''''\"\"\"\"\"------//")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what is read. `places[i]` is where its i-th character stands in the input."""

    text: str
    places: range | list[int]

    @classmethod
    def of(cls, written: str) -> Reading:
        if written.isascii() and "\x00" not in written:
            return cls(written, range(len(written)))
        skipped = {m.start() for m in _INVISIBLE.finditer(written)}
        skipped.update(m.start() for m in _UNSTORABLE.finditer(written))
        places = [at for at in range(len(written)) if at not in skipped]
        return cls("".join(_plain(written[at]) for at in places), places)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the reading stands in the input."""
        return self.places[start], self.places[end - 1] + 1


def storable(text: str) -> str:
    """Without what PostgreSQL can hold neither in text nor in JSON: NUL and lone surrogates."""
    return text if text.isascii() and "\x00" not in text else _UNSTORABLE.sub("", text)


@cache
def _plain(character: str) -> str:
    """One character for one: a quote, dash, digit or letter in its plain form."""
    if character.isascii():
        return character
    if character.isspace():
        return " "
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", character.translate(_PLAIN))
    return folded if len(folded) == 1 else character
