"""What a dialog may ask to see before it speaks: a person's own recent records, opened."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID


class Need(enum.StrEnum):
    """The kinds of facts. A dialog names its needs; the turn engine loads them, no others."""

    MOODS = "moods"
    SCORES = "scores"
    JOURNAL = "journal"
    MESSAGES = "messages"


@dataclass(frozen=True, kw_only=True, slots=True)
class MoodFact:
    score: int
    note: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreFact:
    """A score of a completed attempt: `form_id` tells the instrument and version."""

    attempt_id: UUID
    form_id: UUID
    score_type: str
    value: Decimal
    band: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalFact:
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageFact:
    """A message as it is stored: masked."""

    role: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Newest first, at most 30 of each (20 messages). Moods' notes and journal texts are the
    owner's words, originals restored; messages stay masked."""

    moods: tuple[MoodFact, ...] = ()
    scores: tuple[ScoreFact, ...] = ()
    journal: tuple[JournalFact, ...] = ()
    messages: tuple[MessageFact, ...] = ()


NO_FACTS: Final = Facts()
