"""Names in the log of changes (WAL): which segment follows which, and on which timeline.

A restore begins a new timeline: a branch of the log that leaves the old one at a segment. The
names are PostgreSQL's own: timeline, then the segment's number cut in two, eight hex digits each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SEGMENT: Final = re.compile(r"[0-9A-F]{24}")
HISTORY: Final = re.compile(r"[0-9A-F]{8}\.history")
ARCHIVED: Final = re.compile(r"[0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history")
"""What PostgreSQL hands to its `archive_command`."""

_LOG_BYTES: Final = 1 << 32
_SYSTEM_IDENTIFIER: Final = slice(24, 32)
"""Where a segment's first page names the cluster it belongs to (`XLogLongPageHeaderData`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """One file of the log. `number` counts from the beginning of the cluster."""

    timeline: int
    number: int

    @classmethod
    def named(cls, name: str, segment_bytes: int) -> Segment:
        log, rest = int(name[8:16], 16), int(name[16:24], 16)
        number = log * (_LOG_BYTES // segment_bytes) + rest
        return cls(timeline=int(name[:8], 16), number=number)

    def name(self, segment_bytes: int) -> str:
        log, rest = divmod(self.number, _LOG_BYTES // segment_bytes)
        return f"{self.timeline:08X}{log:08X}{rest:08X}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """A timeline left for the next one at a position, in bytes since the log began."""

    timeline: int
    position: int


def branches(history: str) -> list[Branch]:
    """What a timeline's history file says of the ones before it, the oldest first."""
    found = []
    for line in history.splitlines():
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        high, _, low = fields[1].partition("/")
        position = (int(high, 16) << 32) + int(low, 16)
        found.append(Branch(timeline=int(fields[0]), position=position))
    return found


def cluster_of(segment: Path) -> str:
    """The identifier of the cluster that wrote a segment."""
    with segment.open("rb") as file:
        head = file.read(_SYSTEM_IDENTIFIER.stop)
    return str(int.from_bytes(head[_SYSTEM_IDENTIFIER], "little"))
