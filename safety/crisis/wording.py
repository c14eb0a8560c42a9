"""A text as the model reads it: however it was typed, the same words come out."""

from __future__ import annotations

import functools
import re
from typing import Final

from safety.crisis.sentences import with_pictures
from safety.crisis.spelling import Spelling

_WORD: Final = re.compile(r"[^\W_]+")
_SPACE: Final = re.compile(r"\s+")


class Wording:
    """`spelling` is that of the rules: what they see through, the model need not learn."""

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling

    def of(self, text: str) -> str:
        """Plain words and their punctuation, without apostrophes, in one line."""
        words = self._spelling.unmask(with_pictures(text)).replace("'", "")
        respell = functools.cache(self._spelling.respell)
        return _SPACE.sub(" ", _WORD.sub(lambda word: respell(word.group()), words)).strip()
