"""Seals the log of changes: from the server's spool into the backup folder, segment by segment."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.backup.folder import BackupSet
from storage.backup.seals import CHUNK
from storage.backup.wal import ARCHIVED, SEGMENT, cluster_of
from storage.embedded.spool import waiting
from storage.errors import BackupBrokenError, BackupError


def seal_changes(home: Path, backups: BackupSet) -> int:
    """Seal what waits in the spool and take it out; returns how many files there were. Several
    workers may ask at once: one does it. Raises BackupError for what does not fit the set (it
    stays where it is, and the rest is sealed all the same)."""
    with _only_one(home) as ours:
        if not ours:
            return 0
        found = waiting(home)
        strange = [path for path in found if not _sealed(path, backups)]
    if strange:
        raise BackupError(
            f"{strange[0]} is not of this set of backups, or {backups.folder} has another file of "
            "that name. Does a copy of this database use the same backup folder? Give each its "
            "own, and move that file away."
        )
    return len(found)


def _sealed(path: Path, backups: BackupSet) -> bool:
    name = path.name
    if not ARCHIVED.fullmatch(name):
        return False
    if SEGMENT.fullmatch(name) and cluster_of(path) != backups.name:
        return False
    if not backups.wal_file(name).exists():
        backups.add_wal(name, _chunks_of(path))
    elif not _same(path, backups):  # it comes again when a crash kept its mark from being set
        return False
    path.unlink()
    return True


def _same(path: Path, backups: BackupSet) -> bool:
    try:
        return b"".join(backups.open_wal(path.name).chunks) == path.read_bytes()
    except BackupBrokenError:  # whole now, and broken there: ours is the better one
        backups.add_wal(path.name, _chunks_of(path))
        return True


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


@contextmanager
def _only_one(home: Path) -> Iterator[bool]:
    lock = os.open(home / "seal.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)
