from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.adapter import Button, Message
from bot.adapters.telegram_sending import keyboard_of, text_of
from bot.errors import SendRefusedError


def rows_of(labels: Sequence[str]) -> list[list[str]]:
    buttons = [Button(label=label, data=f"d:{number}") for number, label in enumerate(labels)]
    keyboard = keyboard_of(buttons)
    return [[button.text for button in row] for row in keyboard.inline_keyboard] if keyboard else []


def test_answers_stand_one_a_row_in_full_width() -> None:
    assert rows_of(["Not at all", "Several days", "Back"]) == [
        ["Not at all"],
        ["Several days"],
        ["Back"],
    ]


def test_numbers_stand_side_by_side_in_even_rows() -> None:
    ten = [str(number) for number in range(1, 11)]
    assert rows_of([*ten, "Skip"]) == [ten[:5], ten[5:], ["Skip"]]
    assert [len(row) for row in rows_of(["0", *ten])] == [3, 4, 4]


@given(st.lists(st.sampled_from(["1", "10", "100", "Never", "Back"]), max_size=100))
def test_every_button_is_shown_once_and_in_order(labels: list[str]) -> None:
    rows = rows_of(labels)
    assert [label for row in rows for label in row] == labels
    assert all(1 <= len(row) <= 5 for row in rows)


def test_no_buttons_are_no_keyboard() -> None:
    assert keyboard_of(()) is None


def test_progress_stands_above_the_question() -> None:
    message = Message(text="Little interest?", progress=(3, 9))
    assert text_of(message, limit=4096) == "3/9\n\nLittle interest?"


def test_progress_gives_way_where_the_text_needs_all_the_room() -> None:
    message = Message(text="x" * 4096, progress=(3, 9))
    assert text_of(message, limit=4096) == message.text


def test_length_is_counted_in_utf_16_units_as_telegram_does() -> None:
    assert text_of(Message(text="\N{GRINNING FACE}" * 5), limit=10)
    with pytest.raises(SendRefusedError):
        text_of(Message(text="\N{GRINNING FACE}" * 5 + "!"), limit=10)
