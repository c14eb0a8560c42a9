"""What a rule and a guard are. They are written in `rules/<language>/*.yaml`."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from safety.text import Domain, Severity


class Kind(enum.StrEnum):
    """What a rule's words show. Guards and details weigh kinds differently."""

    THOUGHT = "thought"
    """Ideation, urges, voices: what goes on inside."""
    INTENT = "intent"
    """Decision, plan, threat, preparation."""
    ACT = "act"
    """Something done or under way: an attempt, violence, an overdose, a symptom."""
    DISTRESS = "distress"
    """Suffering that alone is no risk, such as hopelessness."""
    DETAIL = "detail"
    """Sharpens what another rule found: means, time, a method at hand. Alone it is nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """`severity` is that of the plain statement, calmly made of oneself. `of_another` marks
    rules about another person, so that the third person is no guard. A detail `sharpens` rules
    of these kinds in these domains, by one step."""

    language: str
    domain: Domain
    kind: Kind
    severity: Severity
    reason: str
    of_another: bool = False
    sharpens: frozenset[Kind] = frozenset()
    domains: frozenset[Domain] = frozenset()


class Scope(enum.StrEnum):
    """Where a guard's words must stand to say something of a match."""

    BEFORE = "before"
    """In the match's own clause, with only bridging words between."""
    AFTER = "after"
    """Right after the match."""
    SENTENCE = "sentence"
    """Anywhere in its sentence."""
    NEARBY = "nearby"
    """In its sentence or one beside it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """Lowers the severity of the one match it stands beside, by steps for each kind; kinds not
    named are spared. It never touches another match. `within` is how many words may lie
    between a match and a guard that stands after it. With `spares_self` a plain
    statement about oneself is not lowered."""

    language: str
    reason: str
    scope: Scope
    lowers: Mapping[Kind, int]
    within: int = 6
    spares_self: bool = False

    def __hash__(self) -> int:
        return hash((self.language, self.reason, self.scope))


PROBABILITY: Final[Mapping[Severity, float]] = {
    Severity.NONE: 0.02,
    Severity.LOW: 0.25,
    Severity.MEDIUM: 0.65,
    Severity.HIGH: 0.88,
    Severity.CRITICAL: 0.96,
}
"""How likely a match of this severity is a true one, before there is a calibrated model."""
