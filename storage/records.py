"""What a turn stores besides messages: one frozen value a kind of record.

Dialogs make these values; `storage.conversations` writes them in the turn's one transaction.
A field that holds a person's own words is a `ScreenedText`, so unscreened words do not fit.
Ids are uuid7 and are made by the turn, so writing the same record twice is refused by its key.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from safety.text import Risk, ScreenedText


class Purpose(enum.StrEnum):
    """What a person can consent to, each on its own."""

    SERVICE = "service"  # keep what I write, so that the bot can do its work
    AI_CHAT = "ai_chat"  # send masked text to a language model
    CHECK_INS = "check_ins"  # write to me first
    TEACHING = "teaching"  # let people read what was misread, to teach the screener


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecorded:
    """A yes or a no to one purpose. `text` is what the person was shown, word for word."""

    id: UUID
    purpose: Purpose
    version: int
    text: str
    granted: bool
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ProfileChanged:
    """Settings that changed; None leaves a setting as it is."""

    locale: str | None = None
    region: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MoodRecorded:
    """A mood from 1 (very low) to 10 (very good)."""

    id: UUID
    score: int
    note: ScreenedText | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalWritten:
    id: UUID
    text: ScreenedText
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptBegun:
    """One person's run of one form. `form_id` is `instruments.form_id(instrument, version)`."""

    id: UUID
    form_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """`value` is the value printed on the published form; None when the item was skipped."""

    value: int | None
    at: datetime
    edits: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptAnswered:
    """All answers so far, by item key; replaces what was stored before."""

    id: UUID
    answers: Mapping[str, Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreCalculated:
    """One score of an attempt; every completed attempt has exactly one of type `total`."""

    id: UUID
    score_type: str
    value: Decimal
    band: str | None
    interpretation: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AttemptClosed:
    """An attempt that ended: `completed` with scores, or `expired` without."""

    id: UUID
    status: Literal["completed", "expired"]
    scores: tuple[ScoreCalculated, ...]
    at: datetime


class RiskSource(enum.StrEnum):
    """What showed the risk."""

    TEXT = "text"
    ASSESSMENT_ITEM = "assessment_item"
    SCREENING_FAILED = "screening_failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskFound:
    """A safety event about the turn's own message; with `alert`, also a crisis flag and an
    escalation to counselors. `id` is the event's; the flag and the escalation use ids derived
    from it, so that the three are written once however often the turn is tried."""

    id: UUID
    source: RiskSource
    risk: Risk
    alert: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MisreadReported:
    """The person says that screening misread one of their messages: a safety event beside those
    that it caused. `about` is that message's id; with `teaches` they agree that it may be used to
    teach the screener. What is said again of the same message takes the earlier one's place."""

    about: UUID
    teaches: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRan:
    """One call of a language model. Prompt and response hold masked text; both are sealed."""

    id: UUID
    model: str
    prompt_name: str
    prompt_version: str
    prompt: str
    response: str | None
    tokens: int | None
    seconds: float
    finish_reason: str | None
    error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyRefused:
    """A safety event: what a language model wanted to say was not said. `reasons` are words of a
    closed list; what it wanted to say is in the turn's `ModelRan` alone."""

    id: UUID
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureAsked:
    """The person wants to be forgotten, and confirmed it. The receipt goes to where this turn came
    from, in `locale`, with the helplines of `region` if one is needed."""

    locale: str
    region: str | None


Record = (
    ConsentRecorded
    | ProfileChanged
    | MoodRecorded
    | JournalWritten
    | AttemptBegun
    | AttemptAnswered
    | AttemptClosed
    | RiskFound
    | MisreadReported
    | ModelRan
    | ReplyRefused
    | ErasureAsked
)
