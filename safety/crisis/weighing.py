"""Weighs the signals of a text into one risk."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from safety.crisis.rules import Kind
from safety.crisis.signals import Signal
from safety.text import NO_RISK, Domain, Risk, Severity

_URGENT_FIRST: Final = (
    Domain.SUICIDE,
    Domain.MEDICAL_EMERGENCY,
    Domain.SAFEGUARDING_MINOR,
    Domain.HARM_TO_OTHERS,
    Domain.ABUSE,
    Domain.PSYCHOSIS,
    Domain.SELF_HARM,
    Domain.SUBSTANCE,
    Domain.EATING_DISORDER,
    Domain.NONE,
)
"""Of two equally severe domains the first is named."""
_ADDS_UP: Final = {
    Domain.SUICIDE: (Severity.LOW, Severity.MEDIUM),
    Domain.ABUSE: (Severity.MEDIUM,),
    Domain.PSYCHOSIS: (Severity.MEDIUM,),
    Domain.EATING_DISORDER: (Severity.LOW,),
}
"""Where two different signs of one of these severities mean the next one."""
_DETAIL_WITHIN: Final = 2
_UNDER_18: Final = "under 18"
_MOST_REASONS: Final = 6


def weigh(signals: Sequence[Signal]) -> Risk:
    """The most severe domain. Signals of different reasons strengthen each other; none can
    weaken another."""
    domains = {signal.rule.domain for signal in signals if signal.rule.kind is not Kind.DETAIL}
    risks = [_risk_of(domain, signals) for domain in domains]
    risks = [risk for risk in risks if risk.severity > Severity.NONE]
    if not risks:
        return NO_RISK
    return max(risks, key=lambda risk: (risk.severity, -_URGENT_FIRST.index(risk.domain)))


def _risk_of(domain: Domain, signals: Sequence[Signal]) -> Risk:
    own = [s for s in signals if s.rule.domain is domain and s.rule.kind is not Kind.DETAIL]
    details = [
        s
        for s in signals
        if s.rule.kind is Kind.DETAIL and domain in s.rule.domains and not s.reasons
    ]
    severity = max(_strengthened(own), *(_sharpened(signal, details) for signal in own))
    return Risk(
        severity=severity,
        domain=_domain(domain, severity, signals),
        score=_noisy_or(own),
        reasons=_reasons(own, details, severity),
    )


def _strengthened(own: Sequence[Signal]) -> Severity:
    """Two different signs of middle severity make a high one; two of low severity a middle one:
    "I can't go on", "no one would miss me"."""
    top = max(signal.severity for signal in own)
    alike = {signal.rule.reason for signal in own if signal.severity == top}
    if len(alike) > 1 and top in _ADDS_UP.get(own[0].rule.domain, ()):
        return Severity(top + 1)
    return top


def _sharpened(signal: Signal, details: Iterable[Signal]) -> Severity:
    """One step up when means, time or the like are named nearby."""
    if signal.severity < Severity.MEDIUM:
        return signal.severity
    sharper = any(
        signal.rule.kind in detail.rule.sharpens
        and abs(detail.sentence - signal.sentence) < _DETAIL_WITHIN
        for detail in details
    )
    return Severity(min(Severity.CRITICAL, signal.severity + sharper))


def _domain(domain: Domain, severity: Severity, signals: Iterable[Signal]) -> Domain:
    """Violence against someone who says they are a child is a matter of safeguarding."""
    under_18 = any(s.rule.reason == _UNDER_18 and not s.reasons for s in signals)
    if domain is Domain.ABUSE and under_18 and severity >= Severity.MEDIUM:
        return Domain.SAFEGUARDING_MINOR
    return domain


def _noisy_or(signals: Iterable[Signal]) -> float:
    """The probability that at least one signal is true; reasons count once."""
    best: dict[str, float] = {}
    for signal in signals:
        best[signal.rule.reason] = max(best.get(signal.rule.reason, 0.0), signal.probability)
    return round(1 - math.prod(1 - probability for probability in best.values()), 3)


def _reasons(
    own: Sequence[Signal], details: Iterable[Signal], severity: Severity
) -> tuple[str, ...]:
    """Phrases for a counselor, the gravest first, what lowered them in brackets."""
    ranked = sorted(own, key=lambda signal: -signal.severity)
    told = [_told(signal) for signal in ranked]
    sharp = [signal.rule.reason for signal in details] if severity >= Severity.MEDIUM else []
    return tuple(dict.fromkeys([*told, *sharp]))[:_MOST_REASONS]


def _told(signal: Signal) -> str:
    lowered_by = f" ({', '.join(signal.reasons)})" if signal.reasons else ""
    return signal.rule.reason + lowered_by
