"""Keeps words of one writing direction from disturbing those around them.

An Arabic name in an English sentence pulls the full stop after it to the wrong side. Unicode's
isolates prevent that (UAX 9). They are put only where they are needed, so that other text
stays plain.
"""

from __future__ import annotations

import re
from typing import Final

RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
)

_RTL_LETTERS: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATE: Final = "\u2068"  # first strong isolate: takes its direction from its first letter
_END: Final = "\u2069"


def contained(text: str, *, within_rtl: bool) -> str:
    """The text with its direction kept to itself: its own direction controls are taken out, and
    it is isolated when it may run against the sentence around it."""
    text = _CONTROLS.sub("", text)
    if within_rtl or _RTL_LETTERS.search(text):
        return f"{_ISOLATE}{text}{_END}"
    return text
