"""Instruments and their forms, as values: what is asked, how it is scored, what counts as a crisis.

A form is one version of an instrument, read from one file of `prompts/instruments`. Its wording
is used to the letter. An attempt keeps the form it began with, so a form that was once shipped
is never changed: a correction is a new version in a new file.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from bot.instruments.errors import UnknownInstrumentError
from bot.instruments.rules import Condition, CrisisRule, Flag, Number, Verified

_NAMESPACE: Final = UUID("5d1b5c2e-5a3e-5f57-9a0d-7c7f6f2c8a11")


def instrument_id(instrument: str) -> UUID:
    """The id of an instrument's row; the same on every machine."""
    return uuid5(_NAMESPACE, instrument)


def form_id(instrument: str, version: int) -> UUID:
    """The id of a form's row; the same on every machine."""
    return uuid5(_NAMESPACE, f"{instrument}.v{version}")


class LicenceClass(enum.StrEnum):
    """What the wording's licence allows."""

    FREE = "A"
    FREE_WITH_CITATION = "B"
    NON_COMMERCIAL = "C"
    BY_PERMISSION = "D"


class Direction(enum.StrEnum):
    HIGHER_IS_WORSE = "higher_is_worse"
    HIGHER_IS_BETTER = "higher_is_better"


class Method(enum.StrEnum):
    """How the items' points become a score."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """An answer. `value` is the number printed on the published form, before any reversal."""

    value: int
    label: str
    loinc: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A question. An item that is not scored comes after the scored ones, when `show_if` holds."""

    key: str
    text: str
    options: tuple[Option, ...]
    scored: bool = True
    required: bool = True
    reverse: bool = False
    show_if: Condition | None = None
    loinc: str | None = None

    def option(self, value: int) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    def points(self, value: int) -> int:
        """What an answer counts: itself, or mirrored within the options when reversed."""
        if not self.reverse:
            return value
        values = [option.value for option in self.options]
        return min(values) + max(values) - value


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """A named stretch of a score, `low` to `high` inclusive. Its words are in `bands.ftl`."""

    name: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A published reading of change, such as `reliable_change`: 6 points."""

    name: str
    value: Decimal
    verified: Verified
    source: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """A score and how to come to it: the method over the items' points, times `multiply`.

    `may_miss` is how many of its items may lack an answer; the rest then stand for them by
    their mean. Most instruments allow none. An item with a crisis rule is never stood for.
    """

    type: str
    items: tuple[str, ...]
    method: Method
    low: Decimal
    high: Decimal
    direction: Direction
    multiply: int = 1
    may_miss: int = 0
    bands: tuple[Band, ...] = ()
    change: tuple[Change, ...] = ()
    loinc: str | None = None

    def band(self, value: Number) -> str | None:
        """The band a value lies in; None when the score has no bands."""
        found = None
        for band in self.bands:
            if value < band.low:
                break
            found = band.name
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Licence:
    kind: LicenceClass
    statement: str
    sources: tuple[str, ...]
    verified: Verified


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Form:
    """One version of an instrument. `recall_period` is an ISO 8601 duration; `stem` stands above
    every item; `verification` says how well wording, options, bands and so on were confirmed."""

    instrument: str
    version: int
    name: str
    abbreviation: str
    construct: str
    category: str
    language: str
    recall_period: str | None
    instructions: str | None
    stem: str | None
    items: tuple[Item, ...]
    scores: tuple[Score, ...]
    flags: tuple[Flag, ...]
    crisis: tuple[CrisisRule, ...]
    licence: Licence
    citation: str
    wording_source: str
    loinc: str | None
    verification: Mapping[str, Verified]
    population: str | None = None
    notes: tuple[str, ...] = ()
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", form_id(self.instrument, self.version))

    @property
    def scored(self) -> tuple[Item, ...]:
        """The items that count, in the order of the published form."""
        return tuple(item for item in self.items if item.scored)

    @property
    def extra(self) -> tuple[Item, ...]:
        """The items that do not count and are asked last, if at all."""
        return tuple(item for item in self.items if not item.scored)

    def item(self, key: str) -> Item:
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)

    def score(self, score_type: str) -> Score:
        for score in self.scores:
            if score.type == score_type:
                return score
        raise KeyError(score_type)

    def crisis_at(self, key: str, value: int | None) -> CrisisRule | None:
        """The gravest rule that an answer to an item meets. Ask at every answer."""
        if value is None:
            return None
        met = [rule for rule in self.crisis if rule.when.subject == key and rule.when.holds(value)]
        return max(met, key=lambda rule: rule.severity, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrument:
    """An instrument with all its forms, oldest first."""

    id: str
    forms: tuple[Form, ...]

    @property
    def current(self) -> Form:
        """The form a new attempt begins with."""
        return self.forms[-1]


class Instruments:
    """Every instrument of this deployment, in the order of their ids."""

    def __init__(self, forms: Iterable[Form]) -> None:
        by_instrument: dict[str, list[Form]] = {}
        for form in sorted(forms, key=lambda form: (form.instrument, form.version)):
            by_instrument.setdefault(form.instrument, []).append(form)
        self._instruments = {
            name: Instrument(id=name, forms=tuple(forms)) for name, forms in by_instrument.items()
        }
        self._forms = {form.id: form for forms in by_instrument.values() for form in forms}

    def __iter__(self) -> Iterator[Instrument]:
        return iter(self._instruments.values())

    def __len__(self) -> int:
        return len(self._instruments)

    def __contains__(self, instrument: object) -> bool:
        return instrument in self._instruments

    def by_id(self, instrument: str) -> Instrument:
        """The instrument of an id such as `phq9`."""
        found = self._instruments.get(instrument)
        if found is None:
            raise UnknownInstrumentError(instrument, tuple(self._instruments))
        return found

    def form(self, id: UUID) -> Form:  # noqa: A002 - the row's id
        """The form behind an attempt's `form_id`, whatever its version."""
        found = self._forms.get(id)
        if found is None:
            raise UnknownInstrumentError(str(id), tuple(self._instruments))
        return found


def load_instruments(folder: Path | None = None) -> Instruments:
    """Reads and validates every `*.yaml` of a folder, by default the forms shipped with the
    project. `FormFileError` names the file and the field that is wrong."""
    from bot.instruments.form_file import read_folder  # YAML, only once forms are needed

    return Instruments(read_folder(folder))
