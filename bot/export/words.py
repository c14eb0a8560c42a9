"""The words around an export in the person's language, and their times in their own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from prompts.catalog import Catalog, Say
from prompts.errors import PromptsError
from storage.exporting.exports import Owner
from storage.exporting.tables import Reason

VOCABULARIES = frozenset(
    {"role", "status", "state", "severity", "priority", "source", "event_type", "flag_type"}
    | {"class", "kind", "consent_type", "reason", "actor"}
)
"""Columns with a closed vocabulary, whose values have words."""


class Words:
    def __init__(self, catalog: Catalog, owner: Owner) -> None:
        self._catalog = catalog
        self.locale = owner.locale
        self.zone = _zone(owner.timezone)
        self._value = cache(self._value_of)

    def say(self, key: str, **args: str | int) -> str:
        return self._catalog.render(Say(f"export-{key}", args), self.locale)

    def table(self, name: str) -> str:
        return self.say(f"table-{name}")

    def column(self, name: str) -> str:
        return self.say(f"column-{name}")

    def reason(self, reason: Reason) -> str:
        return self.say(f"left-out-{reason.value}")

    def value(self, column: str, value: str | bool) -> str:
        """A value of a closed vocabulary, in words where there are any."""
        if isinstance(value, bool):
            return self._value("yes" if value else "no")
        return self._value(value) if column in VOCABULARIES else value

    def made(self, at: datetime) -> str:
        return self.say("made", time=self.time(at), zone=str(self.zone))

    def lost(self, rows: int) -> list[str]:
        """What to say of rows that did not open, if there are any."""
        return [self.say("unreadable", rows=rows)] if rows else []

    def time(self, at: datetime) -> str:
        """In the person's zone, to the minute, in the order that no country misreads."""
        return _local(at, self.zone).strftime("%Y-%m-%d %H:%M")

    def _value_of(self, value: str) -> str:
        try:
            return self.say(f"value-{value}")
        except PromptsError:
            return value


def stamp(value: date) -> str:
    """A date or time for machines: ISO 8601, times in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def _local(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:  # within a day of the calendar's ends
        return at
