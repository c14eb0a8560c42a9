"""Forms for tests: plainly invented, as small as the rule under test allows."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import yaml

from bot.instruments.form_file import read_form
from bot.instruments.instrument import Form, load_instruments

PHQ9: Final = load_instruments().by_id("phq9").current
GAD7: Final = load_instruments().by_id("gad7").current

INVENTED: Final[dict[str, Any]] = {
    "instrument": "teapot",
    "version": 1,
    "name": "Teapot Warmth Scale",
    "abbreviation": "TWS",
    "construct": "warmth of a teapot",
    "category": "tea",
    "language": "en",
    "recall_period": "P1W",
    "stem": "Over the last week, how warm was",
    "options": {
        "warmth": [
            {"value": 0, "label": "Cold"},
            {"value": 1, "label": "Warm"},
            {"value": 2, "label": "Hot"},
        ]
    },
    "items": [
        {"key": "q1", "text": "the spout", "options": "warmth"},
        {"key": "q2", "text": "the lid", "options": "warmth"},
        {"key": "q3", "text": "the handle", "options": "warmth"},
    ],
    "scores": [
        {
            "type": "total",
            "method": "sum",
            "range": [0, 6],
            "direction": "higher_is_better",
            "bands": [{"name": "cold", "range": [0, 2]}, {"name": "warm", "range": [3, 6]}],
        }
    ],
    "licence": {"class": "A", "statement": "Free.", "sources": [], "verified": "V2"},
    "citation": "Invented for a test.",
    "wording_source": "Invented for a test.",
    "verification": {"wording": "V2"},
}


def invented(**changes: Any) -> dict[str, Any]:
    """The invented form's file with some of its top fields changed."""
    return {**deepcopy(INVENTED), **changes}


def total(**changes: Any) -> dict[str, Any]:
    """The invented form's one score, changed, without bands."""
    return {**deepcopy(INVENTED["scores"][0]), "bands": [], **changes}


def write(folder: Path, content: dict[str, Any], name: str = "teapot.v1.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def form(folder: Path, **changes: Any) -> Form:
    return read_form(write(folder, invented(**changes)))
