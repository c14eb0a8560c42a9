"""Screening of one text: masked, weighed, never raising, failing closed."""

from __future__ import annotations

import pytest

from safety.crisis.screener import CrisisScreener
from safety.pii.masking import Masker
from safety.screening import Screener
from safety.text import NO_RISK, Context, Risk, Severity


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.load()


class BrokenMasker(Masker):
    """Fails as a library may."""

    def __init__(self) -> None:
        pass

    def mask(self, written: str) -> object:  # type: ignore[override]
        raise RuntimeError("broken")


class BrokenCrisisScreener(CrisisScreener):
    """Fails as a library may."""

    def __init__(self) -> None:
        pass

    def assess(self, text: str, context: Context) -> Risk:
        raise RuntimeError("broken")


def test_a_text_is_masked_and_weighed(screener: Screener) -> None:
    screening = screener.screen("I'm Priya and I am going to kill myself tonight", Context())

    assert screening.text is not None
    assert screening.text.masked == "I'm <PERSON_1> and I am going to kill myself tonight"
    assert [entity.placeholder for entity in screening.entities] == ["<PERSON_1>"]
    assert screening.risk.severity is Severity.CRITICAL
    assert screening.ms > 0


def test_the_crisis_screener_reads_the_words_and_not_their_placeholders(screener: Screener) -> None:
    plain = screener.screen("im going to jump off a bridge in Leeds tonight", Context())

    assert plain.risk.severity >= Severity.HIGH


def test_an_everyday_text_stays_and_carries_no_risk(screener: Screener) -> None:
    screening = screener.screen("slept well, went for a walk", Context())

    assert screening.text is not None
    assert screening.text.masked == "slept well, went for a walk"
    assert screening.text.originals == {}
    assert screening.risk.severity is Severity.NONE


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\ud800"])
def test_an_empty_text_is_empty_and_carries_no_risk(screener: Screener, text: str) -> None:
    screening = screener.screen(text, Context())

    assert screening.text is not None
    assert screening.text.masked.strip() == ""
    assert screening.risk.severity is NO_RISK.severity


@pytest.mark.parametrize(
    "text",
    ["😀" * 500, "مرحبا كيف حالك", "\u202eabc", "\x01\x02\x03\xff", "a" * 120_000, "🏳️‍🌈 e\u0301"],
)
def test_text_of_any_kind_is_screened(screener: Screener, text: str) -> None:
    assert not screener.screen(text, Context()).failed


def test_when_masking_fails_nothing_is_kept_and_the_person_is_asked(screener: Screener) -> None:
    broken = Screener(BrokenMasker(), screener._crisis)

    screening = broken.screen("I'm Priya", Context())

    assert screening.failed
    assert screening.risk.severity is Severity.MEDIUM
    assert screening.risk.reasons == ("screening failed",)


def test_when_masking_fails_a_high_risk_still_counts(screener: Screener) -> None:
    broken = Screener(BrokenMasker(), screener._crisis)

    screening = broken.screen("I am going to kill myself tonight", Context())

    assert screening.failed
    assert screening.risk.severity is Severity.CRITICAL


def test_when_weighing_fails_nothing_is_kept(screener: Screener) -> None:
    broken = Screener(screener._masker, BrokenCrisisScreener())

    assert broken.screen("hello", Context()).failed
