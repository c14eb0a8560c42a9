"""A run through a form as a value."""

from __future__ import annotations

import json

from bot.dialogs.attempt import RESULT, Attempt
from bot.ids import new_id
from tests.unit.bot.dialogs.stage import NOON, instruments

PHQ9 = instruments().by_id("phq9").current


def run(values: list[int | None]) -> Attempt:
    attempt = Attempt.new(new_id(), PHQ9, ("gad7",))
    for value in values:
        attempt = attempt.answered(value, NOON)
    return attempt


def test_it_comes_back_from_its_state_as_it_was() -> None:
    attempt = run([1, 2, 0]).back()
    state = json.loads(json.dumps(attempt.state))
    assert Attempt.read(state, instruments()) == attempt


def test_its_scores_have_ids_of_their_own_that_a_second_try_repeats() -> None:
    attempt, turn = run([0] * 9), new_id()
    first, second = attempt.closed_record(turn, NOON), attempt.closed_record(turn, NOON)
    other = attempt.closed_record(new_id(), NOON)
    assert first == second
    assert first.scores[0].id != other.scores[0].id
    assert first.scores[0].id.version == 7
    assert first.scores[0].id.bytes[:6] == turn.bytes[:6]


def test_without_an_answer_to_a_scored_item_there_is_no_total() -> None:
    attempt = run([0, None, 0, 0, 0, 0, 0, 0, 0])
    assert attempt.at == RESULT
    record = attempt.closed_record(new_id(), NOON)
    assert (record.status, record.scores) == ("expired", ())


def test_the_question_after_the_scored_ones_is_the_tenth_of_ten() -> None:
    assert run([1, *[0] * 7]).place == (9, 9)
    assert run([1, *[0] * 8]).place == (10, 10)
