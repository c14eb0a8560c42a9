"""Cells of a CSV file: no formula, and nothing lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.export.sheets import guarded, rows
from storage.exporting.exports import ExportedRow
from storage.exporting.tables import ExportTable

TABLE = ExportTable(name="t", columns=("a", "b"))


def cells(*values: object) -> list[list[str]]:
    made = rows(TABLE, [ExportedRow(values=dict(zip("ab", values, strict=True)))])
    return list(csv.reader(io.StringIO(made.decode(), newline="")))


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_a_text_never_begins_like_a_formula_and_can_be_read_back(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.replace("\x00", "\ufffd")


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_whatever_is_in_a_cell_stays_in_it(text: str) -> None:
    assert cells(text, "next") == [[guarded(text), "next", ""]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (-3, "-3"),
        (Decimal("-2.5"), "-2.5"),
        (Decimal("7"), "7"),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), "2026-11-22T12:00:00+00:00"),
        ({"note": "=1"}, '{"note": "=1"}'),
        (["é"], '["é"]'),
    ],
)
def test_numbers_stay_numbers_and_structures_become_json(value: object, cell: str) -> None:
    assert cells(value, None)[0][0] == cell
