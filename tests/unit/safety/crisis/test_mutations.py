"""A message stays a risk however it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from safety.text import Risk, Severity

DATA = Path(__file__).parents[3] / "data" / "crisis_messages.yaml"
ENGLISH = [
    message
    for group in yaml.safe_load(DATA.read_text(encoding="utf-8"))["risks"]
    if "language" not in group
    for message in group["messages"]
]


def with_apostrophes(text: str) -> str:
    return re.sub(r"\b(do|ca|wo|is|have|are)(nt)\b", r"\1n't", re.sub(r"\bim\b", "i'm", text))


MUTATIONS: dict[str, Callable[[str], str]] = {
    "curly quotes": lambda text: with_apostrophes(text).replace("'", "’"),
    "straight quotes": with_apostrophes,
    "no apostrophes": lambda text: text.replace("'", ""),
    "zero-width characters": lambda text: "\u200b".join(text),
    "Cyrillic lookalikes": lambda text: text.translate(str.maketrans("aeocpx", "аеосрх")),
    "full-width letters": lambda text: "".join(
        chr(ord(char) + 0xFEE0) if "a" <= char <= "z" else char for char in text
    ),
    "accents": lambda text: text.replace("e", "é").replace("a", "ä"),
    "capitals": str.upper,
    "every other capital": lambda text: "".join(
        char.upper() if at % 2 else char for at, char in enumerate(text)
    ),
    "long vowels": lambda text: re.sub(r"([aeiou])(?=[a-z]*\b)", r"\1\1\1", text, count=1),
    "flowers between words": lambda text: text.replace(" ", " 🌸 "),
    "spaces": lambda text: "  " + text.replace(" ", "   ") + "\n",
    "exclamation marks": lambda text: text + "!!!",
    "something before and after": lambda text: f"Hello. {text}. Sorry for the long text.",
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_risk_stays_a_risk(assess: Callable[..., Risk], mutation: str) -> None:
    change = MUTATIONS[mutation]
    lost = [text for text in ENGLISH if assess(change(text)).severity < Severity.MEDIUM]
    assert lost == []


@pytest.mark.parametrize(
    "text",
    [
        "i want to k1ll mys3lf",
        "thinking about su1c1de again",
        "i want to k*ll myself",
        "i wanna k i l l myself",
        "k.m.s. im serious",
        "i want to unalive myself",
        "sewerslide is the only way out",
        "i want to kill my self",
        "i want to kil myslef",
        "i wnat to die",
        "i want 2 die",
        "𝓲 𝔀𝓪𝓷𝓽 𝓽𝓸 𝓭𝓲𝓮",
        "i want to 𝕕𝕚𝕖",
    ],
)
def test_evasion_and_slang_are_read(assess: Callable[..., Risk], text: str) -> None:
    assert assess(text).severity >= Severity.HIGH
