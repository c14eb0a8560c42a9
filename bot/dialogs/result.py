"""The words around a result: what it means, what changed, what one can do. Never a diagnosis."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from bot.dialogs.attempt import Attempt
from bot.dialogs.dialog import Reply, Turn
from bot.dialogs.question import ask, offers, say
from bot.instruments.instrument import Direction, Score
from bot.instruments.words import band_key, meaning_key, scale_key
from prompts.catalog import Say
from storage.facts import ScoreFact

TOTAL: Final = "total"


def result_reply(turn: Turn, attempt: Attempt, *, edits: bool = False) -> Reply:
    """The total, its band and meaning, the change since last time, and what one can do next."""
    form, line = attempt.form, attempt.result.total
    if line.value is None:
        return ask(Say("result-incomplete"), choices=offers("checkin"), edits=edits)
    lines = (
        _score(attempt, line.value, line.band),
        Say(scale_key(form)),
        *_meaning(attempt, line.band),
        *_change(turn, attempt, form.score(TOTAL), line.value),
        Say("result-not-a-diagnosis"),
    )
    return ask(*lines, choices=offers("history", "journal", "breathe"), edits=edits)


def number(value: Decimal) -> int | float:
    """A score as it is shown: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def local(moment: datetime, timezone: str) -> datetime:
    """A moment by the person's own clock; by UTC when their zone is not known here."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except (KeyError, ValueError, OSError):
        return moment


def _meaning(attempt: Attempt, band: str | None) -> tuple[Say, ...]:
    """What the band means. After an answer that was a crisis, a low total must not play it down."""
    if attempt.acted:
        return (Say("assessment-whatever-the-number"),)
    return (Say(meaning_key(attempt.form, TOTAL, band)),) if band else ()


def _score(attempt: Attempt, value: Decimal, band: str | None) -> Say:
    high = attempt.form.score(TOTAL).high
    shown = {"score": number(value), "highest": number(high)}
    if band is None:
        return say("assessment-score", name=attempt.form.abbreviation, **shown)
    words = Say(band_key(attempt.form, TOTAL, band))
    return Say("assessment-score-band", {"name": attempt.form.abbreviation, "band": words, **shown})


def _change(turn: Turn, attempt: Attempt, part: Score, value: Decimal) -> tuple[Say, ...]:
    """How the total moved since the last attempt with the same instrument, if there was one."""
    before = next((fact for fact in turn.facts.scores if _comparable(fact, attempt)), None)
    if before is None:
        return ()
    moved = value - before.value
    return (
        say(
            "assessment-change",
            moved="same" if not moved else "up" if moved > 0 else "down",
            reading=_reading(part, moved),
            points=number(abs(moved)),
            previous=number(before.value),
            date=local(before.at, turn.person.timezone),
        ),
    )


def _comparable(fact: ScoreFact, attempt: Attempt) -> bool:
    same_form = fact.form_id == attempt.form.id
    return same_form and fact.score_type == TOTAL and fact.attempt_id != attempt.id


def _reading(part: Score, moved: Decimal) -> str:
    """`small` unless the change is one that its publication calls reliable."""
    if not moved:
        return "same"
    reliable = next((each.value for each in part.change if each.name == "reliable_change"), None)
    if reliable is None or abs(moved) < reliable:
        return "small"
    lower_is_better = part.direction is Direction.HIGHER_IS_WORSE
    return "better" if (moved < 0) is lower_is_better else "worse"
