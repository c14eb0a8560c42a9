"""Screening of one text: masked, weighed, never raising, failing closed."""

from __future__ import annotations

import pytest

from safety.crisis.screener import CrisisScreener
from safety.known import NOTHING_KNOWN
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

    def mask(self, written: str, known: object = None) -> object:  # type: ignore[override]
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


def test_placeholders_are_the_same_through_a_conversation(screener: Screener) -> None:
    first = screener.screen("I'm Priya, my brother Marcus Hale left", Context())
    assert first.known is not None
    second = screener.screen("my sister Lena told marcus", Context(known=first.known))

    assert second.text is not None
    assert second.text.masked == "my sister <PERSON_3> told <PERSON_2>"
    assert second.text.originals == {"<PERSON_3>": "Lena", "<PERSON_2>": "marcus"}


def test_what_was_a_name_once_is_one_in_every_later_message(screener: Screener) -> None:
    first = screener.screen("my flatmate is called Zebulonia", Context())
    assert first.known is not None
    second = screener.screen("idk, zebulonia though", Context(known=first.known))

    assert second.text is not None
    assert second.text.masked == "idk, <PERSON_1> though"


def test_earlier_turns_that_are_not_masked_yet_are_remembered_in_order(screener: Screener) -> None:
    known = screener.known_after(["I'm Priya", "my brother Marcus left"])
    screening = screener.screen("marcus and Priya", Context(known=known))

    assert screening.text is not None
    assert screening.text.masked == "<PERSON_2> and <PERSON_1>"


def test_a_turn_that_cannot_be_masked_is_not_remembered(screener: Screener) -> None:
    broken = Screener(BrokenMasker(), screener._crisis)

    assert broken.known_after(["I'm Priya"]) == NOTHING_KNOWN
    assert broken.screen("I'm Priya", Context()).known is None
