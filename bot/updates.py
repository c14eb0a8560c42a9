"""One thing a person did on a platform, as a frozen value, before anyone has screened it.

An `Update` lives in memory only. It is never stored, logged or printed: what is stored is made
of its `ScreenedText`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from storage.addresses import Address, Identity


@dataclass(frozen=True, slots=True)
class Said:
    """Words, with or without a command in front (`/mood 7 slept well`)."""

    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A button. `data` is what we put on it; `message` the platform's id of the message that
    carries it, so that the answer can be edited in place; `query` what the platform wants
    acknowledged (a Telegram callback query id)."""

    data: str
    message: str | None = None
    query: str | None = None


class OtherKind(enum.StrEnum):
    """Everything that is neither words nor a button. The kind is kept, the content is not."""

    VOICE = "voice"
    PHOTO = "photo"
    STICKER = "sticker"
    DOCUMENT = "document"
    LOCATION = "location"
    CONTACT = "contact"
    POLL = "poll"
    GROUP = "group"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Other:
    """Something that is neither words nor a button: it gets a kind answer and is not kept."""

    kind: OtherKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """`key` names this update for ever, across redeliveries: platform, bot or team, kind and the
    platform's own id, such as `telegram:81234:update:5531`. `locale` is what the platform says
    of the person's language (BCP 47), if anything. `at` is when it reached us, in UTC."""

    key: str
    identity: Identity
    address: Address
    content: Said | Pressed | Other
    at: datetime
    locale: str | None = None
