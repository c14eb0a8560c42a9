"""Shares of messages that were judged rightly or wrongly: measured, wanted, recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.errors import ConfigurationError
from safety.rates import Rate

SLACK: Final = 0.02
_MESSAGES: Final = 2.5
"""Two points, or two messages where that is more: what another processor's arithmetic or another
version of a library may change without anybody looking."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """`share` is between 0 and 1, `low` and `high` bound it with 95 % where that is known. Where
    `wanted` is given, the share is to be at least that, or at most when `falls`: then smaller is
    better. `beside` is the peer's share."""

    name: str
    says: str
    share: float
    of: int
    low: float | None = None
    high: float | None = None
    falls: bool = False
    wanted: float | None = None
    beside: float | None = None

    @property
    def holds(self) -> bool | None:
        """None when nothing is wanted."""
        if self.wanted is None:
            return None
        return self.share <= self.wanted if self.falls else self.share >= self.wanted

    def is_worse_than(self, recorded: float) -> bool:
        worse = self.share - recorded if self.falls else recorded - self.share
        return worse > max(SLACK, _MESSAGES / max(1, self.of))

    def as_json(self) -> dict[str, Any]:
        return {
            "says": self.says,
            "share": round(self.share, 4),
            "of": self.of,
            "low": None if self.low is None else round(self.low, 4),
            "high": None if self.high is None else round(self.high, 4),
            "wanted": self.wanted,
            "holds": self.holds,
            "beside": None if self.beside is None else round(self.beside, 4),
        }


def score(
    name: str,
    says: str,
    rate: Rate,
    *,
    falls: bool = False,
    wanted: float | None = None,
    beside: Rate | None = None,
) -> Score:
    low, high = rate.interval
    return Score(
        name=name,
        says=says,
        share=rate.share,
        of=rate.total,
        low=low,
        high=high,
        falls=falls,
        wanted=wanted,
        beside=beside.share if beside else None,
    )


def read_recorded(path: Path) -> dict[str, float]:
    """The shares of an earlier measurement, by name; none when there was no such."""
    if not path.exists():
        return {}
    try:
        return {name: float(share) for name, share in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError) as exc:
        raise ConfigurationError(
            f"The recorded figures in {path.name} cannot be read; record them again."
        ) from exc


def record(path: Path, scores: Sequence[Score]) -> None:
    shares = {each.name: round(each.share, 4) for each in scores}
    path.write_text(json.dumps(shares, indent=1) + "\n", encoding="utf-8")


def worse_than_recorded(scores: Sequence[Score], recorded: Mapping[str, float]) -> list[Score]:
    return [
        each for each in scores if each.name in recorded and each.is_worse_than(recorded[each.name])
    ]


def as_table(scores: Sequence[Score], recorded: Mapping[str, float]) -> str:
    wide = max(len(each.says) for each in scores)
    head = (
        f"{'':<{wide}}  {'share':>6}  {'95 %':>13}  {'of':>5}  {'beside':>6}  {'before':>6}  wanted"
    )
    return "\n".join([head, *(_line(each, wide, recorded.get(each.name)) for each in scores)])


def _line(each: Score, wide: int, before: float | None) -> str:
    bounds = "" if each.low is None else f"{each.low:.3f} - {each.high:.3f}"
    wanted = ""
    if each.wanted is not None:
        sign = "at most" if each.falls else "at least"
        wanted = f"{sign} {each.wanted:g}: {'yes' if each.holds else 'no'}"
    return (
        f"{each.says:<{wide}}  {each.share:>6.3f}  {bounds:>13}  {each.of:>5}  "
        f"{_or_blank(each.beside):>6}  {_or_blank(before):>6}  {wanted}".rstrip()
    )


def _or_blank(share: float | None) -> str:
    return "" if share is None else f"{share:.3f}"
