"""What screening says of a text: the masked words, the entities found, the risk.

`ScreenedText` is the only form in which a person's words may be stored. Its constructor is
closed: a screener makes one, code that reads a stored text back makes one, and our own words
(a button's label) make one. Nothing else can.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from safety.known import NOTHING_KNOWN, Known


class Severity(enum.IntEnum):
    """How urgent a risk is. Ordered, so that `severity >= Severity.HIGH` reads as it sounds."""

    NONE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Severity:
        return cls[label.upper()]


class Domain(enum.StrEnum):
    """What a risk is about."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    PSYCHOSIS = "psychosis"
    EATING_DISORDER = "eating_disorder"
    SUBSTANCE = "substance"
    MEDICAL_EMERGENCY = "medical_emergency"
    SAFEGUARDING_MINOR = "safeguarding_minor"
    NONE = "none"


class EntityType(enum.StrEnum):
    """Kinds of personal data that screening masks."""

    PERSON = "PERSON"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    ADDRESS = "ADDRESS"
    LOCATION = "LOCATION"
    ORGANIZATION = "ORGANIZATION"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    USERNAME = "USERNAME"
    URL = "URL"
    IP = "IP"
    CREDIT_CARD = "CREDIT_CARD"
    IBAN = "IBAN"
    NATIONAL_ID = "NATIONAL_ID"
    PASSPORT = "PASSPORT"
    DRIVER_LICENSE = "DRIVER_LICENSE"
    MEDICAL_RECORD = "MEDICAL_RECORD"
    VEHICLE_PLATE = "VEHICLE_PLATE"
    SECRET = "SECRET"  # noqa: S105 - a kind of entity, not a secret
    CRYPTO_WALLET = "CRYPTO_WALLET"
    GPS = "GPS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """One piece of personal data. `start` and `end` are character offsets into the input text."""

    start: int
    end: int
    type: EntityType
    placeholder: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Risk:
    """What the crisis screener found. `score` is a probability between 0 and 1; `reasons` are
    short phrases for a counselor and never quote the person."""

    severity: Severity
    domain: Domain
    score: float
    reasons: tuple[str, ...] = ()

    @property
    def calls_for_humans(self) -> bool:
        """High risk enters the crisis dialog and alerts counselors."""
        return self.severity >= Severity.HIGH

    @property
    def calls_for_a_question(self) -> bool:
        """Medium risk leads to one gentle, direct question and alerts nobody."""
        return self.severity == Severity.MEDIUM


NO_RISK: Final = Risk(severity=Severity.NONE, domain=Domain.NONE, score=0.0)

_PROOF: Final = object()


@dataclass(frozen=True, slots=True, repr=False)
class ScreenedText:
    """A person's words with personal data masked, and the originals of what was masked.

    `originals` maps a placeholder (`<PERSON_1>`) to what stood there; it is empty when the
    deployment drops originals. The representation shows no words, so that a log line or a
    traceback cannot leak them.
    """

    masked: str
    originals: Mapping[str, str] = field(default_factory=dict)
    _proof: object = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self._proof is not _PROOF:
            raise TypeError(
                "A ScreenedText is made by safety.screening.screen, ScreenedText.authored or "
                "ScreenedText.stored. Screen the text first."
            )

    @classmethod
    def screened(cls, masked: str, originals: Mapping[str, str]) -> Self:
        """For the screener alone."""
        return cls(masked, dict(originals), _PROOF)

    @classmethod
    def authored(cls, words: str) -> Self:
        """Words of our own that a person chose, such as the label of a button."""
        return cls(words, {}, _PROOF)

    @classmethod
    def stored(cls, masked: str, originals: Mapping[str, str] | None = None) -> Self:
        """A text read back from storage: it was screened before it was stored."""
        return cls(masked, dict(originals or {}), _PROOF)

    def from_offset(self, start: int) -> Self:
        """The rest of this text from a character offset into `masked`, such as what follows a
        command. Originals that are no longer mentioned go."""
        rest = self.masked[start:].strip()
        kept = {tag: value for tag, value in self.originals.items() if tag in rest}
        return type(self)(rest, kept, _PROOF)

    def without_originals(self) -> Self:
        return type(self)(self.masked, {}, _PROOF)

    def restored(self) -> str:
        """The words as their owner wrote them. For the owner's eyes only."""
        words = self.masked
        for tag, value in self.originals.items():
            words = words.replace(tag, value)
        return words

    def __reduce__(self) -> tuple[object, ...]:
        return (_unpickle, (self.masked, dict(self.originals)))

    def __repr__(self) -> str:
        return f"ScreenedText({len(self.masked)} characters, {len(self.originals)} masked)"


def _unpickle(masked: str, originals: Mapping[str, str]) -> ScreenedText:
    return ScreenedText(masked, originals, _PROOF)


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a screening may look back on: the person's earlier turns, oldest first (masked or
    not: `evenkeel screen` is given them raw), the language when it is known (BCP 47), and what
    the placeholders of the conversation stand for: `Screening.known` of the turn before."""

    earlier: tuple[str, ...] = ()
    language: str | None = None
    known: Known = NOTHING_KNOWN


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """The result of screening one text. `text` is None when screening failed: then nothing of
    what the person wrote may be stored, and `risk` asks to look closer. `known` is for the
    conversation's next screening, and is kept where `text` is; None when it failed."""

    text: ScreenedText | None
    entities: tuple[Entity, ...]
    risk: Risk
    ms: float
    known: Known | None = None

    @property
    def failed(self) -> bool:
        return self.text is None

    @classmethod
    def failure(cls, reason: str, ms: float) -> Self:
        """Fail closed: no text, and a risk that makes the bot ask."""
        risk = Risk(severity=Severity.MEDIUM, domain=Domain.NONE, score=0.5, reasons=(reason,))
        return cls(text=None, entities=(), risk=risk, ms=ms)
