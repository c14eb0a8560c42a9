"""Messages whose personal data somebody marked, to measure and to train with.

A file has one JSON object a line: `{"text": ..., "entities": [{"start", "end", "type"}, ...]}`,
with offsets in characters. A message without entities is a trap: nothing of it may be masked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from safety.errors import SafetyConfigurationError


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mark:
    """Personal data from `start` up to `end`. `type` is a word of whoever marked it: usually an
    `EntityType`, but a set of theirs may know fewer kinds."""

    start: int
    end: int
    type: str

    def shared(self, other: Mark) -> int:
        """Characters that both cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, kw_only=True, slots=True)
class Labelled:
    """One message. What is found in a `doubtful` span is neither right nor wrong."""

    text: str
    marks: tuple[Mark, ...]
    doubtful: tuple[Mark, ...] = ()

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Self:
        marks = (
            Mark(start=int(each["start"]), end=int(each["end"]), type=str(each["type"]))
            for each in row["entities"]
        )
        return cls(text=str(row["text"]), marks=tuple(sorted(marks)))


def read_labelled(path: Path) -> Sequence[Labelled]:
    """The messages of a file. Raises SafetyConfigurationError when it is missing or damaged."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Labelled.parse(json.loads(line)) for line in lines if line]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SafetyConfigurationError(
            f"The labelled messages in {path.name} cannot be read ({type(exc).__name__})."
        ) from exc
