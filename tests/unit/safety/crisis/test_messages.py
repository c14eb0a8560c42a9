"""Every message of tests/data/crisis_messages.yaml, and what must be found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from safety.text import Domain, Risk, Severity

RULES = Path(__file__).parents[4] / "safety" / "crisis" / "rules"
MESSAGES = yaml.safe_load(
    (Path(__file__).parents[3] / "data" / "crisis_messages.yaml").read_text(encoding="utf-8")
)


def risks() -> Iterator[tuple[str, str, str]]:
    for group in MESSAGES["risks"]:
        for message in group["messages"]:
            yield message, group["domain"], group["severity"]


def harmless() -> Iterator[str]:
    for group in MESSAGES["harmless"]:
        yield from group["messages"]


@pytest.mark.parametrize(("message", "domain", "severity"), list(risks()))
def test_a_risk_is_found_in_its_domain_and_not_played_down(
    assess: Callable[..., Risk], message: str, domain: str, severity: str
) -> None:
    risk = assess(message)
    assert risk.domain is Domain(domain)
    assert Severity.of(severity) <= risk.severity <= Severity.of(severity) + 1
    assert risk.reasons
    assert 0.5 < risk.score <= 1


@pytest.mark.parametrize("message", list(harmless()))
def test_what_only_sounds_like_risk_alarms_nobody(
    assess: Callable[..., Risk], message: str
) -> None:
    assert assess(message).severity <= Severity.LOW


def test_reasons_never_quote_the_person(assess: Callable[..., Risk]) -> None:
    """Reasons are the rules' own words, whatever the message says."""
    written = {
        row["reason"]
        for path in RULES.glob("*/*.yaml")
        for rows in yaml.safe_load(path.read_text(encoding="utf-8")).get("domains", {}).values()
        for row in rows
    }
    told = {reason for message, _, _ in risks() for reason in assess(message).reasons}
    assert {reason.partition(" (")[0] for reason in told} <= written


def test_the_data_covers_every_domain_and_all_five_languages() -> None:
    groups = MESSAGES["risks"]
    assert {group["domain"] for group in groups} == {*Domain} - {Domain.NONE}
    assert {group.get("language", "en") for group in groups} == {"en", "es", "de", "fr", "pt"}


@pytest.mark.parametrize(
    "text",
    [
        "non voglio più vivere",
        "ik wil niet meer leven",
        "nie chcę żyć",
        "я хочу умереть",
        "не хочу больше жить",
        "ölmek istiyorum",
        "orkar inte leva längre",
        "vreau să mor",
        "chci umřít",
        "θέλω να πεθάνω",
        "أريد أن أموت",
        "marna chahta hu",
        "我不想活了",
        "死にたい",
        "죽고 싶어",
    ],
)
def test_a_wish_to_die_said_plainly_is_heard_in_many_languages(
    assess: Callable[..., Risk], text: str
) -> None:
    assert assess(text).severity is Severity.HIGH


@pytest.mark.parametrize(
    "text", ["хочу спать", "今日は疲れた", "mi fa morire dal ridere", "non voglio morire"]
)
def test_and_what_is_not_such_a_wish_is_not(assess: Callable[..., Risk], text: str) -> None:
    assert assess(text).severity < Severity.MEDIUM


def test_killing_myself_is_about_oneself(assess: Callable[..., Risk]) -> None:
    assert assess("I keep thinking about killing myself").domain is Domain.SUICIDE
