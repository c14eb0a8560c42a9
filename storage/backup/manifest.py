"""What a base backup says of itself. Written last: a backup without one was cut short."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from storage.backup.seals import SealedFile
from storage.backup.wal import Segment


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """`started_at` and `finished_at` are the database's clock; the state of any moment from
    `finished_at` on can be restored, with the log from `first_segment` on; `end_position` is where
    the log stood then. `schema` is the revision of the migrations, None before the first."""

    name: str
    system_identifier: str
    postgresql: str
    schema: str | None
    timeline: int
    segment_bytes: int
    first_segment: str
    last_segment: str
    end_position: int
    started_at: datetime
    finished_at: datetime
    base: SealedFile

    @property
    def first(self) -> Segment:
        return Segment.named(self.first_segment, self.segment_bytes)

    @property
    def last(self) -> Segment:
        return Segment.named(self.last_segment, self.segment_bytes)

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), default=_as_text).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        fields: dict[str, Any] = json.loads(text)
        for time in ("started_at", "finished_at"):
            fields[time] = datetime.fromisoformat(fields[time])
        return cls(**fields | {"base": SealedFile(**fields["base"])})


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
