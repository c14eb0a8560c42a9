"""`export.json`: one JSON document, written piece by piece. docs/export.md describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from bot.export.words import stamp
from storage.exporting.exports import ExportedRow, PersonExport
from storage.exporting.tables import EXPORT_TABLES, LEFT_OUT_TABLES, ExportTable

FORMAT: Final = 1
"""Raised when something that was there is called or built differently; not for additions."""


def head(export: PersonExport) -> bytes:
    about = {
        "format": FORMAT,
        "made_at": export.taken_at,
        "user_id": export.owner.id,
        "locale": export.owner.locale,
        "timezone": export.owner.timezone,
    }
    return _json(about)[:-1] + b',"tables":{'


def table_head(table: ExportTable, *, first: bool) -> bytes:
    end_of_last = b"" if first else b"\n],"
    return end_of_last + b"\n" + _json(table.name) + b":["


def rows(batch: Sequence[ExportedRow], *, first: bool) -> bytes:
    """One line a row."""
    lines = b",\n".join(_json(_row(row)) for row in batch)
    return (b"\n" if first else b",\n") + lines


def foot(counts: dict[str, int], unreadable: dict[str, int]) -> bytes:
    end = {"summary": {"rows": counts, "unreadable": unreadable}, "left_out": left_out()}
    return b"\n]}," + _json(end)[1:] + b"\n"


def left_out() -> list[dict[str, str]]:
    """What is about the person and not in here; without `column` a whole table."""
    columns = [
        {"table": table.name, "column": column, "reason": reason.value}
        for table in EXPORT_TABLES
        for column, reason in table.left_out.items()
    ]
    tables = [{"table": name, "reason": reason.value} for name, reason in LEFT_OUT_TABLES.items()]
    return tables + columns


def plain(value: object) -> object:
    """What JSON has no type for."""
    match value:
        case date():
            return stamp(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case UUID():
            return str(value)
    raise TypeError(f"An export holds a {type(value).__name__}, which JSON has no way to write.")


def _row(row: ExportedRow) -> dict[str, object]:
    marked = {"unreadable": list(row.unreadable)} if row.unreadable else {}
    return {**row.values, **marked}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=plain, separators=(",", ":")).encode(
        errors="replace"
    )
