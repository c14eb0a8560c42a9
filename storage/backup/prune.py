"""Drops backups that are older than they should be kept, and the log that none of them needs."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.backup.folder import BackupSet
from storage.backup.wal import SEGMENT, Segment


def prune(backups: BackupSet, *, days: int, now: datetime) -> int:
    """Returns how many backups were dropped. The newest one always stays, and all of the log
    that a backup which stays may need; the story of timelines is small and stays for ever."""
    *older, newest = backups.backups()
    old = [each for each in older if each.finished_at < now - timedelta(days=days)]
    for manifest in old:
        backups.drop_backup(manifest.name)
    kept = [*(each for each in older if each not in old), newest]
    first = min(each.first.number for each in kept)
    for name in backups.wal_names():
        if SEGMENT.match(name) and _number(name, newest.segment_bytes) < first:
            backups.wal_file(name).unlink()
    return len(old)


def _number(name: str, segment_bytes: int) -> int:
    return Segment.named(name, segment_bytes).number
