"""What a conversation remembers of its placeholders: enough to go on, and nothing to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.known import MOST_TAGS, NOTHING_KNOWN, Known
from safety.pii.placeholders import Placeholders
from safety.text import EntityType


def told(known: Known, *names: str) -> tuple[list[str], Known]:
    """The placeholders of some names, and what is known after them."""
    placeholders = Placeholders(known)
    tags = [placeholders.for_value(EntityType.PERSON, name, written=name) for name in names]
    return tags, placeholders.known()


def test_numbers_go_on_where_the_message_before_ended() -> None:
    _, known = told(NOTHING_KNOWN, "Priya", "Marcus")

    assert told(known, "Lena", "marcus")[0] == ["<PERSON_3>", "<PERSON_2>"]


def test_a_first_name_is_its_full_name_in_either_order() -> None:
    _, known = told(NOTHING_KNOWN, "Emily Watson", "Ravi")
    assert told(known, "emily", "Ravi Deshmukh", "watson")[0] == [
        "<PERSON_1>",
        "<PERSON_2>",
        "<PERSON_1>",
    ]


def test_two_people_of_one_first_name_stay_two() -> None:
    _, known = told(NOTHING_KNOWN, "Emily Watson", "Emily Clark")

    assert told(known, "emily clark", "emily watson")[0] == ["<PERSON_2>", "<PERSON_1>"]


def test_the_same_number_in_another_spelling_is_the_same() -> None:
    placeholders = Placeholders()
    first = placeholders.for_value(EntityType.PHONE, "07700 900456", written="07700 900456")
    after = Placeholders(placeholders.known())

    assert after.for_value(EntityType.PHONE, "07700-900-456", written="07700-900-456") == first


def test_nothing_of_a_value_can_be_read_in_it() -> None:
    _, known = told(NOTHING_KNOWN, "Ottoline Fairweather")
    stored = known.to_json().casefold()

    assert "ottoline" not in stored
    assert "fairweather" not in stored
    assert "ottoline" not in repr(known).casefold()


def test_the_same_name_has_another_fingerprint_in_another_conversation() -> None:
    _, one = told(NOTHING_KNOWN, "Priya")
    _, other = told(NOTHING_KNOWN, "Priya")

    assert one.marks["<PERSON_1>"].isdisjoint(other.marks["<PERSON_1>"])


def test_a_message_without_personal_data_changes_nothing() -> None:
    _, known = told(NOTHING_KNOWN, "Priya")

    assert told(known)[1] is known
    assert told(NOTHING_KNOWN)[1] is NOTHING_KNOWN


def test_of_very_many_the_oldest_are_forgotten_but_no_number_is_given_twice() -> None:
    _, known = told(NOTHING_KNOWN, *(f"name{number}" for number in range(MOST_TAGS + 5)))

    assert len(known.marks) == MOST_TAGS
    assert told(known, "name0")[0] == [f"<PERSON_{MOST_TAGS + 6}>"]


@given(st.lists(st.text(min_size=1, max_size=20), max_size=8))
def test_what_is_stored_is_what_is_read_back(names: list[str]) -> None:
    _, known = told(NOTHING_KNOWN, *names)
    read = Known.from_json(known.to_json())

    assert read == known
    assert told(read, *names)[0] == told(known, *names)[0]


@pytest.mark.parametrize("damaged", ["", "[]", "{}", "null", '{"salt": "xyz"}', '{"salt": 1}'])
def test_what_is_damaged_is_refused(damaged: str) -> None:
    with pytest.raises(ValueError):
        Known.from_json(damaged)
