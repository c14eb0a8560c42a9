"""What typed words may mean as an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.typed_option import meant, same_words
from tests.unit.bot.dialogs.stage import instruments

ITEM = instruments().by_id("phq9").current.items[0]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("0", [0]),
        ("1", [0, 1]),
        ("2", [1, 2]),
        ("3", [2, 3]),
        ("4", [3]),
        ("5", []),
        ("several", [1]),
        ("several dayz", [1]),
        ("more than half", [2]),
        ("nearly everyday", [3]),
        ("days", [1, 2]),
        ("no", []),
        ("a", []),
        ("", []),
        ("terrible", []),
    ],
)
def test_words_may_mean_these_options(said: str, values: list[int]) -> None:
    assert [option.value for option in meant(ITEM, said)] == values


def test_a_label_is_the_same_whatever_its_case_and_punctuation() -> None:
    option = same_words(ITEM, "Nearly every day!")
    assert option is not None
    assert option.value == 3
    assert same_words(ITEM, "nearly every") is None


@given(st.text(max_size=300))
def test_any_words_can_be_looked_at(said: str) -> None:
    assert set(meant(ITEM, said)) <= set(ITEM.options)
    same_words(ITEM, said)
