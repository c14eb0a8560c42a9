"""Everyday messages without risk, out of the Broad Twitter Corpus (CC BY 4.0)."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_DOUBTFUL: Final = re.compile(
    r"suicid|kill (my|him|her|them)|\bdie\b|dying|rape|overdos|murder|abus|self.harm|stab|shot|"
    r"shoot|gun\b|bleed|hospital|ambulance|drunk|high\b",
    re.IGNORECASE,
)
"""Nobody has read these tweets for risk; those that might hold any are left out."""
_FEWEST_WORDS: Final = 4


def tweets(data: Path, chance: random.Random) -> list[str]:
    """In an order that `chance` decides, each once."""
    found = dict.fromkeys(
        text
        for path in sorted((data / "pii").glob("btc_*.conll"))
        for text in _texts(path.read_text(encoding="utf-8").splitlines())
        if len(text.split()) >= _FEWEST_WORDS and not _DOUBTFUL.search(text)
    )
    texts = list(found)
    chance.shuffle(texts)
    return texts


def _texts(lines: Iterable[str]) -> Iterator[str]:
    """One word a line, an empty line between tweets."""
    words: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            words.append(line.split()[0])
        elif words:
            yield _joined(words)
            words = []


def _joined(words: Iterable[str]) -> str:
    plain = " ".join(word for word in words if not word.startswith(("http", "@", "#")))
    return re.sub(r" ([.,!?])", r"\1", plain.replace(" 's", "'s").replace(" n't", "n't")).strip()
