"""Published cut points and vectors worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bot.instruments.errors import AnswersError
from bot.instruments.instrument import Form
from bot.instruments.scoring import follow_ups, score, score_answers
from tests.unit.bot.instruments.forms import GAD7, INVENTED, PHQ9, form, total

PHQ9_BANDS = [
    *((value, "minimal") for value in (0, 1, 4)),
    *((value, "mild") for value in (5, 9)),
    *((value, "moderate") for value in (10, 14)),
    *((value, "moderately_severe") for value in (15, 19)),
    *((value, "severe") for value in (20, 27)),
]
GAD7_BANDS = [
    *((value, "minimal") for value in (0, 4)),
    *((value, "mild") for value in (5, 9)),
    *((value, "moderate") for value in (10, 14)),
    *((value, "severe") for value in (15, 21)),
]


def answers_that_sum_to(value: int, items: int) -> list[int]:
    """As many threes as fit, from the first item on, then the rest."""
    threes, rest = divmod(value, 3)
    return ([3] * threes + [rest] * (rest > 0) + [0] * items)[:items]


@pytest.mark.parametrize(("value", "band"), PHQ9_BANDS)
def test_phq9_bands_begin_and_end_where_kroenke_2001_puts_them(value: int, band: str) -> None:
    result = score(PHQ9, answers_that_sum_to(value, 9))
    assert (result.total.value, result.total.band) == (value, band)


@pytest.mark.parametrize(("value", "band"), GAD7_BANDS)
def test_gad7_bands_begin_and_end_where_spitzer_2006_puts_them(value: int, band: str) -> None:
    result = score(GAD7, answers_that_sum_to(value, 7))
    assert (result.total.value, result.total.band) == (value, band)


@pytest.mark.parametrize(
    ("form", "values", "expected"),
    [
        (PHQ9, [1, 2, 3, 0, 1, 2, 3, 0, 1], 13),
        (PHQ9, [0, 0, 1, 1, 0, 1, 0, 0, 0], 3),
        (PHQ9, [3, 3, 3, 3, 3, 3, 3, 3, 3], 27),
        (GAD7, [2, 2, 1, 1, 0, 3, 2], 11),
        (GAD7, [0, 0, 0, 0, 0, 0, 1], 1),
    ],
)
def test_a_total_is_the_sum_of_the_answers(form: Form, values: list[int], expected: int) -> None:
    result = score(form, values)
    assert result.total.value == Decimal(expected)
    assert result.complete
    assert result.missing == ()


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        # five symptoms, one of them core
        ([2, 0, 2, 2, 2, 2, 0, 0, 0], {"probable_major_depression", "major_depressive_syndrome"}),
        # item 9 counts from "several days" on
        ([2, 2, 2, 2, 0, 0, 0, 0, 1], {"major_depressive_syndrome"}),
        # four symptoms
        ([2, 2, 2, 2, 0, 0, 0, 0, 0], {"other_depressive_syndrome"}),
        # two symptoms, the fewest
        ([0, 3, 0, 0, 0, 0, 0, 3, 0], {"other_depressive_syndrome"}),
        # one symptom
        ([3, 0, 0, 0, 0, 0, 0, 0, 0], set()),
        # seven symptoms, none of them core
        ([1, 1, 3, 3, 3, 3, 3, 3, 3], {"probable_major_depression"}),
    ],
)
def test_phq9_algorithm_needs_a_core_symptom_and_enough_symptoms(
    values: list[int], flags: set[str]
) -> None:
    expected = flags | ({"probable_major_depression"} if sum(values) >= 10 else set())
    assert set(score(PHQ9, values).flags) == expected


def test_cut_offs_are_raised_from_their_published_value_on() -> None:
    assert "probable_gad" not in score(GAD7, answers_that_sum_to(9, 7)).flags
    assert "probable_gad" in score(GAD7, answers_that_sum_to(10, 7)).flags
    assert "probable_major_depression" not in score(PHQ9, answers_that_sum_to(9, 9)).flags
    assert "probable_major_depression" in score(PHQ9, answers_that_sum_to(10, 9)).flags


@pytest.mark.parametrize("missing", range(9))
def test_a_phq9_with_a_missing_answer_has_no_total_and_no_flags(missing: int) -> None:
    values: list[int | None] = [3] * 9
    values[missing] = None
    result = score(PHQ9, values)
    assert (result.total.value, result.total.band) == (None, None)
    assert result.flags == ()
    assert not result.complete
    assert result.missing == (f"q{missing + 1}",)


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_nine_is_a_crisis_from_several_days_on_even_when_all_else_is_missing(
    answer: int,
) -> None:
    result = score(PHQ9, [None] * 8 + [answer])
    assert [rule.reason for rule in result.crisis] == ["PHQ-9 item 9 answered above 0"]
    assert result.total.value is None


def test_item_nine_is_no_crisis_at_not_at_all_or_without_an_answer() -> None:
    assert score(PHQ9, [3] * 8 + [0]).crisis == ()
    assert score(PHQ9, [3] * 8 + [None]).crisis == ()


@pytest.mark.parametrize(
    "value", [True, False, 1.0, float("nan"), Decimal(1), Fraction(1), "1", 4, -1, 10**30, [1], {}]
)
def test_what_is_not_an_answer_is_refused_by_the_name_of_its_item(value: Any) -> None:
    with pytest.raises(AnswersError, match=r"^q4 takes 0, 1, 2 or 3\.$"):
        score(PHQ9, [0, 0, 0, value, 0, 0, 0, 0, 0])


@pytest.mark.parametrize("count", [0, 8, 10])
def test_too_few_or_too_many_answers_are_refused(count: int) -> None:
    with pytest.raises(AnswersError, match=f"^PHQ-9 takes 9 answers, not {count}"):
        score(PHQ9, [0] * count)


def test_answers_by_key_score_like_answers_in_order() -> None:
    by_key: dict[str, int | None] = {f"q{place}": place % 4 for place in range(1, 10)}
    assert score_answers(PHQ9, by_key) == score(PHQ9, [place % 4 for place in range(1, 10)])


def test_an_item_that_is_not_scored_is_checked_and_not_counted() -> None:
    by_key: dict[str, int | None] = {f"q{place}": 0 for place in range(1, 10)}
    assert score_answers(PHQ9, by_key | {"q10": 3}).total.value == 0
    with pytest.raises(AnswersError, match="q10 takes"):
        score_answers(PHQ9, by_key | {"q10": 4})


def test_an_answer_to_an_item_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(AnswersError, match="GAD-7 has no item q8"):
        score_answers(GAD7, {"q1": 0, "q8": 0})


def test_the_difficulty_item_follows_only_a_complete_form_with_a_problem() -> None:
    assert [item.key for item in follow_ups(PHQ9, score(PHQ9, [1] + [0] * 8))] == ["q10"]
    assert follow_ups(PHQ9, score(PHQ9, [0] * 9)) == ()
    assert follow_ups(PHQ9, score(PHQ9, [None] + [3] * 8)) == ()


def test_nothing_follows_a_form_that_is_not_complete(tmp_path: Path) -> None:
    always = {"key": "q4", "text": "the cosy", "options": "warmth", "scored": False}
    extended = form(tmp_path, items=[*INVENTED["items"], always])
    assert [item.key for item in follow_ups(extended, score(extended, [0, 0, 0]))] == ["q4"]
    assert follow_ups(extended, score(extended, [0, None, 0])) == ()


# What later instruments need of the format, on an invented form.


def test_a_reversed_item_counts_mirrored(tmp_path: Path) -> None:
    items = [
        {"key": "q1", "text": "the spout", "options": "warmth"},
        {"key": "q2", "text": "the cold of the lid", "options": "warmth", "reverse": True},
        {"key": "q3", "text": "the handle", "options": "warmth"},
    ]
    assert score(form(tmp_path, items=items), [2, 0, 1]).total.value == 5


def test_subscales_are_scored_beside_the_total(tmp_path: Path) -> None:
    outside = total(type="outside", items=["q1", "q3"], range=[0, 4])
    result = score(form(tmp_path, scores=[total(), outside]), [1, 2, 2])
    assert [(line.type, line.value) for line in result.scores] == [("total", 5), ("outside", 3)]


def test_a_subscale_is_scored_when_only_other_items_are_missing(tmp_path: Path) -> None:
    outside = total(type="outside", items=["q1", "q3"], range=[0, 4])
    result = score(form(tmp_path, scores=[total(), outside]), [1, None, 2])
    assert [(line.type, line.value) for line in result.scores] == [("total", None), ("outside", 3)]


def test_a_score_can_be_multiplied(tmp_path: Path) -> None:
    assert (
        score(form(tmp_path, scores=[total(multiply=4, range=[0, 24])]), [1, 1, 1]).total.value
        == 12
    )


def test_a_mean_is_rounded_half_up_to_four_places(tmp_path: Path) -> None:
    mean = form(tmp_path, scores=[total(method="mean", range=[0, 2])])
    assert str(score(mean, [1, 1, 0]).total.value) == "0.6667"
    assert str(score(mean, [1, 1, 1]).total.value) == "1"


def test_a_band_is_found_by_the_exact_mean(tmp_path: Path) -> None:
    bands = [{"name": "low", "range": [0, 0.66]}, {"name": "high", "range": [0.666, 2]}]
    mean = form(tmp_path, scores=[total(method="mean", range=[0, 2], bands=bands)])
    assert score(mean, [1, 0, 0]).total.band == "low"
    assert score(mean, [1, 1, 0]).total.band == "high"


def test_missing_answers_are_stood_for_by_the_mean_where_the_instrument_says_so(
    tmp_path: Path,
) -> None:
    lenient = form(tmp_path, scores=[total(may_miss=1)])
    assert score(lenient, [2, None, 1]).total.value == Decimal("4.5")
    assert not score(lenient, [2, None, 1]).complete
    assert score(lenient, [2, None, None]).total.value is None


def test_nothing_stands_for_a_missing_answer_to_an_item_with_a_crisis_rule(tmp_path: Path) -> None:
    rule = {"when": "q2 > 0", "severity": "high", "domain": "suicide", "reason": "q2 above 0"}
    lenient = form(tmp_path, scores=[total(may_miss=1)], crisis=[{**rule, "verified": "V2"}])
    assert score(lenient, [2, None, 1]).total.value is None
    assert score(lenient, [None, 0, 1]).total.value == Decimal("1.5")


def test_a_flag_on_an_item_stays_down_without_its_answer(tmp_path: Path) -> None:
    flag = {"name": "not_hot", "when": "q1 < 2", "verified": "V1"}
    flagged = form(tmp_path, flags=[flag])
    assert score(flagged, [1, 0, 0]).flags == ("not_hot",)
    assert score(flagged, [2, 0, 0]).flags == ()
    assert score(flagged, [None, 0, 0]).flags == ()
