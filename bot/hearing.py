"""What an update becomes once it is screened: an inbox entry, and what screening found in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.ids import new_id
from bot.routing import Heard
from bot.updates import Other, OtherKind, Pressed, Said, Update
from safety.text import Domain, Screening, Severity
from storage.conversations import Glance
from storage.inbox import MOST_PRESS, Entry
from storage.records import RiskFound, RiskSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Hearing:
    """`entry` is what this process goes on with. `stored` is what may be kept of it: before
    consent that is not the text, unless someone is at risk."""

    entry: Entry
    stored: Entry
    findings: tuple[RiskFound, ...]

    @property
    def urgent(self) -> bool:
        return self.entry.risk.calls_for_humans

    @property
    def preempts(self) -> bool:
        """Whether a turn that runs right now must not be finished as it was begun: somebody is in
        danger, or takes back a consent that it may be built on."""
        return self.urgent or _takes_back(self.entry)


def _takes_back(entry: Entry) -> bool:
    words = entry.press or (entry.text.masked if entry.text else "")
    return words.removeprefix("!").casefold().split()[:2] == ["/privacy", "off"]


def words_of(update: Update) -> str:
    """The words to screen: only a `Said` has any."""
    return update.content.text if isinstance(update.content, Said) else ""


def hear(update: Update, screening: Screening, glance: Glance) -> Hearing:
    entry = _entry(update, screening)
    findings = tuple(_findings(update, screening))
    may_keep = glance.consented or screening.risk.calls_for_humans
    if not may_keep:
        findings = ()
    return Hearing(
        entry=entry,
        stored=entry if may_keep else replace(entry, text=None),
        findings=findings,
    )


def heard_from(entry: Entry, *, consented: bool) -> Heard:
    return Heard(
        text=entry.text,
        press=entry.press,
        other=OtherKind(entry.other) if entry.other else None,
        risk=entry.risk,
        unscreened=_unscreened(entry),
        consented=consented,
    )


def _entry(update: Update, screening: Screening) -> Entry:
    content = update.content
    pressed = content if isinstance(content, Pressed) else None
    return Entry(
        key=update.key,
        message_id=new_id(),
        kind="said" if isinstance(content, Said) else "pressed" if pressed else "other",
        address=update.address,
        text=screening.text if isinstance(content, Said) else None,
        press=_data(pressed) if pressed else None,
        message_ref=pressed.message if pressed else None,
        query=pressed.query if pressed else None,
        other=content.kind.value if isinstance(content, Other) else None,
        locale=update.locale,
        at=update.at,
        risk=screening.risk,
    )


def _data(pressed: Pressed) -> str:
    """Data that we cannot have put on a button is that of no button."""
    ours = len(pressed.data) <= MOST_PRESS and pressed.data.isascii()
    return pressed.data if ours and pressed.data.isprintable() else ""


def _unscreened(entry: Entry) -> bool:
    """Words that failed to be screened: a risk that asks, about nothing in particular."""
    failed = entry.risk.severity is Severity.MEDIUM and entry.risk.domain is Domain.NONE
    return entry.kind == "said" and entry.text is None and failed


def _findings(update: Update, screening: Screening) -> list[RiskFound]:
    if not isinstance(update.content, Said) or screening.risk.severity is Severity.NONE:
        return []
    source = RiskSource.SCREENING_FAILED if screening.failed else RiskSource.TEXT
    alert = screening.risk.calls_for_humans
    return [RiskFound(id=new_id(), source=source, risk=screening.risk, alert=alert)]
