"""Which options a typed answer may have meant. Nothing is taken for an answer without a yes."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from bot.dialogs.question import plain
from bot.instruments.instrument import Item, Option

CLOSE_ENOUGH: Final = 0.8
LONGEST: Final = 60
SHORTEST_PART: Final = 4


def same_words(item: Item, text: str) -> Option | None:
    """The option whose label was typed out, give or take case and punctuation."""
    typed = plain(text[: LONGEST + 1])
    return next((option for option in item.options if plain(option.label) == typed), None)


def meant(item: Item, text: str) -> tuple[Option, ...]:
    """The options that a number or similar words may mean, in the form's order. `2` may be the
    option that counts 2 or the second one."""
    typed = plain(text[: LONGEST + 1])
    if not typed or len(typed) > LONGEST:
        return ()
    bare = text.strip(" .()")
    if bare.isdecimal():
        return tuple(_by_number(item, int(bare)))
    return tuple(option for option in item.options if _alike(typed, plain(option.label)))


def _by_number(item: Item, number: int) -> Iterator[Option]:
    for position, option in enumerate(item.options, start=1):
        if number in (option.value, position):
            yield option


def _alike(typed: str, label: str) -> bool:
    if len(typed) >= SHORTEST_PART and typed in label:
        return True
    return SequenceMatcher(None, typed, label).ratio() >= CLOSE_ENOUGH
