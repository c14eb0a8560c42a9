"""Rules and model strengthen each other, and neither overrules the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safety.crisis.judging import judged
from safety.crisis.opinion import NO_OPINION, Opinion
from safety.text import NO_RISK, Domain, Risk, Severity

SEVERITIES = st.sampled_from(Severity)


def rules(severity: Severity, domain: Domain = Domain.ABUSE) -> Risk:
    return Risk(severity=severity, domain=domain, score=0.5, reasons=("physical violence",))


def opinion(*at_least: float, domain: Domain = Domain.SUICIDE) -> Opinion:
    """`at_least` of low, medium, high and critical."""
    return Opinion(at_least=(1.0, *at_least), domains=(Domain.NONE, domain))


@st.composite
def opinions(draw: st.DrawFn) -> Opinion:
    falling = sorted(draw(st.lists(st.floats(0, 1), min_size=4, max_size=4)), reverse=True)
    return opinion(*falling)


def test_rules_alone_are_believed() -> None:
    for severity in list(Severity)[1:]:
        risk = judged(rules(severity), NO_OPINION)
        assert (risk.severity, risk.domain) == (severity, Domain.ABUSE)
        assert risk.reasons == ("physical violence",)


def test_a_model_alone_is_believed_and_says_what_it_reads() -> None:
    risk = judged(NO_RISK, opinion(0.99, 0.97, 0.9, 0.1))
    assert (risk.severity, risk.domain) == (Severity.HIGH, Domain.SUICIDE)
    assert risk.reasons == ("reads like intent, a plan, preparation or a goodbye",)
    assert risk.score == 0.97


def test_neither_finds_anything() -> None:
    assert judged(NO_RISK, NO_OPINION) == NO_RISK
    assert judged(NO_RISK, opinion(0.2, 0.05, 0.01, 0.0)) == NO_RISK


def test_what_the_model_finds_graver_is_of_its_domain_and_keeps_the_reasons_of_the_rules() -> None:
    risk = judged(rules(Severity.LOW), opinion(0.99, 0.95, 0.9, 0.2))
    assert (risk.severity, risk.domain) == (Severity.HIGH, Domain.SUICIDE)
    assert risk.reasons[0] == "physical violence"
    assert len(risk.reasons) == 2


@given(SEVERITIES, opinions())
def test_a_model_never_lowers_what_rules_find(severity: Severity, said: Opinion) -> None:
    found = NO_RISK if severity is Severity.NONE else rules(severity)
    assert judged(found, said).severity >= severity


@given(SEVERITIES, opinions())
def test_rules_never_lower_what_a_model_finds(severity: Severity, said: Opinion) -> None:
    assert judged(rules(severity), said).severity >= judged(NO_RISK, said).severity
