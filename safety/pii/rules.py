"""Rules for personal data, read from `rules/<theme>.yaml`.

A file has `define` (named pieces of pattern, used as `<<name>>`) and `rules`. A rule has the
`type` of what it finds, a `pattern` in which the group `v` is the personal data itself (the rest
is what must stand around it), and optionally `check`, the name of a function in `checks.py`
that the value must pass, `exact: true` where letter case matters, and `needs`: a text without any
of these strings is not searched. Patterns are verbose, and bounded: no repetition without
an upper limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

from safety.datafiles import read_mapping
from safety.errors import SafetyConfigurationError
from safety.pii.checks import CHECKS
from safety.pii.spans import Span
from safety.text import EntityType

RULES: Final = Path(__file__).with_name("rules")

_DIGIT: Final = "digit"
_PIECE: Final = re.compile(r"<<(\w+)>>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Finds one kind of personal data by its form and by what stands around it."""

    type: EntityType
    pattern: re.Pattern[str]
    check: Callable[[re.Match[str]], bool] | None
    needs: tuple[str, ...]

    @classmethod
    def parse(cls, entry: Mapping[str, object], pieces: Mapping[str, str]) -> Self:
        flags = re.VERBOSE if entry.get("exact") else re.VERBOSE | re.IGNORECASE
        check = entry.get("check")
        return cls(
            type=EntityType(str(entry["type"])),
            pattern=re.compile(_expand(str(entry["pattern"]), pieces), flags),
            check=CHECKS[str(check)] if check else None,
            needs=tuple(cast(Sequence[str], entry.get("needs", ()))),
        )

    def find(self, text: str, lowered: str, has_digits: bool) -> Iterator[Span]:
        """`lowered` is the text in lower case, made once for all rules."""
        if not self._can_match(lowered, has_digits):
            return
        for match in self.pattern.finditer(text):
            if self.check is None or self.check(match):
                start, end = match.span("v")
                yield Span(start=start, end=end, type=self.type)

    def _can_match(self, lowered: str, has_digits: bool) -> bool:
        if not self.needs:
            return True
        return any(has_digits if need == _DIGIT else need in lowered for need in self.needs)


def load_rules(theme: str) -> tuple[Rule, ...]:
    content = read_mapping(RULES / f"{theme}.yaml")
    pieces = cast(Mapping[str, str], content.get("define", {}))
    entries = cast(Sequence[Mapping[str, object]], content["rules"])
    try:
        return tuple(Rule.parse(entry, pieces) for entry in entries)
    except (KeyError, ValueError, re.error) as exc:
        raise SafetyConfigurationError(
            f"The rules for personal data in {theme}.yaml are damaged ({exc}); "
            "install Evenkeel again."
        ) from exc


def themes() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in RULES.glob("*.yaml")))


def _expand(pattern: str, pieces: Mapping[str, str]) -> str:
    while _PIECE.search(pattern):
        pattern = _PIECE.sub(lambda match: f"(?:{pieces[match[1]]})", pattern)
    return pattern
