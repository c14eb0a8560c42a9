"""What was found where, and who wins when two finds overlap."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safety.text import EntityType


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Personal data at `start` up to `end`, in characters."""

    start: int
    end: int
    type: EntityType

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


_STRUCTURED: Final = 0
_NAME: Final = 5
_RANK: Final = {
    EntityType.DATE_OF_BIRTH: 1,
    EntityType.ADDRESS: 2,
    EntityType.USERNAME: 3,
    EntityType.PHONE: 4,
    EntityType.PERSON: _NAME,
    EntityType.ORGANIZATION: _NAME,
    EntityType.LOCATION: _NAME,
}
_NAMES: Final = (EntityType.PERSON, EntityType.ORGANIZATION, EntityType.LOCATION)
"""Among names the longest wins: "St Thomas' Hospital" is no person. Of one length, the first."""


def settle(found: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, left to right. The kind that is surer of itself wins, and of one
    kind the longest. Scores play no part: they are not comparable between recognizers."""
    kept: list[Span] = []
    for span in sorted(set(found), key=_preference):
        at = _first_not_before(kept, span)
        if at < len(kept) and kept[at].overlaps(span):
            continue
        kept.insert(at, span)
    return kept


def _first_not_before(kept: list[Span], span: Span) -> int:
    return bisect.bisect_right(kept, span.start, key=lambda other: other.end)


def _preference(span: Span) -> tuple[int, int, int, int]:
    order = _NAMES.index(span.type) if span.type in _NAMES else 0
    return _RANK.get(span.type, _STRUCTURED), span.start - span.end, order, span.start
