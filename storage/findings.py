"""What screening found, as rows: a safety event; with an alert also a flag and its escalation.
And what the person says of it.

The flag's and the escalation's ids follow from the event's, and the alias from the flag's, so
that a turn that is tried again names the same things.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from safety.text import Severity
from storage.encryption import UserKey
from storage.records import MisreadReported, RiskFound

# Plain, short, hard to mishear, and with nothing to read into them.
_FIRST: Final = """
    amber ample azure bright broad bronze clear copper coral crisp early fresh gentle gold
    granite green indigo ivory jade linen lively lunar marble mellow mild misty open opal
    pearl plain polar prime quartz quiet rapid rosy ruby rustic sandy scarlet silk silver
    smooth soft solar spiced steady still summer sunny teal tidal tidy topaz velvet violet
    warm wide winter wooden
"""
_SECOND: Final = """
    acorn anchor arbor aspen bay beacon birch bridge brook canyon cedar cliff clover coast
    comet cove creek dune elm falcon fern field finch fjord garden glade grove harbor hazel
    heron hill island lagoon lake lantern larch laurel lily maple marsh meadow mesa moss oak
    orchard otter path pebble pine plum pond prairie ridge river robin shore sparrow spruce
    stone willow
"""

_PRIORITIES: Final = {Severity.CRITICAL: "urgent", Severity.HIGH: "high"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Alert:
    """A crisis flag and its escalation: all that counselors are shown, nothing a person wrote."""

    flag_id: UUID
    escalation_id: UUID
    alias: str
    flag_type: str
    priority: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingRow:
    """One safety event, ready to store."""

    event_id: UUID
    source: str
    event_type: str
    severity: str
    event_data: bytes
    alert: Alert | None


def finding_rows(found: Iterable[RiskFound], key: UserKey) -> tuple[FindingRow, ...]:
    """What is to be stored; a risk of severity none is no event."""
    return tuple(_row(event, key) for event in found if event.risk.severity is not Severity.NONE)


def _row(event: RiskFound, key: UserKey) -> FindingRow:
    risk = event.risk
    data = {"score": risk.score, "reasons": list(risk.reasons)}
    return FindingRow(
        event_id=event.id,
        source=event.source.value,
        event_type=risk.domain.value,
        severity=risk.severity.label,
        event_data=key.seal("safety_events", "event_data", event.id, data),
        alert=_alert(event) if event.alert else None,
    )


def _alert(event: RiskFound) -> Alert:
    flag_id = derived_id(event.id, "flag")
    return Alert(
        flag_id=flag_id,
        escalation_id=derived_id(event.id, "escalation"),
        alias=alias(flag_id),
        flag_type=event.risk.domain.value,
        priority=_PRIORITIES.get(event.risk.severity, "medium"),
    )


def misread_row(report: MisreadReported, key: UserKey) -> dict[str, Any]:
    """The parameters of `misread.sql`'s `report`. The event's id follows from the message's, so
    that there is one a message."""
    event_id = derived_id(report.about, "misread")
    data = {"about": str(report.about), "teaches": report.teaches}
    return {
        "user_id": key.user_id,
        "event_id": event_id,
        "about": report.about,
        "event_data": key.seal("safety_events", "event_data", event_id, data),
    }


def derived_id(event_id: UUID, purpose: str) -> UUID:
    """A uuid7 with the time of `event_id`, the same whenever it is asked for."""
    digest = hashlib.sha256(event_id.bytes + purpose.encode()).digest()
    raw = bytearray(event_id.bytes[:6] + digest[:10])
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    return UUID(bytes=bytes(raw))


def alias(flag_id: UUID) -> str:
    """A name that two people can say over the phone and that tells nothing: quiet-harbor-27."""
    firsts, seconds = _FIRST.split(), _SECOND.split()
    number = int.from_bytes(hashlib.sha256(flag_id.bytes).digest()[:8], "big")
    number, first = divmod(number, len(firsts))
    number, second = divmod(number, len(seconds))
    return f"{firsts[first]}-{seconds[second]}-{10 + number % 90}"
