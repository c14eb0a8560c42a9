"""The buttons of a message as choices to type: by number or by label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.adapters.adapter import Button

_NUMBER: Final = re.compile(r"\s*(\d{1,3})[.)]?\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """The buttons under one message. `message` is its id, `dialog` the dialog that asked."""

    message: str
    dialog: str
    buttons: tuple[Button, ...]

    @property
    def numbered(self) -> bool:
        """Whether a choice can be typed as its place in the list. Where labels begin with numbers
        themselves (moods from 1 to 10, or `1 or 2` drinks), only labels count: a typed number
        could mean the place or the label, and a wrong guess would be a wrong answer."""
        return not any(button.label.lstrip()[:1].isdigit() for button in self.buttons)

    def find(self, line: str) -> Button | None:
        """The button that a typed line names, if it names one."""
        typed = _folded(line)
        for button in self.buttons:
            if _folded(button.label) == typed:
                return button
        place = number(line) if self.numbered else None
        if place is not None and 1 <= place <= len(self.buttons):
            return self.buttons[place - 1]
        return None


def number(line: str) -> int | None:
    """A line that is only a number, in any script's digits: `3`, `3.`, `3)`, `٣`."""
    match = _NUMBER.fullmatch(line)
    return int(match[1]) if match else None


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()
