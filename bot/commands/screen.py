"""`evenkeel screen`: screens what comes in on standard input, a result a line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from safety.screening import Screener
    from safety.text import Screening

UNREADABLE = 1


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "screen",
        help="screen lines for personal data and danger",
        description="Read lines, or JSON lines such as "
        '{"id": 1, "text": "...", "context": ["earlier turn"], "lang": "en"}, and write one JSON '
        "line each. A line that cannot be read gets an error line; then the exit code is 1.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from safety.screening import Screener

    screener = Screener.load()
    unreadable = False
    for number, line in enumerate(sys.stdin.buffer, start=1):
        answer = _answer(screener, line.removesuffix(b"\n").removesuffix(b"\r"), number)
        unreadable = unreadable or "error" in answer
        sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        sys.stdout.flush()
    return UNREADABLE if unreadable else 0


def _answer(screener: Screener, line: bytes, number: int) -> dict[str, Any]:
    """The result for one line, or what is wrong with it. Never quotes the line."""
    try:
        asked = _asked(line.decode(), number)
    except UnicodeDecodeError:
        return {"id": number, "error": "The line is not UTF-8."}
    except RecursionError:
        return {"id": number, "error": "The line is nested too deeply."}
    except json.JSONDecodeError as exc:
        return {"id": number, "error": f"The line is not JSON: {exc.msg} at character {exc.pos}."}
    except ValueError:
        return {"id": number, "error": "The line holds a number that is too long."}
    problem = _problem(asked)
    if problem:
        return {"id": asked.get("id", number), "error": problem}
    return {"id": asked.get("id", number), **_result(_screened(screener, asked))}


def _asked(line: str, number: int) -> dict[str, Any]:
    """A line that begins with a brace is JSON; any other is the text itself."""
    if not line.lstrip().startswith("{"):
        return {"id": number, "text": line}
    asked = json.loads(line)
    return asked if isinstance(asked, dict) else {}


def _problem(asked: Mapping[str, Any]) -> str | None:
    if not isinstance(asked.get("text"), str):
        return 'The field "text" is missing or not a string.'
    context = asked.get("context") or []
    if not isinstance(context, list) or not all(isinstance(turn, str) for turn in context):
        return 'The field "context" is not a list of strings.'
    if not isinstance(asked.get("lang") or "", str):
        return 'The field "lang" is not a string.'
    return None


def _screened(screener: Screener, asked: Mapping[str, Any]) -> Screening:
    from safety.text import Context

    earlier = tuple(asked.get("context") or ())
    context = Context(
        earlier=earlier,
        language=asked.get("lang") or None,
        known=screener.known_after(earlier),
    )
    return screener.screen(asked["text"], context)


def _result(screening: Screening) -> dict[str, Any]:
    """`masked` is null when screening failed: then nothing of the text may be kept."""
    return {
        "masked": screening.text.masked if screening.text else None,
        "entities": [
            {"start": e.start, "end": e.end, "type": e.type.value, "placeholder": e.placeholder}
            for e in screening.entities
        ],
        "risk": {
            "severity": screening.risk.severity.label,
            "domain": screening.risk.domain.value,
            "score": round(screening.risk.score, 4),
            "reasons": list(screening.risk.reasons),
        },
        "ms": round(screening.ms, 3),
    }
