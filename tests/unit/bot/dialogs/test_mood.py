"""A mood is a whole number from 1 to 10, said in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.dialog import Outcome, Turn
from bot.dialogs.mood import Mood
from bot.ids import new_id
from safety.text import ScreenedText
from storage.records import MoodRecorded
from tests.unit.bot.dialogs.stage import NOON, Stage, commands, keys, person, values


def recorded(outcome: Outcome) -> MoodRecorded:
    (record,) = outcome.records
    assert isinstance(record, MoodRecorded)
    assert outcome.state is None
    return record


@pytest.mark.parametrize(
    ("said", "score", "note"),
    [
        ("7", 7, None),
        ("7 slept well", 7, "slept well"),
        ("10", 10, None),
        ("1, could not get up", 1, "could not get up"),
        ("7/10", 7, None),
        ("7 / 10 tired", 7, "tired"),
        ("3 out of 10 again", 3, "again"),
        ("6 de 10", 6, None),
        ("seven", 7, None),
        ("Seven, slept well", 7, "slept well"),
        ("diez", 10, None),
        ("siete dormí bien", 7, "dormí bien"),
        ("5 - so so", 5, "so so"),
        ("  4  ", 4, None),
        ("8. good", 8, "good"),
        ("7 10 minutes of sun", 7, "10 minutes of sun"),
    ],
)
def test_a_mood_is_understood_with_its_note(said: str, score: int, note: str | None) -> None:
    record = recorded(Stage(Mood()).begin("/mood", said))
    assert record.score == score
    assert (record.note.masked if record.note else None) == note


@pytest.mark.parametrize(
    "said",
    ["11", "0", "7.5", "7,5", "-3", "100", "eleven", "good", "7th", "999999999999", "7/100", "½"],
)
def test_anything_else_is_asked_again_with_an_example_and_not_stored(said: str) -> None:
    outcome = Stage(Mood()).begin("/mood", said)
    assert keys(outcome) == ["mood-unclear"]
    assert outcome.records == ()
    assert values(outcome) == [str(score) for score in range(1, 11)]


def test_without_a_number_it_asks_with_ten_buttons_and_one_tap_is_enough() -> None:
    stage = Stage(Mood())
    assert values(stage.begin("/mood")) == [str(score) for score in range(1, 11)]
    record = recorded(stage.press("4"))
    assert (record.score, record.note) == (4, None)


def test_a_note_is_kept_with_its_originals() -> None:
    said = ScreenedText.screened("6 met <PERSON_1>", {"<PERSON_1>": "Ada"})
    turn = Turn(id=new_id(), now=NOON, person=person(), said=said)
    note = recorded(Mood().begin(turn)).note
    assert note is not None
    assert note.masked == "met <PERSON_1>"
    assert note.restored() == "met Ada"


def test_what_is_not_a_mood_three_times_over_lets_the_person_go() -> None:
    stage = Stage(Mood())
    stage.begin("/mood")
    assert stage.say("why do you ask").state is not None
    assert stage.say("leave me").state is not None
    outcome = stage.say("please")
    assert keys(outcome) == ["mood-let-go"]
    assert outcome.state is None


@pytest.mark.parametrize("score", range(1, 11))
def test_a_very_low_mood_is_offered_breathing_and_every_mood_help_now(score: int) -> None:
    outcome = Stage(Mood()).begin("/mood", str(score))
    assert ("/breathe" in commands(outcome)) == (score <= 2)
    assert "/help_now" in commands(outcome)


@given(st.integers(min_value=-(10**12), max_value=10**12), st.text(max_size=20))
def test_only_whole_numbers_from_1_to_10_are_ever_stored(number: int, rest: str) -> None:
    outcome = Stage(Mood()).begin("/mood", f"{number} {rest}")
    if outcome.records:
        assert 1 <= recorded(outcome).score <= 10
        assert recorded(outcome).score == number
    else:
        assert outcome.state is not None
