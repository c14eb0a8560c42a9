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
