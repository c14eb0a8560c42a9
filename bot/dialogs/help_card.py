"""The helplines of a region as lines of a reply. The crisis dialog and the engine share it."""

from __future__ import annotations

from typing import Final

from bot.dialogs.countries import name_of
from bot.dialogs.dialog import Verbatim
from bot.dialogs.question import say
from prompts.catalog import Say
from safety.resources import Agreement, Helpline, LineKind, card, helplines
from safety.text import Domain

EMERGENCY: Final = "card-emergency"
NOTHING: Final = "none"
"""Stands for a missing way to reach a line; the words choose by it."""


def card_lines(
    region: str | None,
    domain: Domain,
    default_region: str,
    *,
    locale: str = "en",
) -> tuple[Say | Verbatim, ...]:
    """The lines for a region and a domain, the most useful first, always with the emergency
    number. `region` None means nobody asked yet: then the deployment's own region is shown, and
    the card says which that is."""
    where = region or default_region
    lines = tuple(_line(line) for line in card(where, domain, language=locale))
    if helplines(where).no_reliable_line:
        lines = (*lines, Say("card-no-reliable-line"))
    if region is None:
        lines = (*lines, say("card-assumed-region", country=name_of(where, locale)))
    return lines


def shortened(lines: tuple[Say | Verbatim, ...]) -> tuple[Say | Verbatim, ...]:
    """The first line of a card and the emergency number."""
    emergency = tuple(line for line in lines if isinstance(line, Say) and line.key == EMERGENCY)
    return (*(line for line in lines[:1] if line not in emergency), *emergency)


def emergency_number(region: str | None, domain: Domain, default_region: str) -> str:
    """The number to dial when there is no time."""
    return helplines(region or default_region).emergency_for(domain).number


def names_on_card(region: str | None, domain: Domain, default_region: str) -> tuple[str, ...]:
    """The lines' names: by them a card that was shown before is recognised."""
    lines = card(region or default_region, domain)
    return tuple(line.name for line in lines if line.kind is not LineKind.EMERGENCY)


def _line(line: Helpline) -> Say:
    if line.kind is LineKind.EMERGENCY:
        return say(EMERGENCY, number=line.phone, sure=_sure(line))
    return say(
        "card-line",
        name=line.name,
        phone=line.phone or NOTHING,
        text=line.text or NOTHING,
        word=line.text_word or NOTHING,
        whatsapp=line.whatsapp or NOTHING,
        web=line.web or NOTHING,
        hours=_hours(line),
    )


def _sure(line: Helpline) -> str:
    return "no" if line.agreement is Agreement.MEMORY else "yes"


def _hours(line: Helpline) -> str:
    """`always`, the hours as the operator gives them, or nothing when they are not known."""
    return "always" if line.hours.startswith("24/7") else line.hours or NOTHING
