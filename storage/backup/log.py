"""The sealed log of changes as a whole: its timelines, and how far it goes without a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.backup.folder import BackupSet
from storage.backup.manifest import Manifest
from storage.backup.wal import HISTORY, SEGMENT, Branch, Segment, branches

_FIRST: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """`born` is when a restore began it, None for the first; `earlier` are those it grew from."""

    number: int
    born: datetime | None
    earlier: tuple[Branch, ...]


@dataclass(frozen=True, kw_only=True)
class Log:
    """A set's log, as it lies in the folder now."""

    backups: BackupSet
    names: frozenset[str]
    segment_bytes: int
    timelines: tuple[Timeline, ...]

    @classmethod
    def of(cls, backups: BackupSet, segment_bytes: int) -> Log:
        names = frozenset(backups.wal_names())
        later = [_timeline(backups, name) for name in sorted(names) if HISTORY.fullmatch(name)]
        first = Timeline(number=_FIRST, born=None, earlier=())
        return cls(
            backups=backups,
            names=names,
            segment_bytes=segment_bytes,
            timelines=(first, *later),
        )

    @property
    def newest(self) -> Timeline:
        return self.timelines[-1]

    def in_force_at(self, moment: datetime | None) -> Timeline:
        """The timeline that the database was on at a moment; None asks for now."""
        if moment is None:
            return self.newest
        return [each for each in self.timelines if each.born is None or each.born <= moment][-1]

    def leads_to(self, base: Manifest, timeline: Timeline) -> bool:
        """Whether a base backup was made on the way to a timeline, not on a branch left since."""
        if base.timeline == timeline.number:
            return True
        left = {each.timeline: each.position for each in timeline.earlier}
        return base.end_position <= left.get(base.timeline, 0)

    def after(self, base: Manifest, timeline: Timeline) -> Iterator[str]:
        """Names of the segments from the end of a base backup on, until one is missing."""
        number = base.last.number
        while name := self._name(number, base.timeline, timeline):
            yield name
            number += 1

    def missing_after(self, base: Manifest, timeline: Timeline) -> str | None:
        """The first segment of a timeline that is missing though later ones are there."""
        run = list(self.after(base, timeline))
        newest = max(
            (self._segment(name).number for name in self._segments_of(timeline.number)),
            default=base.last.number,
        )
        following = base.last.number + len(run)
        if following > newest:
            return None
        return Segment(timeline=timeline.number, number=following).name(self.segment_bytes)

    def _name(self, number: int, oldest: int, timeline: Timeline) -> str | None:
        """A segment as the server looks for it: on the newest timeline that has it."""
        begun, candidates = 0, []
        for branch in timeline.earlier:
            left = branch.position // self.segment_bytes
            if branch.timeline >= oldest and begun <= number <= left:
                candidates.append(branch.timeline)
            begun = left
        if number >= begun:
            candidates.append(timeline.number)
        named = (
            Segment(timeline=each, number=number).name(self.segment_bytes)
            for each in reversed(candidates)
        )
        return next((name for name in named if name in self.names), None)

    def _segments_of(self, timeline: int) -> list[str]:
        return [
            name
            for name in self.names
            if SEGMENT.fullmatch(name) and self._segment(name).timeline == timeline
        ]

    def _segment(self, name: str) -> Segment:
        return Segment.named(name, self.segment_bytes)


def _timeline(backups: BackupSet, name: str) -> Timeline:
    opened = backups.open_wal(name)
    text = b"".join(opened.chunks).decode()
    return Timeline(
        number=int(name[:8], 16),
        born=opened.sealed_at,
        earlier=tuple(branches(text)),
    )
