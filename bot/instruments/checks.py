"""What must hold of a form beyond the kinds of its fields. Each check names the wrong field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from bot.instruments.errors import FormFileError
from bot.instruments.instrument import Form, Item, Method, Score
from bot.instruments.rules import Flag

_ID: Final = re.compile(r"[a-z0-9]+")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
_LOINC: Final = re.compile(r"(\d+)-(\d)")
_LOINC_ANSWER: Final = re.compile(r"LA\d+-\d")


def check_form(form: Form, file: str) -> None:
    """Raises `FormFileError` for the first thing that is wrong."""
    for what in problems(form):
        raise FormFileError(file, what)


def problems(form: Form) -> Iterator[str]:
    """Everything that is wrong with a form, as sentences that name the field."""
    yield from _names(form)
    yield from _options(form)
    yield from _order(form)
    yield from _scores(form)
    yield from _conditions(form)
    yield from _loinc(form)


def _names(form: Form) -> Iterator[str]:
    if not _ID.fullmatch(form.instrument):
        yield "instrument must be lower case letters and digits."
    if form.version < 1:
        yield "version must be 1 or more."
    for item in form.items:
        if not _KEY.fullmatch(item.key):
            yield f"items: the key {item.key!r} must be lower case letters, digits and _."
    yield from _twice("items", "key", (item.key for item in form.items))
    yield from _twice("scores", "type", (score.type for score in form.scores))
    yield from _twice("flags", "name", (flag.name for flag in form.flags))
    for score in form.scores:
        yield from _twice(f"bands of {score.type}", "name", (band.name for band in score.bands))
    if "total" not in (score.type for score in form.scores):
        yield "scores must have one of type total."


def _options(form: Form) -> Iterator[str]:
    for item in form.items:
        where = f"options of {item.key}"
        if len(item.options) < 2:
            yield f"{where} must be two or more."
        yield from _twice(where, "value", (str(option.value) for option in item.options))
        yield from _twice(where, "label", (option.label.casefold() for option in item.options))


def _order(form: Form) -> Iterator[str]:
    scored = [item.scored for item in form.items]
    if scored != sorted(scored, reverse=True):
        yield "items must have those that are not scored last."
    for item in form.scored:
        if item.show_if is not None:
            yield f"items: {item.key} is scored, so it must not have show_if."


def _scores(form: Form) -> Iterator[str]:
    items = {item.key: item for item in form.scored}
    for score in form.scores:
        unknown = [key for key in score.items if key not in items]
        if unknown:
            yield f"items of {score.type} name {unknown[0]}, which is not a scored item."
            continue
        reach = _reach(score, [items[key] for key in score.items])
        if reach[0] != score.low or reach[-1] != score.high:
            yield f"range of {score.type} is not what its answers reach, {reach[0]} to {reach[-1]}."
        yield from _bands(score, reach)


def _reach(score: Score, items: list[Item]) -> list[Fraction]:
    """Every value that the answers can come to, from the least to the most."""
    low = sum(min(option.value for option in item.options) for item in items)
    high = sum(max(option.value for option in item.options) for item in items)
    parts = len(items) if score.method is Method.MEAN else 1
    return [Fraction(total * score.multiply, parts) for total in range(low, high + 1)]


def _bands(score: Score, reach: list[Fraction]) -> Iterator[str]:
    """Bands must stand in order, and every value that can be reached must lie in one of them."""
    if not score.bands:
        return
    where = f"bands of {score.type}"
    if (score.bands[0].low, score.bands[-1].high) != (score.low, score.high):
        yield f"{where} do not cover the range, {score.low} to {score.high}."
    for before, after in pairwise(score.bands):
        if after.low <= before.high:
            yield f"{where} overlap or are out of order at {before.name} and {after.name}."
        elif any(before.high < value < after.low for value in reach):
            yield f"{where} leave a gap between {before.name} and {after.name}."


def _conditions(form: Form) -> Iterator[str]:
    scores = {score.type for score in form.scores}
    items = {item.key for item in form.scored}
    for item in form.extra:
        if item.show_if is not None and item.show_if.subject not in scores:
            yield f"show_if of {item.key} names {item.show_if.subject}, which is not a score."
    for flag in form.flags:
        yield from _flag(flag, scores, items)
    for rule in form.crisis:
        if rule.when.subject not in {item.key for item in form.items}:
            yield f"crisis: `{rule.when}` names {rule.when.subject}, which is not an item."


def _flag(flag: Flag, scores: set[str], items: set[str]) -> Iterator[str]:
    if not flag.conditions and not flag.counts:
        yield f"flags: {flag.name} has neither `when` nor `counts`."
    for condition in flag.conditions:
        if condition.subject not in scores | items:
            yield f"flags: {flag.name} names {condition.subject}, which is no score and no item."
    for count in flag.counts:
        for condition in count.conditions:
            if condition.subject not in items:
                yield f"flags: {flag.name} counts {condition.subject}, which is not a scored item."
        least, most = count.span
        if not 0 < least <= most <= len(count.conditions):
            yield f"flags: {flag.name} counts up to {len(count.conditions)}, not {least} to {most}."


def _loinc(form: Form) -> Iterator[str]:
    codes = [("loinc", form.loinc)]
    codes += [(f"loinc of {score.type}", score.loinc) for score in form.scores]
    codes += [(f"loinc of {item.key}", item.loinc) for item in form.items]
    for where, code in codes:
        if code is not None and not _is_loinc(code):
            yield f"{where}: {code} is not a LOINC code."
    for option in {option for item in form.items for option in item.options}:
        if option.loinc is not None and not _LOINC_ANSWER.fullmatch(option.loinc):
            yield f"options: {option.loinc} is not a LOINC answer code."


def _is_loinc(code: str) -> bool:
    """A code ends in a check digit, mod 10 by Luhn (LOINC users' guide), so slips are found."""
    match = _LOINC.fullmatch(code)
    if match is None:
        return False
    digits = [int(digit) for digit in match.group(1)]
    digits[-1::-2] = [sum(divmod(digit * 2, 10)) for digit in digits[-1::-2]]
    return -sum(digits) % 10 == int(match.group(2))


def _twice(where: str, what: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: the {what} {value!r} stands {times} times."
