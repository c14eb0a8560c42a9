"""Finds the messages of Fluent files without parsing them.

Parsing takes 0.4 ms a message, a sixth of a second a language; a worker that starts says ten
of them. So a file is only cut into entries, and an entry is parsed when it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prompts.errors import PromptsError

_ENTRY: Final = re.compile(r"(-?[a-zA-Z][a-zA-Z0-9_-]*) *=")
_GOES_ON: Final = re.compile(r"[ }\[*]|$")
_COMMENT: Final = re.compile(r"#{1,3}( |$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An entry as it stands in its file: a message, or a term when the key begins with `-`."""

    key: str
    text: str
    file: str
    line: int

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def read_sources(path: Path) -> Iterator[Source]:
    """The entries of one file, in order. `PromptsError` names the line that belongs to none."""
    name = f"{path.parent.name}/{path.name}"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptsError(f"{name} cannot be read: {error}.") from error
    starts = [start for start, line in enumerate(lines) if _starts(line, name, start + 1)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _ENTRY.match(lines[start])
        if match is not None:
            text = "\n".join(lines[start:end]) + "\n"
            yield Source(key=match[1], text=text, file=name, line=start + 1)


def _starts(line: str, file: str, number: int) -> bool:
    """Whether an entry or a comment starts on this line."""
    if _ENTRY.match(line) or _COMMENT.match(line):
        return True
    if _GOES_ON.match(line):
        return False
    raise PromptsError(f"{file}:{number} is neither `key = words`, nor indented, nor a comment.")
