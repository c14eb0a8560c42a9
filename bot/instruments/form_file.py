"""Reads a form from its YAML file. Importing this imports YAML: import it where forms are read.

The file's shape is that of `prompts/instruments/phq9.v1.yaml`, one field a field of
`bot.instruments.instrument.Form`. Option sets are named once and used by many items.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import prompts
from bot.instruments.checks import check_form
from bot.instruments.errors import FormFileError
from bot.instruments.fields import Fields, read_yaml
from bot.instruments.instrument import (
    Band,
    Change,
    Direction,
    Form,
    Item,
    Licence,
    LicenceClass,
    Method,
    Option,
    Score,
)
from bot.instruments.rules import Condition, Count, CrisisRule, Flag, Verified
from safety.text import Domain, Severity

SHIPPED: Final = Path(prompts.__file__).parent / "instruments"

_CONDITION: Final = re.compile(r"(\w+) (>=|<=|>|<|==) (-?\d+(?:\.\d+)?)")
_A_CONDITION: Final = "a comparison such as `total >= 10`"
_A_MARK: Final = "V2 (two sources), V1 (one) or M (from memory)"

OptionSets = Mapping[str, tuple[Option, ...]]


def read_folder(folder: Path | None = None) -> tuple[Form, ...]:
    """Every form of a folder; the shipped ones by default."""
    paths = sorted((folder or SHIPPED).glob("*.yaml"))
    if not paths:
        raise FormFileError(str(folder or SHIPPED), "there is no form here; expected *.yaml files.")
    return tuple(read_form(path) for path in paths)


def read_form(path: Path) -> Form:
    """One form, validated; `FormFileError` says what to correct."""
    fields = read_yaml(path)
    form = _form(fields)
    fields.refuse_unread()
    check_form(form, path.name)
    expected = f"{form.instrument}.v{form.version}.yaml"
    if path.name != expected:
        raise FormFileError(path.name, f"the file must be named {expected} after what it holds.")
    return form


def _form(fields: Fields) -> Form:
    items = _items(fields)
    return Form(
        instrument=fields.text("instrument"),
        version=fields.integer("version"),
        name=fields.text("name"),
        abbreviation=fields.text("abbreviation"),
        construct=fields.text("construct"),
        category=fields.text("category"),
        population=fields.maybe_text("population"),
        language=fields.text("language"),
        recall_period=fields.maybe_text("recall_period"),
        instructions=fields.maybe_text("instructions"),
        stem=fields.maybe_text("stem"),
        items=items,
        scores=tuple(_score(each, items) for each in fields.many("scores")),
        flags=tuple(_flag(each) for each in fields.many("flags")),
        crisis=tuple(_crisis_rule(each) for each in fields.many("crisis")),
        licence=_licence(fields.one("licence")),
        citation=fields.text("citation"),
        wording_source=fields.text("wording_source"),
        loinc=fields.maybe_text("loinc"),
        verification=_verification(fields.one("verification")),
        notes=fields.texts("notes"),
    )


def _items(fields: Fields) -> tuple[Item, ...]:
    sets = fields.one("options")
    options = {
        name: tuple(_option(each) for each in sets.many(name, required=True))
        for name in sets.names()
    }
    return tuple(_item(each, options) for each in fields.many("items", required=True))


def _option(fields: Fields) -> Option:
    return Option(
        value=fields.integer("value"),
        label=fields.text("label"),
        loinc=fields.maybe_text("loinc"),
    )


def _item(fields: Fields, options: OptionSets) -> Item:
    return Item(
        key=fields.text("key"),
        text=fields.text("text"),
        options=fields.parsed("options", options.__getitem__, f"one of {sorted(options)}"),
        scored=fields.flag("scored", default=True),
        required=fields.flag("required", default=True),
        reverse=fields.flag("reverse", default=False),
        show_if=fields.maybe_parsed("show_if", _condition, _A_CONDITION),
        loinc=fields.maybe_text("loinc"),
    )


def _score(fields: Fields, items: tuple[Item, ...]) -> Score:
    low, high = fields.span("range")
    return Score(
        type=fields.text("type"),
        items=fields.texts("items") or tuple(item.key for item in items if item.scored),
        method=fields.parsed("method", Method, f"one of {[*Method]}"),
        multiply=fields.integer("multiply", 1),
        may_miss=fields.integer("may_miss", 0),
        low=low,
        high=high,
        direction=fields.parsed("direction", Direction, f"one of {[*Direction]}"),
        bands=tuple(_band(each) for each in fields.many("bands")),
        change=tuple(_change(each) for each in fields.many("change")),
        loinc=fields.maybe_text("loinc"),
    )


def _band(fields: Fields) -> Band:
    low, high = fields.span("range")
    return Band(name=fields.text("name"), low=low, high=high)


def _change(fields: Fields) -> Change:
    return Change(
        name=fields.text("name"),
        value=fields.number("value"),
        verified=_verified(fields, "verified"),
        source=fields.maybe_text("source"),
    )


def _flag(fields: Fields) -> Flag:
    when = fields.maybe_parsed("when", _condition, _A_CONDITION)
    return Flag(
        name=fields.text("name"),
        verified=_verified(fields, "verified"),
        conditions=() if when is None else (when,),
        counts=tuple(_count(each) for each in fields.many("counts")),
        note=fields.maybe_text("note"),
    )


def _count(fields: Fields) -> Count:
    return Count(
        conditions=fields.each_parsed("of", _condition, _A_CONDITION),
        at_least=fields.integer("at_least"),
        at_most=fields.maybe_integer("at_most"),
    )


def _crisis_rule(fields: Fields) -> CrisisRule:
    return CrisisRule(
        when=fields.parsed("when", _condition, _A_CONDITION),
        severity=fields.parsed("severity", Severity.of, "low, medium, high or critical"),
        domain=fields.parsed("domain", Domain, f"one of {[*Domain]}"),
        reason=fields.text("reason"),
        verified=_verified(fields, "verified"),
    )


def _licence(fields: Fields) -> Licence:
    return Licence(
        kind=fields.parsed("class", LicenceClass, "A, B, C or D"),
        statement=fields.text("statement"),
        sources=fields.texts("sources"),
        verified=_verified(fields, "verified"),
    )


def _verification(fields: Fields) -> Mapping[str, Verified]:
    return {name: _verified(fields, name) for name in fields.names()}


def _verified(fields: Fields, name: str) -> Verified:
    return fields.parsed(name, Verified, _A_MARK)


def _condition(text: str) -> Condition:
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Condition(
        subject=match.group(1), comparison=match.group(2), value=Decimal(match.group(3))
    )
