"""`evenkeel score`: what answers to an instrument come to, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from bot.instruments.instrument import Instruments

BAD_INPUT = 2

Json = dict[str, object]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "score",
        help="score answers to an instrument",
        description="Score answers to an instrument. Answers are the values printed on the form, "
        "in its order (yes is 1, no is 0, null is no answer). Prints JSON: scores, complete, "
        "crisis, flags, missing.",
    )
    parser.add_argument("instrument", nargs="?", metavar="INSTRUMENT", help="such as phq9")
    parser.add_argument("--responses", metavar="JSON", help="a list, such as '[1, 0, null]'")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='answer each line {"id", "instrument", "responses"} of standard input with a line',
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.instruments.errors import AnswersError, UnknownInstrumentError
    from bot.instruments.instrument import load_instruments

    if args.jsonl == bool(args.instrument or args.responses):
        return _refuse("give either INSTRUMENT and --responses, or --jsonl alone.")
    instruments = load_instruments()
    if args.jsonl:
        answer_lines(instruments, sys.stdin.buffer, sys.stdout)
        return 0
    if not args.instrument or not args.responses:
        return _refuse("give INSTRUMENT and --responses, such as: phq9 --responses '[0, 1, ...]'.")
    try:
        result = scored(instruments, args.instrument, parsed(args.responses, "--responses"))
    except (AnswersError, UnknownInstrumentError) as error:
        return _refuse(str(error))
    _print(result, sys.stdout)
    return 0


def answer_lines(instruments: Instruments, lines: Iterable[bytes], out: TextIO) -> None:
    """One line of JSON for each line of JSON; what is wrong with one stops no other."""
    from bot.instruments.errors import AnswersError, UnknownInstrumentError

    for line in filter(bytes.strip, lines):
        request: Json = {}
        try:
            request = _request(line)
            result = scored(instruments, request.get("instrument"), request.get("responses"))
        except (AnswersError, UnknownInstrumentError) as error:
            result = {"error": str(error)}
        _print({"id": request.get("id"), **result}, out)


def scored(instruments: Instruments, instrument: object, responses: object) -> Json:
    """The result as JSON values. Raises AnswersError or UnknownInstrumentError."""
    from bot.instruments.errors import AnswersError
    from bot.instruments.scoring import score

    if not isinstance(instrument, str):
        raise AnswersError('"instrument" must be an id such as "phq9".')
    form = instruments.by_id(instrument).current
    if not isinstance(responses, list):
        raise AnswersError("The responses must be a list such as [1, 0, null].")
    result = score(form, cast(Sequence[int | None], responses))
    return {
        "scores": [
            {"type": line.type, "value": _number(line.value), "band": line.band}
            for line in result.scores
        ],
        "complete": result.complete,
        "crisis": bool(result.crisis),
        "flags": list(result.flags),
        "missing": list(result.missing),
    }


def parsed(text: str | bytes, where: str) -> object:
    """The value of a JSON text; AnswersError when it is none."""
    from bot.instruments.errors import AnswersError

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise AnswersError(f"{where} must be JSON.") from None


def _request(line: bytes) -> Json:
    from bot.instruments.errors import AnswersError

    request = parsed(line, "Each line")
    if not isinstance(request, dict):
        raise AnswersError('Each line must be an object: {"id", "instrument", "responses"}.')
    return request


def _number(value: object) -> int | float | None:
    """A whole number as one, so that 12 is not printed as 12.0."""
    if value is None:
        return None
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _print(value: Json, out: TextIO) -> None:
    out.write(json.dumps(value) + "\n")
    out.flush()


def _refuse(what: str) -> int:
    sys.stderr.write(f"evenkeel score: {what}\n")
    return BAD_INPUT
