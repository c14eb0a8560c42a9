"""What rules and model say together: each strengthens the other, neither can overrule it.

The two are taken as independent signs (noisy-or): the probability that the risk is at least so
grave is one minus the probability that both are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safety.crisis.opinion import Opinion
from safety.text import NO_RISK, Domain, Risk, Severity

RULES_SAY: Final[Mapping[Severity, tuple[float, ...]]] = {
    Severity.NONE: (1.0, 0.0, 0.0, 0.0, 0.0),
    Severity.LOW: (1.0, 0.6, 0.25, 0.1, 0.02),
    Severity.MEDIUM: (1.0, 0.85, 0.7, 0.3, 0.05),
    Severity.HIGH: (1.0, 0.95, 0.9, 0.8, 0.2),
    Severity.CRITICAL: (1.0, 0.97, 0.95, 0.9, 0.75),
}
"""How far rules are believed that find this much: the probabilities that a risk is at least none,
low, medium, high, critical. Set by hand, so that rules alone are enough; only the model's are
fitted to data."""

ENOUGH: Final[Mapping[Severity, float]] = {
    Severity.LOW: 0.5,
    Severity.MEDIUM: 0.5,
    Severity.HIGH: 0.6,
    Severity.CRITICAL: 0.5,
}
"""The two thresholds that matter are those of medium, one gentle question, and of high, humans."""


def judged(rules: Risk, opinion: Opinion) -> Risk:
    """One risk of both. Its score is the probability that it is medium or graver."""
    said = RULES_SAY[rules.severity]
    together = [
        1 - (1 - rule) * (1 - model) for rule, model in zip(said, opinion.at_least, strict=True)
    ]
    severity = max(
        (level for level, enough in ENOUGH.items() if together[level] >= enough),
        default=Severity.NONE,
    )
    if severity is Severity.NONE:
        return NO_RISK
    by_rules = rules.severity >= severity
    return Risk(
        severity=severity,
        domain=rules.domain if by_rules else opinion.domain,
        score=round(1 - (1 - rules.score) * (1 - opinion.at_least[Severity.MEDIUM]), 3),
        reasons=rules.reasons if by_rules else (*rules.reasons, _reads_like(opinion, severity)),
    )


_READS_LIKE: Final[Mapping[Domain, tuple[str, str, str, str]]] = {
    Domain.SUICIDE: (
        "hopelessness",
        "a wish to be dead or thoughts of suicide",
        "intent, a plan, preparation or a goodbye",
        "an attempt under way or about to be made",
    ),
    Domain.SELF_HARM: (
        "self-harm that is over, or a passing urge",
        "an urge to self-harm",
        "self-harm now",
        "a wound in danger of life",
    ),
    Domain.HARM_TO_OTHERS: (
        "anger at somebody",
        "thoughts of harming somebody",
        "intent to harm somebody",
        "violence about to be done",
    ),
    Domain.ABUSE: (
        "a relationship that troubles",
        "control or fear at home",
        "violence by somebody close",
        "violence under way",
    ),
    Domain.PSYCHOSIS: (
        "unusual experiences that are over",
        "voices or persecution",
        "voices that command, or contact with reality lost",
        "commands about to be obeyed",
    ),
    Domain.EATING_DISORDER: (
        "worries about food or weight",
        "restriction or purging",
        "bodily danger from restriction or purging",
        "collapse from restriction or purging",
    ),
    Domain.SUBSTANCE: (
        "worries about using",
        "daily use or relapse",
        "dangerous use or withdrawal",
        "an overdose",
    ),
    Domain.MEDICAL_EMERGENCY: (
        "bodily complaints",
        "worrying bodily signs",
        "signs of an emergency",
        "life in danger",
    ),
    Domain.SAFEGUARDING_MINOR: (
        "worry about a child",
        "a child neglected or frightened",
        "a child being hurt or groomed",
        "a child in danger now",
    ),
}


def _reads_like(opinion: Opinion, severity: Severity) -> str:
    """What a counselor is told when no rule knew the words."""
    return f"reads like {_READS_LIKE[opinion.domain][severity - 1]}"
