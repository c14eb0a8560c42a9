"""SQL that is written as SQL: in a file beside the module that runs it, one statement a section.

A section begins with `-- name: take_in`. Comments stay in the file; what is sent is one line,
short enough for psycopg to remember how it converted it (it forgets above 4,096 characters).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, LiteralString

_SECTION: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*$", re.MULTILINE)


def statement(file: str, name: str) -> LiteralString:
    """The statement `name` of `storage/<file>.sql`."""
    return statements(file)[name]


@cache
def statements(file: str) -> Mapping[str, LiteralString]:
    """Every statement of a file, by its name."""
    text = Path(__file__).with_name(f"{file}.sql").read_text(encoding="utf-8")
    _, *sections = _SECTION.split(text)
    names, bodies = sections[::2], sections[1::2]
    return {name: _one_line(body) for name, body in zip(names, bodies, strict=True)}


def _one_line(body: str) -> LiteralString:
    """From a file that ships with this package: as good as a literal."""
    return " ".join(_COMMENT.sub("", body).split())
