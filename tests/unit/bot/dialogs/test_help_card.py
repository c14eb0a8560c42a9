"""The card of every region, in every language, for every kind of danger."""

from __future__ import annotations

import pytest

from bot.dialogs.dialog import Reply
from bot.dialogs.help_card import card_lines, emergency_number, shortened
from safety.resources import helplines, regions
from safety.text import Domain
from tests.unit.bot.dialogs.stage import LANGUAGES, words


@pytest.mark.parametrize("region", [*regions(), "XX"])
def test_every_card_shows_an_emergency_number_and_somewhere_to_turn(region: str) -> None:
    for language in LANGUAGES:
        for domain in Domain:
            lines = card_lines(region, domain, "US", locale=language)
            card = words(Reply(lines=lines), language)
            assert emergency_number(region, domain, "US") in card
            assert len(lines) >= 2
            assert "none" not in card


@pytest.mark.parametrize("region", ["TR", "NG", "EG", "XX"])
def test_where_no_line_is_reliable_the_card_says_so_and_names_a_directory(region: str) -> None:
    card = words(Reply(lines=card_lines(region, Domain.SUICIDE, "US")))
    assert "no helpline here that I can be sure of" in card
    assert "findahelpline.com" in card


def test_a_doubtful_line_is_not_shown() -> None:
    doubtful = {line.name for line in helplines("AE").lines if line.doubtful}
    card = words(Reply(lines=card_lines("AE", Domain.SUICIDE, "US")))
    assert doubtful
    assert not any(name in card for name in doubtful)


def test_a_line_says_how_it_is_reached_and_when() -> None:
    card = words(Reply(lines=card_lines("US", Domain.SUICIDE, "GB")))
    assert "988 Suicide & Crisis Lifeline: call 988; text 988" in card
    assert "text HOME to 741741" in card
    assert "(day and night)" in card


def test_the_short_card_keeps_the_emergency_number() -> None:
    for region in regions():
        for domain in Domain:
            short = shortened(card_lines(region, domain, "US"))
            assert emergency_number(region, domain, "US") in words(Reply(lines=short))
            assert len(short) <= 2
