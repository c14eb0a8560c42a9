"""Rules over answers and scores: what is shown, what is flagged, what is a crisis."""

from __future__ import annotations

import enum
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

from safety.text import Domain, Risk, Severity

Number: TypeAlias = int | Decimal | Fraction

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """`total >= 10`, `q9 > 0`: a score or an item's answer compared with a number."""

    subject: str
    comparison: str
    value: Decimal

    def holds(self, value: Number) -> bool:
        return COMPARISONS[self.comparison](value, self.value)

    def __str__(self) -> str:
        return f"{self.subject} {self.comparison} {self.value}"


class Verified(enum.StrEnum):
    """How well a fact was confirmed. `MEMORY` must be confirmed by a clinician and never gates
    safety."""

    TWO_SOURCES = "V2"
    ONE_SOURCE = "V1"
    MEMORY = "M"


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many of several conditions on items must hold: `at_least`, and `at_most` if given."""

    conditions: tuple[Condition, ...]
    at_least: int
    at_most: int | None = None

    @property
    def span(self) -> tuple[int, int]:
        most = len(self.conditions) if self.at_most is None else self.at_most
        return self.at_least, most


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """A cut-off or a rule over several items; raised when all of its parts hold. A hint for a
    clinician: no flag is ever shown to a person as a diagnosis."""

    name: str
    verified: Verified
    conditions: tuple[Condition, ...] = ()
    counts: tuple[Count, ...] = ()
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisRule:
    """An answer that is acted on at once, before the next item."""

    when: Condition
    severity: Severity
    domain: Domain
    reason: str
    verified: Verified

    @property
    def risk(self) -> Risk:
        return Risk(severity=self.severity, domain=self.domain, score=1.0, reasons=(self.reason,))
