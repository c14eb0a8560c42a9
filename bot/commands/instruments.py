"""`evenkeel instruments`: what instruments there are, what one holds, whether all are sound."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.instruments.instrument import Form, Score

BAD_INPUT = 2


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "instruments",
        help="list, show and check instruments",
        description="List, show and check instruments.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="every instrument, a line each")
    show = actions.add_parser("show", help="wording, answers, scoring and licence of one")
    show.add_argument("instrument", metavar="INSTRUMENT", help="such as phq9")
    check = actions.add_parser("check", help="validate form files and the words about results")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: those shipped")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    match args.action:
        case "list":
            return _list()
        case "show":
            return _show(args.instrument)
        case _:
            return _check(args.files)


def _list() -> int:
    from bot.instruments.instrument import load_instruments

    rows = [("ID", "VERSION", "ITEMS", "LICENCE", "NAME")]
    for instrument in load_instruments():
        form = instrument.current
        items = str(len(form.scored))
        rows.append((instrument.id, str(form.version), items, form.licence.kind, form.name))
    for row in rows:
        _line("{:<10} {:<8} {:<6} {:<8} {}".format(*row))
    return 0


def _show(instrument: str) -> int:
    from bot.instruments.errors import UnknownInstrumentError
    from bot.instruments.instrument import load_instruments

    try:
        form = load_instruments().by_id(instrument).current
    except UnknownInstrumentError as error:
        sys.stderr.write(f"evenkeel instruments: {error}\n")
        return BAD_INPUT
    for line in described(form):
        _line(line)
    return 0


def _check(files: list[Path]) -> int:
    from bot.instruments.errors import FormFileError
    from bot.instruments.form_file import SHIPPED, read_form
    from bot.instruments.words import unworded
    from prompts.catalog import Catalog

    catalog = Catalog.load()
    wrong = 0
    for path in files or sorted(SHIPPED.glob("*.yaml")):
        try:
            found = unworded(read_form(path), catalog)
        except FormFileError as error:
            found = [str(error)]
        wrong += len(found)
        _line(f"{'ok   ' if not found else 'WRONG'}  {path.name}")
        for what in found:
            _line(f"       {what}")
    return BAD_INPUT if wrong else 0


def described(form: Form) -> Iterator[str]:
    """A form for reading: each fact with its mark, V2, V1 or M, where it has one."""
    yield f"{form.name} ({form.abbreviation}), version {form.version}: {form.construct}"
    yield f"Recall period {form.recall_period or 'none'}; LOINC {form.loinc or 'none'}"
    yield from (text for text in (form.instructions, form.stem) if text)
    for item in form.items:
        answers = "; ".join(f"{option.value} {option.label}" for option in item.options)
        asked = f"asked when {item.show_if}" if item.show_if else "always asked"
        extra = "" if item.scored else f" (not scored; {asked})"
        yield f"  {item.key}  {item.text}{extra}"
        yield f"      {answers}{' (reversed)' if item.reverse else ''}"
    for score in form.scores:
        yield from _described_score(score)
    for flag in form.flags:
        when = ", ".join(map(str, flag.conditions)) or flag.note or "a rule over several items"
        yield f"Flag {flag.name} [{flag.verified}]: {when}"
    for rule in form.crisis:
        yield f"Crisis [{rule.verified}]: {rule.when}: {rule.severity.label}, {rule.domain}"
    yield f"Licence {form.licence.kind} [{form.licence.verified}]: {form.licence.statement}"
    yield f"Citation: {form.citation}"
    marks = ", ".join(f"{what} {mark}" for what, mark in form.verification.items())
    yield f"Confirmed (V2 two sources, V1 one, M memory): {marks}"


def _described_score(score: Score) -> Iterator[str]:
    direction = score.direction.replace("_", " ")
    yield f"Score {score.type}: {score.method}, {score.low} to {score.high}, {direction}"
    for band in score.bands:
        yield f"  {band.low} to {band.high}: {band.name}"
    for change in score.change:
        yield f"  {change.name} [{change.verified}]: {change.value}"


def _line(text: str) -> None:
    sys.stdout.write(f"{text}\n")
