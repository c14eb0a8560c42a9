"""What is found in the corpus stays found however it is typed, and costs no more than it may."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from safety.crisis.corpus import Message, read_corpus
from safety.crisis.screener import CrisisScreener
from safety.text import Context, Severity

SEED = 7
SAMPLE = 60


@pytest.fixture(scope="module")
def screener() -> CrisisScreener:
    return CrisisScreener.load()


def found_by(screener: CrisisScreener, message: Message, text: str) -> bool:
    return screener.assess(text, Context(earlier=message.earlier)).severity >= Severity.MEDIUM


@pytest.fixture(scope="module")
def found(screener: CrisisScreener) -> list[Message]:
    """Some messages at risk in which the screener sees that."""
    grave = [message for message in read_corpus("test") if message.severity >= Severity.MEDIUM]
    seen = [message for message in grave if found_by(screener, message, message.text)]
    return random.Random(SEED).sample(seen, SAMPLE)


def typed_twice(text: str) -> str:
    """The first letter of every third word's end: `tired` becomes `tiredd`."""
    words = text.split(" ")
    return " ".join(
        word + word[-1] if number % 3 == 0 and word[-1:].isalpha() and word.isascii() else word
        for number, word in enumerate(words)
    )


UNCHANGED: dict[str, Callable[[str], str]] = {
    "curly quotes": lambda text: text.replace("'", "’"),
    "no apostrophes": lambda text: text.replace("'", "").replace("’", ""),
    "zero-width characters": lambda text: re.sub(r"(?<=[a-z])(?=[a-z])", "\u200b", text),
    "Cyrillic lookalikes": lambda text: (
        text.translate(str.maketrans("aeocpx", "аеосрх")) if text.isascii() else text
    ),
    "capitals": lambda text: text.upper() if text.isascii() else text,
    "every other capital": lambda text: (
        "".join(char.upper() if at % 2 else char for at, char in enumerate(text))
        if text.isascii()
        else text
    ),
    "flowers between words": lambda text: text.replace(" ", " 🌸 "),
    "spaces": lambda text: "  " + text.replace(" ", "   ") + "\n",
}
"""Ways of typing after which the same words are read."""


@pytest.mark.parametrize("mutation", UNCHANGED)
def test_a_risk_stays_found_however_it_is_typed(
    screener: CrisisScreener, found: list[Message], mutation: str
) -> None:
    change = UNCHANGED[mutation]
    lost = [each.id for each in found if not found_by(screener, each, change(each.text))]
    assert lost == []


def test_letters_typed_twice_hide_next_to_nothing(
    screener: CrisisScreener, found: list[Message]
) -> None:
    """A word that nobody knows cannot be told from one with a letter too many."""
    lost = [each.id for each in found if not found_by(screener, each, typed_twice(each.text))]
    assert len(lost) <= SAMPLE * 0.05
