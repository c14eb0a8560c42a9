"""What holds of every set of answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.instruments.instrument import Form
from bot.instruments.scoring import score
from tests.unit.bot.instruments.forms import GAD7, PHQ9

ANSWER = st.integers(min_value=0, max_value=3)
FORMS = st.sampled_from([PHQ9, GAD7])


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, list[int]]:
    form = draw(FORMS)
    return form, draw(st.lists(ANSWER, min_size=len(form.scored), max_size=len(form.scored)))


@given(answered())
def test_a_complete_form_has_its_sum_as_total_and_a_band_that_holds_it(
    case: tuple[Form, list[int]],
) -> None:
    form, values = case
    line = score(form, values).total
    assert line.value == sum(values)
    band = next(band for band in form.score("total").bands if band.name == line.band)
    assert band.low <= sum(values) <= band.high


@given(answered(), st.data())
def test_a_graver_answer_never_lowers_the_total_or_the_band(
    case: tuple[Form, list[int]], data: st.DataObject
) -> None:
    form, values = case
    place = data.draw(st.integers(min_value=0, max_value=len(values) - 1))
    graver = values.copy()
    graver[place] = min(3, graver[place] + 1)
    bands = [band.name for band in form.score("total").bands]
    before, after = score(form, values).total, score(form, graver).total
    assert before.value is not None and after.value is not None
    assert after.value >= before.value
    assert bands.index(str(after.band)) >= bands.index(str(before.band))


@given(answered(), st.data())
def test_any_missing_answer_takes_the_total_away_and_leaves_the_crisis(
    case: tuple[Form, list[int]], data: st.DataObject
) -> None:
    form, values = case
    holes = data.draw(st.sets(st.integers(0, len(values) - 1), min_size=1))
    partial = [None if place in holes else value for place, value in enumerate(values)]
    result = score(form, partial)
    assert result.total.value is None
    assert result.flags == ()
    assert len(result.missing) == len(holes)
    crisis_asked = form is PHQ9 and partial[8] not in (None, 0)
    assert bool(result.crisis) == crisis_asked


@given(answered())
def test_the_crisis_of_a_whole_form_is_the_crisis_of_its_answers(
    case: tuple[Form, list[int]],
) -> None:
    form, values = case
    keys = [item.key for item in form.scored]
    at_once = [form.crisis_at(key, value) for key, value in zip(keys, values, strict=True)]
    assert [rule for rule in at_once if rule] == list(score(form, values).crisis)
