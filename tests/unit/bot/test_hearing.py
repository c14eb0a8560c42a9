"""What of an update may be stored: before consent nothing, unless someone is at risk."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.hearing import hear, heard_from
from bot.updates import Other, OtherKind, Pressed, Said, Update
from safety.text import Domain, Risk, ScreenedText, Screening, Severity
from storage.addresses import Address, Identity, Platform
from storage.conversations import Glance
from storage.records import RiskSource

HERE = Address(platform=Platform.CONSOLE, chat="here")


def update(content: Said | Pressed | Other) -> Update:
    return Update(
        key="test:1",
        identity=Identity(platform=Platform.CONSOLE, subject="someone"),
        address=HERE,
        content=content,
        at=datetime(2026, 1, 2, tzinfo=UTC),
    )


def screening(severity: Severity, words: str = "words") -> Screening:
    domain = Domain.SUICIDE if severity else Domain.NONE
    risk = Risk(severity=severity, domain=domain, score=0.5)
    return Screening(text=ScreenedText.screened(words, {}), entities=(), risk=risk, ms=1.0)


def glance(*, consented: bool) -> Glance:
    return Glance(consented=consented, earlier=(), locale="en")


@pytest.mark.parametrize("severity", [Severity.NONE, Severity.LOW, Severity.MEDIUM])
def test_before_consent_words_are_not_stored_and_leave_no_event(severity: Severity):
    hearing = hear(update(Said("words")), screening(severity), glance(consented=False))
    assert hearing.stored.text is None
    assert hearing.findings == ()
    assert hearing.entry.text is not None, "this turn still needs them"


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.CRITICAL])
def test_before_consent_words_of_somebody_at_risk_are_stored_with_an_alert(severity: Severity):
    hearing = hear(update(Said("words")), screening(severity), glance(consented=False))
    assert hearing.stored.text is not None
    assert [found.alert for found in hearing.findings] == [True]


def test_medium_risk_is_an_event_and_no_alert():
    hearing = hear(update(Said("words")), screening(Severity.MEDIUM), glance(consented=True))
    assert [found.alert for found in hearing.findings] == [False]
    assert not hearing.urgent


def test_words_that_could_not_be_screened_are_nowhere_and_known_as_such():
    failed = Screening.failure("screening failed", 1.0)
    hearing = hear(update(Said("secret words")), failed, glance(consented=True))
    assert hearing.entry.text is None
    assert [found.source for found in hearing.findings] == [RiskSource.SCREENING_FAILED]
    assert heard_from(hearing.entry, consented=True).unscreened


def test_words_that_were_let_go_before_consent_are_not_called_unscreened():
    hearing = hear(update(Said("words")), screening(Severity.NONE), glance(consented=False))
    assert not heard_from(hearing.stored, consented=False).unscreened


def test_what_is_not_text_keeps_its_kind_alone():
    hearing = hear(
        update(Other(OtherKind.VOICE)), screening(Severity.NONE, ""), glance(consented=True)
    )
    assert heard_from(hearing.entry, consented=True).other is OtherKind.VOICE
    assert hearing.entry.text is None


@given(st.text(max_size=100))
def test_any_button_data_becomes_an_entry(data: str):
    pressed = update(Pressed(data=data, message="1"))
    hearing = hear(pressed, screening(Severity.NONE, ""), glance(consented=True))
    assert hearing.entry.press in (data, "")
