"""Lists of words, read once from `words/*.txt`: one phrase a line, lower case."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from safety.errors import SafetyConfigurationError

_FOLDER: Final = Path(__file__).with_name("words")


@cache
def word_list(name: str) -> frozenset[str]:
    """The phrases of `words/<name>.txt`. Lines that start with # are remarks."""
    try:
        lines = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    except OSError as exc:
        raise SafetyConfigurationError(
            f"The word list {name}.txt cannot be read; install Evenkeel again."
        ) from exc
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@cache
def first_words(name: str) -> frozenset[str]:
    """The words that phrases of a list begin with: a look at them spares most words the phrases."""
    return frozenset(re.split(r"[ -]", phrase)[0].strip(".'&") for phrase in word_list(name))
