"""Scores answers: pure, exact, and strict about what counts as an answer.

Answers are the values printed on the published form, in its order, before any reversal; None is
an item without an answer. Whole numbers and fractions are exact throughout; a score that does not
end (a mean of 1/3) is rounded half up to four places at the very end, as it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from typing import Final, TypeAlias

from bot.instruments.errors import AnswersError
from bot.instruments.instrument import Form, Item, Method, Score
from bot.instruments.rules import Condition, CrisisRule, Flag

FOUR_PLACES: Final = Decimal("0.0001")

Test: TypeAlias = tuple[int, frozenset[int]]
"""An item by its place among the scored ones, and the answers that pass."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreLine:
    """One score. `value` is None when too many of its items lack an answer."""

    type: str
    value: Decimal | None
    band: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What answers come to. `crisis` are the rules that an answer meets, also on a form that is
    not complete; `missing` the keys of scored items without an answer."""

    scores: tuple[ScoreLine, ...]
    complete: bool
    crisis: tuple[CrisisRule, ...]
    flags: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def total(self) -> ScoreLine:
        return next(line for line in self.scores if line.type == "total")


def score(form: Form, values: Sequence[int | None]) -> Result:
    """The result of a form's scored items, answered in the order of the form. `AnswersError`
    names the item whose answer is none of its options, or says how many answers there must be."""
    return _scorer(form).score(values)


def score_answers(form: Form, answers: Mapping[str, int | None]) -> Result:
    """The same from answers by item key. Items that are not scored are checked, not counted."""
    unknown = set(answers) - {item.key for item in form.items}
    if unknown:
        raise AnswersError(f"{form.abbreviation} has no item {min(unknown)}.")
    for item in form.extra:
        check_answer(item, answers.get(item.key))
    return score(form, [answers.get(item.key) for item in form.scored])


def check_answer(item: Item, value: int | None) -> None:
    """`AnswersError` when an item's answer is neither None nor one of its options' values."""
    if value is None:
        return
    allowed = [option.value for option in item.options]
    # `type`, not isinstance: true is no answer, and neither is 1.0.
    if type(value) is not int or value not in allowed:
        raise AnswersError(f"{item.key} takes {_one_of(allowed)}.")


def follow_ups(form: Form, result: Result) -> tuple[Item, ...]:
    """The items that are not scored and that these answers call for. They are optional."""
    if not result.complete:
        return ()
    values = {line.type: line.value for line in result.scores}
    return tuple(item for item in form.extra if _is_due(item.show_if, values))


def _is_due(show_if: Condition | None, scores: Mapping[str, Decimal | None]) -> bool:
    if show_if is None:
        return True
    value = scores.get(show_if.subject)
    return value is not None and show_if.holds(value)


class _Scorer:
    """A form made ready for many attempts: what each answer counts and which rules it meets is
    looked up, and each sum met before has its line."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._items = form.scored
        self._places = {item.key: place for place, item in enumerate(self._items)}
        self._points = tuple(
            {option.value: item.points(option.value) for option in item.options}
            for item in self._items
        )
        self._parts = tuple(
            (part, [self._places[key] for key in part.items]) for part in form.scores
        )
        self._counts: list[tuple[Test, ...]] = []
        self._flags = tuple(self._rule(flag) for flag in form.flags)
        asked = [rule for rule in form.crisis if rule.when.subject in self._places]
        self._crisis = tuple((rule, *self._test(rule.when)) for rule in asked)
        self._whole: dict[tuple[str, int], ScoreLine] = {}

    def score(self, values: Sequence[int | None]) -> Result:
        points = self._points_of(values)
        lines = tuple([self._line(part, places, points) for part, places in self._parts])
        counts = [_met(tests, values) for tests in self._counts]
        return Result(
            scores=lines,
            complete=None not in points,
            crisis=tuple([rule for rule, at, meets in self._crisis if values[at] in meets]),
            flags=tuple([rule.name for rule in self._flags if rule.raised(lines, counts)]),
            missing=self._missing(points),
        )

    def _points_of(self, values: Sequence[int | None]) -> list[int | None]:
        if len(values) != len(self._items):
            name, count = self._form.abbreviation, len(self._items)
            raise AnswersError(f"{name} takes {count} answers, not {len(values)}.")
        points: list[int | None] = []
        for table, value in zip(self._points, values, strict=True):
            point = table.get(value) if type(value) is int else None
            if point is None and value is not None:
                check_answer(self._items[len(points)], value)
            points.append(point)
        return points

    def _missing(self, points: list[int | None]) -> tuple[str, ...]:
        if None not in points:
            return ()
        answered = zip(self._items, points, strict=True)
        return tuple(item.key for item, point in answered if point is None)

    def _line(self, part: Score, places: list[int], points: list[int | None]) -> ScoreLine:
        answered = [point for place in places if (point := points[place]) is not None]
        if len(answered) == len(places):
            return self._whole_line(part, sum(answered))
        missed = {place for place in places if points[place] is None}
        if (
            not answered
            or len(missed) > part.may_miss
            or missed & {at for _, at, _ in self._crisis}
        ):
            return ScoreLine(type=part.type, value=None, band=None)
        return _line_of(part, Fraction(sum(answered) * len(places), len(answered)))

    def _whole_line(self, part: Score, total: int) -> ScoreLine:
        """Sums of whole numbers are few, so each is made into a line once."""
        line = self._whole.get((part.type, total))
        if line is None:
            line = self._whole[part.type, total] = _line_of(part, Fraction(total))
        return line

    def _rule(self, flag: Flag) -> _Rule:
        """A condition on an item is a count of one; conditions on scores are kept as they are."""
        types = [part.type for part, _ in self._parts]
        spans = [(self._counted(each.conditions), *each.span) for each in flag.counts]
        cuts = []
        for condition in flag.conditions:
            if condition.subject in types:
                cuts.append((types.index(condition.subject), condition))
            else:
                spans.append((self._counted((condition,)), 1, 1))
        return _Rule(name=flag.name, cuts=tuple(cuts), spans=tuple(spans))

    def _counted(self, conditions: tuple[Condition, ...]) -> int:
        """The position of a count among those made at each attempt; flags share them."""
        tests = tuple(self._test(condition) for condition in conditions)
        if tests not in self._counts:
            self._counts.append(tests)
        return self._counts.index(tests)

    def _test(self, condition: Condition) -> Test:
        place = self._places[condition.subject]
        return place, frozenset(filter(condition.holds, self._points[place]))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    """A flag made ready: cut-offs on scores by position, and spans that counts must lie in."""

    name: str
    cuts: tuple[tuple[int, Condition], ...]
    spans: tuple[tuple[int, int, int], ...]

    def raised(self, lines: tuple[ScoreLine, ...], counts: list[int | None]) -> bool:
        """Whether all parts hold. With an answer or a score missing, the flag stays down."""
        for position, condition in self.cuts:
            value = lines[position].value
            if value is None or not condition.holds(value):
                return False
        for position, least, most in self.spans:
            count = counts[position]
            if count is None or not least <= count <= most:
                return False
        return True


def _met(tests: tuple[Test, ...], values: Sequence[int | None]) -> int | None:
    """How many of the answers pass; None when one of them is missing."""
    met = 0
    for place, passing in tests:
        value = values[place]
        if value in passing:
            met += 1
        elif value is None:
            return None
    return met


@cache
def _scorer(form: Form) -> _Scorer:
    return _Scorer(form)


def _line_of(part: Score, total: Fraction) -> ScoreLine:
    """A score from the sum of its items' points."""
    exact = total * part.multiply
    if part.method is Method.MEAN:
        exact /= len(part.items)
    return ScoreLine(type=part.type, value=_decimal(exact), band=part.band(exact))


def _decimal(exact: Fraction) -> Decimal:
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    if exact.denominator == 1:
        return value
    return value.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)


def _one_of(values: Sequence[int]) -> str:
    *most, last = sorted(values)
    return f"{', '.join(map(str, most))} or {last}"
