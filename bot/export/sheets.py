"""One CSV file a table, as RFC 4180 has it: UTF-8, a header, CRLF at the end of a row.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, whoever wrote it.
Such a text gets an apostrophe in front, and so does one that begins with an apostrophe, so that
leaving out one leading apostrophe always gives the text back. Numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.export.document import plain
from bot.export.words import stamp
from storage.exporting.exports import ExportedRow
from storage.exporting.tables import ExportTable

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_NUL: Final = {0: "\ufffd"}  # no spreadsheet takes it


def header(table: ExportTable) -> bytes:
    return _lines([[*table.columns, "unreadable"]])


def rows(table: ExportTable, batch: Sequence[ExportedRow]) -> bytes:
    """Empty for what is not known, and for what does not open: then `unreadable` names it."""
    return _lines(
        [
            [*(_cell(row.values[name]) for name in table.columns), " ".join(row.unreadable)]
            for row in batch
        ]
    )


def _cell(value: object) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case str():
            return guarded(value)
        case date():
            return stamp(value)
        case dict() | list():
            return guarded(json.dumps(value, ensure_ascii=False, default=plain))
    other = plain(value)
    return other if isinstance(other, (int, float)) else str(other)


def guarded(text: str) -> str:
    text = text.translate(_NUL)
    return f"'{text}" if text.startswith(_RISKY) else text


def _lines(cells: list[list[str | int | float]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(cells)
    return text.getvalue().encode(errors="replace")
