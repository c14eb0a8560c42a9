"""An instrument asked item by item: to the letter, with ways back and out, a crisis at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogs.assessment import Assessment
from bot.dialogs.dialog import Outcome, Verbatim
from bot.ids import new_id
from storage.facts import Facts, ScoreFact
from storage.records import AttemptAnswered, AttemptBegun, AttemptClosed
from tests.unit.bot.dialogs.stage import (
    NOON,
    Stage,
    all_words,
    commands,
    instruments,
    keys,
    values,
    words,
)

PHQ9 = instruments().by_id("phq9").current
GAD7 = instruments().by_id("gad7").current


def begun(command: str = "/phq9", facts: Facts | None = None) -> Stage:
    stage = Stage(Assessment(instruments()), facts=facts or Facts())
    stage.begin(command)
    return stage


def answered(stage: Stage, answers: str) -> Outcome:
    """Press a row of answers, such as `0123`."""
    for value in answers:
        stage.press(value)
        stage.state = json.loads(json.dumps(stage.state))
    return stage.last


def closed(outcome: Outcome) -> AttemptClosed:
    (record,) = [each for each in outcome.records if isinstance(each, AttemptClosed)]
    return record


def answers_in(outcome: Outcome) -> AttemptAnswered:
    (record,) = [each for each in outcome.records if isinstance(each, AttemptAnswered)]
    return record


def test_it_begins_with_what_it_is_about_and_records_the_attempt() -> None:
    outcome = begun().last
    assert "about-phq9" in keys(outcome)
    (record,) = outcome.records
    assert isinstance(record, AttemptBegun)
    assert record.form_id == PHQ9.id


@pytest.mark.parametrize("form", [PHQ9, GAD7], ids=lambda form: form.instrument)
def test_every_item_is_asked_to_the_letter_with_its_stem_and_options(form: object) -> None:
    form = PHQ9 if form is PHQ9 else GAD7
    stage = begun(f"/{form.instrument}")
    for number, item in enumerate(form.scored, start=1):
        question = stage.last.replies[-1]
        assert question.lines == (Verbatim(str(form.stem)), Verbatim(item.text))
        assert question.progress == (number, len(form.scored))
        labels = [c.label for c in question.choices[: len(item.options)]]
        assert labels == [Verbatim(option.label) for option in item.options]
        assert {"/pause", "/help_now"} <= set(commands(stage.last))
        stage.press("0")


def test_a_spanish_speaker_is_told_that_the_wording_stays_as_it_is() -> None:
    stage = Stage(Assessment(instruments()))
    stage.person = type(stage.person)(
        id=stage.person.id, conversation_id=stage.person.conversation_id, locale="es-MX"
    )
    assert "assessment-other-language" in keys(stage.begin("/phq9"))


def test_a_press_edits_the_question_in_place_and_typed_words_do_not() -> None:
    stage = begun()
    assert stage.press("1").replies[0].edits
    assert not stage.say("several days").replies[0].edits


def test_the_total_its_band_and_meaning_are_shown_and_stored_once() -> None:
    stage = begun()
    outcome = answered(stage, "111111110" + "0")
    assert outcome.state is None
    record = closed(outcome)
    assert record.status == "completed"
    (score,) = record.scores
    assert (score.score_type, score.value, score.band) == ("total", Decimal(8), "mild")
    assert score.interpretation == "meaning-phq9-mild"
    assert "PHQ-9: 8 of 27, mild" in all_words(outcome)
    assert "result-not-a-diagnosis" in keys(outcome)


def test_the_question_about_daily_life_follows_only_when_something_was_there() -> None:
    assert closed(answered(begun(), "000000000")).status == "completed"
    stage = begun()
    outcome = answered(stage, "100000000")
    assert stage.state is not None
    assert PHQ9.extra[0].text in all_words(outcome)
    assert "skip" in values(outcome)
    assert closed(stage.press("skip")).scores[0].value == 1


def test_every_answer_is_recorded_at_once_with_its_time() -> None:
    stage = begun()
    first = answers_in(stage.press("2"))
    second = answers_in(stage.press("3"))
    assert {key: answer.value for key, answer in second.answers.items()} == {"q1": 2, "q2": 3}
    assert second.answers["q1"] == first.answers["q1"]
    assert second.answers["q2"].at > second.answers["q1"].at


def test_going_back_and_changing_an_answer_counts_as_an_edit() -> None:
    stage = begun()
    answered(stage, "12")
    assert "assessment-answered-before" in keys(stage.press("back"))
    record = answers_in(stage.press("3"))
    assert (record.answers["q2"].value, record.answers["q2"].edits) == (3, 1)
    assert record.answers["q1"].edits == 0
    assert stage.last.replies[-1].progress == (3, 9)


def test_going_back_and_keeping_an_answer_is_no_edit() -> None:
    stage = begun()
    stage.press("1")
    stage.press("back")
    assert answers_in(stage.press("1")).answers["q1"].edits == 0


def test_the_first_question_has_no_way_back() -> None:
    stage = begun()
    assert "back" not in values(stage.last)
    stage.press("0")
    assert "back" in values(stage.last)


def test_going_far_back_continues_where_answers_are_missing() -> None:
    stage = begun()
    answered(stage, "0123")
    for _ in range(3):
        stage.press("back")
    assert stage.last.replies[-1].progress == (2, 9)
    assert stage.press("0").replies[-1].progress == (5, 9)


def test_a_number_that_may_mean_two_options_is_asked_about_and_not_counted() -> None:
    stage = begun()
    outcome = stage.say("2")
    assert outcome.records == ()
    assert values(outcome) == ["1", "2", "all"]
    assert answers_in(stage.press("2")).answers["q1"].value == 2


@pytest.mark.parametrize(("said", "value"), [("4", 3), ("0", 0), ("nearly everyday", 3)])
def test_words_for_one_option_are_counted_after_a_yes(said: str, value: int) -> None:
    stage = begun()
    assert stage.say(said).records == ()
    assert answers_in(stage.say("yes")).answers["q1"].value == value


def test_after_a_no_the_question_stands_as_before() -> None:
    stage = begun()
    stage.say("4")
    outcome = stage.say("no")
    assert outcome.records == ()
    assert values(outcome) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("said", ["NOT AT ALL", "not at all.", "  Not at all  "])
def test_an_option_typed_out_is_an_answer(said: str) -> None:
    stage = begun()
    assert answers_in(stage.say(said)).answers["q1"].value == 0


@pytest.mark.parametrize(
    "said", ["I had a bad week", "5", "-1", "1.5", "yes", "x" * 20_000, "مرحبا"]
)
def test_anything_else_is_never_counted(said: str) -> None:
    stage = begun()
    outcome = stage.say(said)
    assert outcome.records == ()
    assert stage.state is not None
    assert {"0", "1", "2", "3"} <= set(values(outcome))


def test_pause_and_back_can_be_typed() -> None:
    stage = begun()
    stage.press("0")
    assert stage.say("back").replies[-1].progress == (1, 9)
    outcome = stage.say("pause")
    assert outcome.paused
    assert stage.again().replies[-1].progress == (1, 9)


def test_stop_asks_before_it_stops() -> None:
    outcome = begun().say("stop")
    assert outcome.state is not None
    assert {"/stop", "/pause", "/resume"} <= set(commands(outcome))


def test_after_an_interruption_the_same_question_comes_back_unchanged() -> None:
    stage = begun()
    answered(stage, "01")
    before = stage.last.replies[-1]
    again = stage.again()
    assert again.replies[-1].lines[1:] == before.lines
    assert again.replies[-1].progress == before.progress
    assert again.records == ()


# What an answer reveals is acted on at that answer.


def test_item_nine_above_zero_is_a_crisis_at_that_answer_and_the_answer_is_kept() -> None:
    stage = begun()
    answered(stage, "00000000")
    outcome = stage.press("1")
    assert outcome.crisis is not None
    assert outcome.crisis.calls_for_humans
    assert answers_in(outcome).answers["q9"].value == 1
    assert outcome.paused
    assert outcome.state is not None


def test_item_nine_at_zero_is_none() -> None:
    assert answered(begun(), "333333330").crisis is None


def test_after_the_crisis_the_attempt_goes_on_to_its_result() -> None:
    stage = begun()
    answered(stage, "000000001")
    assert PHQ9.extra[0].text in all_words(stage.again())
    outcome = stage.press("2")
    assert closed(outcome).scores[0].value == 1
    assert outcome.state is None


def test_a_crisis_at_the_last_question_keeps_the_result_until_it_is_asked_for() -> None:
    """Back from the question after item nine, answered anew so that every item has an answer."""
    stage = begun()
    answered(stage, "000000000"[:8])
    stage.state = {**(stage.state or {}), "answers": _all_but_nine(stage), "at": "q9"}
    outcome = stage.press("1")
    assert outcome.crisis is not None
    assert closed(outcome).scores[0].value == 1
    assert keys(stage.again()) == ["assessment-see-result"]
    shown = stage.press("yes")
    assert "PHQ-9: 1 of 27" in all_words(shown)
    assert (shown.records, shown.state) == ((), None)


def _all_but_nine(stage: Stage) -> dict[str, object]:
    answers = dict((stage.state or {})["answers"])  # type: ignore[call-overload]
    return {**answers, "q10": [0, NOON.isoformat(), 0]}


def test_a_result_kept_through_a_crisis_may_be_left_for_later() -> None:
    stage = begun()
    answered(stage, "00000000")
    stage.state = {**(stage.state or {}), "answers": _all_but_nine(stage)}
    stage.press("2")
    stage.again()
    assert keys(stage.say("hm")) == ["assessment-see-result"]
    outcome = stage.press("no")
    assert (outcome.records, outcome.state) == ((), None)


def test_a_low_total_does_not_play_down_an_answer_that_was_a_crisis() -> None:
    stage = begun()
    answered(stage, "000000001")
    stage.again()
    said = keys(stage.press("skip"))
    assert "assessment-whatever-the-number" in said
    assert "meaning-phq9-minimal" not in said


def test_changing_item_nine_after_its_crisis_raises_no_second_one() -> None:
    stage = begun()
    answered(stage, "000000001")
    stage.again()
    stage.press("back")
    outcome = stage.press("3")
    assert outcome.crisis is None
    assert answers_in(outcome).answers["q9"].value == 3


STEP = st.sampled_from(["0", "1", "2", "3", "back", "skip"])
STEPS = st.one_of(
    st.lists(STEP, min_size=1, max_size=40),
    st.lists(STEP, min_size=1, max_size=12).map(lambda steps: [*"00000000", *steps]),
)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_on_any_path_item_nine_raises_exactly_one_crisis_and_only_above_zero(
    steps: list[str],
) -> None:
    stage = begun()
    crises = 0
    for step in steps:
        if stage.state is None or step not in values(stage.last):
            continue
        at_nine = stage.state["at"] == "q9"
        outcome = stage.press(step)
        if outcome.crisis is not None:
            crises += 1
            assert at_nine
            assert step in "123"
            stage.again()
    said = {
        answer.value
        for outcome in stage.outcomes
        for record in outcome.records
        if isinstance(record, AttemptAnswered)
        for key, answer in record.answers.items()
        if key == "q9"
    }
    assert crises == (1 if said & {1, 2, 3} else 0)


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_on_any_path_an_attempt_closes_once_with_the_sum_of_its_answers(steps: list[str]) -> None:
    stage = begun()
    for step in [*steps, *"0" * 10]:
        if stage.state is None:
            break
        if step in values(stage.last):
            stage.press(step)
            if stage.last.crisis is not None:
                stage.again()
    assert stage.state is None
    records = [record for outcome in stage.outcomes for record in outcome.records]
    (end,) = [record for record in records if isinstance(record, AttemptClosed)]
    last = [record for record in records if isinstance(record, AttemptAnswered)][-1]
    total = sum(answer.value or 0 for key, answer in last.answers.items() if key != "q10")
    assert end.scores[0].value == total
    assert end.id == last.id


# Batteries, choosing, and the change since last time.


def test_a_check_in_asks_both_as_two_attempts() -> None:
    stage = begun("/checkin")
    outcome = answered(stage, "000000000")
    (begins,) = [each for each in outcome.records if isinstance(each, AttemptBegun)]
    assert begins.form_id == GAD7.id
    assert closed(outcome).id != begins.id
    end = answered(stage, "0000000")
    assert closed(end).id == begins.id
    assert end.state is None


@pytest.mark.parametrize("said", ["phq9", "PHQ-9", "phq 9"])
def test_assess_takes_a_name(said: str) -> None:
    stage = Stage(Assessment(instruments()))
    (record,) = stage.begin("/assess", said).records
    assert isinstance(record, AttemptBegun)
    assert record.form_id == PHQ9.id


def test_assess_alone_offers_what_there_is() -> None:
    stage = Stage(Assessment(instruments()))
    assert {"phq9", "gad7"} <= set(values(stage.begin("/assess")))
    assert "assessment-unknown" in keys(stage.say("the other one"))
    (record,) = stage.press("gad7").records
    assert isinstance(record, AttemptBegun)


def earlier(total: int, instrument: str = "phq9") -> Facts:
    form = instruments().by_id(instrument).current
    fact = ScoreFact(
        attempt_id=new_id(),
        form_id=form.id,
        score_type="total",
        value=Decimal(total),
        band=None,
        at=NOON - timedelta(days=14),
    )
    return Facts(scores=(fact,))


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (8, "The same number as last time, on Nov 8, 2026."),
        (6, "2 more than last time (6, on Nov 8, 2026). Small changes like this are common."),
        (2, "good to tell someone about it"),
        (13, "5 less than last time (13, on Nov 8, 2026). Small changes"),
        (14, "You could notice what has been different"),
    ],
)
def test_the_change_since_last_time_is_told_and_only_a_reliable_one_is_read(
    before: int, sentence: str
) -> None:
    stage = begun(facts=earlier(before))
    assert sentence in all_words(answered(stage, "1111111100"))


def test_the_attempt_itself_is_no_last_time() -> None:
    stage = begun()
    assert stage.state is not None
    own = replace(earlier(3).scores[0], attempt_id=UUID(str(stage.state["attempt"])))
    stage.facts = Facts(scores=(own,))
    assert "assessment-change" not in keys(answered(stage, "000000000"))


def test_another_instruments_score_is_no_last_time() -> None:
    stage = begun(facts=earlier(3, "gad7"))
    assert "assessment-change" not in keys(answered(stage, "000000000"))


def test_words_of_a_result_exist_for_every_total() -> None:
    for total in range(22):
        row = "".join(str(min(3, max(0, total - 3 * item))) for item in range(7))
        stage = begun("/gad7")
        assert words(answered(stage, row).replies[0], "es")
