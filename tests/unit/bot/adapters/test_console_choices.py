"""What a typed line chooses."""

from __future__ import annotations

import pytest

from bot.adapters.adapter import Button
from bot.adapters.console_choices import Choices, number


def choices(*labels: str) -> Choices:
    buttons = tuple(Button(label=label, data=f"d:n:{at}") for at, label in enumerate(labels))
    return Choices(message="1", dialog="d", buttons=buttons)


def chosen(line: str, *labels: str) -> str | None:
    button = choices(*labels).find(line)
    return button.label if button else None


@pytest.mark.parametrize("line", ["2", " 2 ", "2.", "2)", "٢", "several days", "SEVERAL  DAYS "])
def test_a_choice_is_named_by_its_place_or_its_label(line: str) -> None:
    assert chosen(line, "Not at all", "Several days") == "Several days"


@pytest.mark.parametrize("line", ["0", "3", "-1", "2 days", "several", "", "1.5", "9" * 5000])
def test_anything_else_is_no_choice(line: str) -> None:
    assert chosen(line, "Not at all", "Several days") is None


def test_labels_compare_in_every_language() -> None:
    assert chosen("STRASSE", "Straße", "Weg") == "Straße"
    assert chosen("لا", "نعم", "لا") == "لا"


def test_a_number_that_is_a_label_is_that_label_and_never_a_place() -> None:
    moods = tuple(str(score) for score in range(11))
    assert chosen("1", *moods) == "1"
    assert chosen("11", *moods) is None


@pytest.mark.parametrize("line", ["0", "1", "2", "3"])
def test_a_number_is_no_guess_where_labels_begin_with_numbers(line: str) -> None:
    assert chosen(line, "0 - never", "1 or 2", "3 or 4") is None
    assert chosen("1 OR 2", "0 - never", "1 or 2", "3 or 4") == "1 or 2"


def test_only_a_bare_number_is_a_number() -> None:
    assert [number(line) for line in ("7", "7.", "7 slept well", "seven")] == [7, 7, None, None]
