"""What earlier turns make of a short answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.text import Domain, Risk, Severity

Assess = Callable[..., Risk]
DISCLOSED = "i want to kill myself"


@pytest.mark.parametrize("answer", ["yes", "Yeah...", "sometimes", "every night", "all the time"])
def test_yes_keeps_what_was_said(assess: Assess, answer: str) -> None:
    risk = assess(answer, DISCLOSED)
    assert risk.severity is Severity.HIGH
    assert risk.domain is Domain.SUICIDE
    assert "said in an earlier turn" in risk.reasons


@pytest.mark.parametrize("answer", ["yes, tonight", "tonight", "i have the pills here"])
def test_a_time_or_means_makes_it_graver(assess: Assess, answer: str) -> None:
    assert assess(answer, DISCLOSED).severity is Severity.CRITICAL


def test_means_named_in_a_long_message_count_too(assess: Assess) -> None:
    told = "mum has gone out with the dog and my sister is asleep and i have the pills next to me"
    assert assess(told, DISCLOSED).severity is Severity.CRITICAL


@pytest.mark.parametrize("answer", ["no", "nope, im safe now", "thanks that helped", "never"])
def test_no_and_thanks_end_it(assess: Assess, answer: str) -> None:
    assert assess(answer, DISCLOSED).severity is Severity.NONE


def test_a_long_message_is_judged_by_itself(assess: Assess) -> None:
    told = "yes i had a really nice day at the beach with my sister and her dog"
    assert assess(told, DISCLOSED).severity is Severity.NONE


def test_an_unclear_answer_is_not_nothing(assess: Assess) -> None:
    assert assess("ok", DISCLOSED).severity is Severity.LOW


@pytest.mark.parametrize("answer", ["yes", "tonight", "i have the pills here"])
def test_without_a_disclosure_the_same_words_are_nothing(assess: Assess, answer: str) -> None:
    assert assess(answer, "had a nice walk").severity is Severity.NONE


def test_a_disclosure_is_forgotten_after_three_turns(assess: Assess) -> None:
    assert assess("yes", DISCLOSED, "ok", "i had soup").severity is Severity.HIGH
    assert assess("yes", DISCLOSED, "ok", "i had soup", "it rained").severity is Severity.NONE


def test_confidence_decays_with_every_turn(assess: Assess) -> None:
    assert assess("yes", DISCLOSED).score > assess("yes", DISCLOSED, "ok").score


def test_another_domain_is_taken_up_as_well(assess: Assess) -> None:
    risk = assess("he's coming home now", "my boyfriend hits me")
    assert (risk.severity, risk.domain) == (Severity.CRITICAL, Domain.ABUSE)


def test_spanish_answers_are_understood(assess: Assess) -> None:
    assert assess("sí", "quiero morir").severity is Severity.HIGH
