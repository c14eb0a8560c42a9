"""Consents: which purposes there are to ask about, the question, and the record of the answer.

The engine stores the words of `consent-<purpose>` as the person saw them. A change of these words
that changes what is agreed to needs a new version here.
"""

from __future__ import annotations

from typing import Final

from bot.dialogs.dialog import Choice, Reply, Service, Turn, Verbatim
from bot.dialogs.question import yes_no
from prompts.catalog import Say
from storage.records import ConsentRecorded, Purpose

VERSION: Final = 1


def purposes(service: Service) -> tuple[Purpose, ...]:
    """What this deployment needs consent for, in the order it is asked."""
    if service.language_model:
        return (Purpose.SERVICE, Purpose.AI_CHAT, Purpose.CHECK_INS)
    return (Purpose.SERVICE, Purpose.CHECK_INS)


def standing(service: Service, consents: frozenset[Purpose]) -> tuple[Purpose, ...]:
    """What a person can look at and switch. Teaching is asked about one message, when there is
    one, and shown for as long as the yes stands."""
    teaching = (Purpose.TEACHING,) if Purpose.TEACHING in consents else ()
    return (*purposes(service), *teaching)


def key(purpose: Purpose) -> str:
    return f"consent-{purpose.value.replace('_', '-')}"


def more_about(purpose: Purpose) -> Say:
    return Say(f"{key(purpose)}-more")


def ask_consent(
    purpose: Purpose,
    *before: Say | Verbatim,
    more: tuple[Choice, ...] = (),
    edits: bool = False,
) -> Reply:
    return yes_no(*before, Say(key(purpose)), more=more, edits=edits)


def consent(turn: Turn, purpose: Purpose, *, granted: bool) -> ConsentRecorded:
    return ConsentRecorded(
        id=turn.id,
        purpose=purpose,
        version=VERSION,
        text=f"{key(purpose)}@{VERSION}",
        granted=granted,
        at=turn.now,
    )
