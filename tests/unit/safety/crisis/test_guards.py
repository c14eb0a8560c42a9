"""What lowers a find, and that it lowers nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.text import Domain, Risk, Severity

Assess = Callable[..., Risk]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("i don't want to kill myself", "denied"),
        ("i was suicidal years ago", "in the past"),
        ("she said her cousin has been suicidal", "about another person"),
        ("in the movie a girl wants to end it all", "in a story"),
        ("our essay on suicide prevention was about thoughts of suicide", "work or study"),
        ('he sings "i want to die" all day', "quoted"),
        ("my doctor asked if i want to die", "asked by another"),
    ],
)
def test_a_guard_lowers_what_it_stands_beside_and_says_so(
    assess: Assess, text: str, why: str
) -> None:
    risk = assess(text)
    assert risk.severity <= Severity.LOW
    if risk.severity:
        assert any(why in reason for reason in risk.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "i'm not suicidal. i just took all my pills",
        "im not suicidal but i want to kill myself",
        "i used to want to die. now i have a plan to kill myself",
        "watched a movie where the hero dies lol. i want to kill myself",
        "my friend wants to die and so do i, i want to kill myself",
        "lol my phone died. im going to hang myself tonight",
        "i work as a nurse and i want to die",
        "this homework is killing me. i want to kill myself",
        "i said im not going to kill myself, but i am going to kill myself",
        "no, i want to kill myself",
    ],
)
def test_a_guard_never_vetoes_a_second_signal(assess: Assess, text: str) -> None:
    assert assess(text).severity >= Severity.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "i can't stop thinking about killing myself",
        "there's no point i want to die",
        "i don't know if i want to kill myself",
        "not gonna lie i want to die",
        "i don't care if i die, i want to kill myself",
        "why shouldn't i kill myself",
        "i've never wanted to die more than now",
    ],
)
def test_a_no_that_denies_nothing_is_no_denial(assess: Assess, text: str) -> None:
    assert assess(text).severity >= Severity.HIGH


def test_severity_is_independent_of_confidence(assess: Assess) -> None:
    joke = assess("lol I'll kill myself if I fail")
    plan = assess("I have a plan. I am going to kill myself tonight.")
    assert joke.severity is Severity.LOW
    assert plan.severity is Severity.CRITICAL
    assert joke.score < plan.score


def test_a_laughing_picture_is_a_jest_and_a_knife_is_none(assess: Assess) -> None:
    assert assess("i want to die 😂").severity < assess("i want to die 🔪").severity
    assert assess("i want to die. 😂") == assess("i want to die 😂")


def test_again_brings_the_past_back(assess: Assess) -> None:
    assert assess("years ago i was suicidal").severity is Severity.LOW
    assert assess("i was suicidal years ago and now i am suicidal again").severity >= Severity.HIGH


def test_time_and_means_make_it_graver(assess: Assess) -> None:
    assert assess("i'm going to kill myself").severity is Severity.HIGH
    assert assess("i'm going to kill myself tonight").severity is Severity.CRITICAL
    assert assess("i want to die. i have the pills here").severity is Severity.CRITICAL


def test_a_time_far_from_the_intent_is_another_matter(assess: Assess) -> None:
    text = (
        "i'm going to kill myself. my sister called. she has a new cat. tonight there is football"
    )
    assert assess(text).severity is Severity.HIGH


def test_means_that_are_denied_count_for_nothing(assess: Assess) -> None:
    assert assess("i want to die. i don't have a gun").severity is Severity.HIGH


def test_means_and_time_alone_are_nothing(assess: Assess) -> None:
    assert assess("tonight i have the pills, the rope and a train to catch") == assess("hello")


def test_two_different_middling_signs_make_a_high_one(assess: Assess) -> None:
    assert assess("i wish i was never born").severity is Severity.MEDIUM
    both = "i wish i was never born. everyone would be better off without me"
    assert assess(both).severity is Severity.HIGH


def test_violence_against_a_child_who_writes_is_safeguarding(assess: Assess) -> None:
    assert assess("he punched me in the face").domain is Domain.ABUSE
    child = assess("i'm 13. he punched me in the face")
    assert child.domain is Domain.SAFEGUARDING_MINOR
    assert "under 18" in child.reasons


def test_another_persons_emergency_is_an_emergency(assess: Assess) -> None:
    assert assess("my friend isn't breathing").severity is Severity.CRITICAL
    assert assess("my brother just took a whole bottle of pills").severity >= Severity.HIGH
