"""Figures of several rounds: the median, how far the rounds lie apart, and what was wanted."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """`at_least` and `at_most` are what this project promises of it; most figures only stand
    beside such a one."""

    name: str
    says: str
    unit: str
    rounds: tuple[float, ...]
    at_least: float | None = None
    at_most: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    @property
    def holds(self) -> bool | None:
        """None when nothing was promised."""
        if self.at_least is not None:
            return self.median >= self.at_least
        return None if self.at_most is None else self.median <= self.at_most

    def as_json(self) -> dict[str, Any]:
        return {
            "says": self.says,
            "unit": self.unit,
            "median": round(self.median, 4),
            "low": round(min(self.rounds), 4),
            "high": round(max(self.rounds), 4),
            "rounds": [round(value, 4) for value in self.rounds],
            "at_least": self.at_least,
            "at_most": self.at_most,
            "holds": self.holds,
        }


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, ...]:
    """Round by round: what else the machine did in a round fell on both."""
    return tuple(one / other for one, other in zip(ours, theirs, strict=True))


def as_json(figures: Sequence[Figure]) -> dict[str, Any]:
    return {figure.name: figure.as_json() for figure in figures}


def as_table(figures: Sequence[Figure]) -> str:
    wide = max(len(figure.says) for figure in figures)
    lines = [f"{'':<{wide}}  {'median':>9}  {'range of the rounds':>21}  wanted"]
    for figure in figures:
        low, high = _shown(figure, min(figure.rounds)), _shown(figure, max(figure.rounds))
        spread = f"{low} to {high} ({len(figure.rounds)})"
        lines.append(
            f"{figure.says:<{wide}}  {_shown(figure, figure.median):>9}  {spread:>21}  "
            f"{_wanted(figure)}".rstrip()
        )
    return "\n".join(lines)


def _shown(figure: Figure, value: float) -> str:
    match figure.unit:
        case "ratio":
            return f"{value:.2f}"
        case "share":
            return f"{100 * value:.1f} %"
        case "ms":
            return f"{value:.2f} ms"
        case _:
            return f"{value:.0f}/s"


def _wanted(figure: Figure) -> str:
    if figure.holds is None:
        return ""
    word, bound = ("at least", figure.at_least)
    if bound is None:
        word, bound = ("at most", figure.at_most or 0.0)
    return f"{word} {_shown(figure, bound)}: {'yes' if figure.holds else 'no'}"
