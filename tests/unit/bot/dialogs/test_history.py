"""What a person sees of what they kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from bot.dialogs.history import History
from bot.ids import new_id
from storage.facts import Facts, JournalFact, MoodFact, ScoreFact
from tests.unit.bot.dialogs.stage import NOON, Stage, all_words, instruments, keys, person


def moods(*scores: int) -> tuple[MoodFact, ...]:
    """One a day, newest first."""
    return tuple(
        MoodFact(score=score, note=None, at=NOON - timedelta(days=day))
        for day, score in enumerate(scores)
    )


def total(value: int, band: str | None, *, form: UUID | None = None, days: int = 0) -> ScoreFact:
    return ScoreFact(
        attempt_id=new_id(),
        form_id=form or instruments().by_id("phq9").current.id,
        score_type="total",
        value=Decimal(value),
        band=band,
        at=NOON - timedelta(days=days),
    )


def shown(facts: Facts, language: str = "en", **who: str) -> str:
    stage = Stage(History(instruments()), person=person(**who), facts=facts)
    return all_words(stage.begin("/history"), language)


def test_nothing_kept_yet_is_said_kindly_with_ways_to_begin() -> None:
    outcome = Stage(History(instruments())).begin("/history")
    assert keys(outcome) == ["history-empty"]
    assert outcome.replies[0].choices


def test_moods_are_shown_oldest_first_as_bars_and_as_numbers() -> None:
    words = shown(Facts(moods=moods(10, 5, 1)))
    assert "▁▄█" in words
    assert "1, 5, 10" in words
    assert "Lowest 1, highest 10" in words


def test_at_most_fourteen_moods_are_shown() -> None:
    assert "Your last 14 moods" in shown(Facts(moods=moods(*([5] * 20))))


def test_scores_come_newest_first_with_band_and_date() -> None:
    words = shown(Facts(scores=(total(12, "moderate"), total(4, "minimal", days=14))))
    assert "Nov 22, 2026: PHQ-9 12 of 27, moderate" in words
    assert words.index("moderate") < words.index("minimal")


def test_dates_follow_the_persons_own_clock() -> None:
    late = ScoreFact(
        attempt_id=new_id(),
        form_id=instruments().by_id("gad7").current.id,
        score_type="total",
        value=Decimal(3),
        band="minimal",
        at=NOON + timedelta(hours=11, minutes=30),
    )
    assert "Nov 22" in shown(Facts(scores=(late,)), timezone="UTC")
    assert "Nov 23" in shown(Facts(scores=(late,)), timezone="Europe/Madrid")
    assert "Nov 22" in shown(Facts(scores=(late,)), timezone="Mars/Olympus")


@pytest.mark.parametrize(("count", "words"), [(1, "one entry"), (3, "3 entries"), (30, "or more")])
def test_the_journal_is_counted_and_not_shown(count: int, words: str) -> None:
    entries = tuple(JournalFact(text="quince", at=NOON) for _ in range(count))
    assert words in shown(Facts(journal=entries))
    assert "quince" not in shown(Facts(journal=entries))


def test_a_form_that_is_no_longer_known_is_left_out() -> None:
    words = shown(Facts(scores=(total(3, "odd", form=new_id()),), moods=moods(5)))
    assert "odd" not in words
    assert "questionnaires" not in words


def test_a_score_without_a_band_is_shown_as_a_number() -> None:
    assert "PHQ-9 12 of 27" in shown(Facts(scores=(total(12, None),)))
