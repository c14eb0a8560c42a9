"""Whether backups are whole, told without restoring: digests, seals, and no gap in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from storage.backup.folder import BASE, BackupSet
from storage.backup.log import Log
from storage.backup.manifest import Manifest
from storage.backup.seals import CHUNK, Opened
from storage.errors import BackupBrokenError


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`trouble` is None for a backup that is whole; `sealed_at` when the last change was sealed
    that can be restored with it."""

    name: str
    changes: int
    sealed_at: datetime | None
    trouble: str | None


def findings(backups: BackupSet, names: Iterable[str]) -> Iterator[Finding]:
    """Open everything that each of these backups stands on."""
    for name in names:
        try:
            manifest = backups.manifest(name)
            check_base(backups, manifest)
            yield _log_finding(backups, manifest)
        except BackupBrokenError as exc:
            yield Finding(name=name, changes=0, sealed_at=None, trouble=str(exc))


def check_base(backups: BackupSet, manifest: Manifest) -> None:
    """Raises BackupBrokenError."""
    path = backups.file_of(manifest.name, BASE)
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as exc:
        raise BackupBrokenError(path, exc.strerror) from None
    if digest.hexdigest() != manifest.base.sha256:
        raise BackupBrokenError(path)
    if _size(backups.open_base(manifest)) != manifest.base.content_bytes:
        raise BackupBrokenError(path)


def check_changes(backups: BackupSet, names: Iterable[str], until: datetime | None) -> None:
    """Open the segments up to the first that was sealed after `until`. Raises
    BackupBrokenError."""
    for name in names:
        opened = backups.open_wal(name)
        _size(opened)
        if until is not None and opened.sealed_at > until:
            return


def _log_finding(backups: BackupSet, manifest: Manifest) -> Finding:
    log = Log.of(backups, manifest.segment_bytes)
    timeline = max(
        (each for each in log.timelines if log.leads_to(manifest, each)),
        key=lambda each: each.number,
    )
    run, sealed_at = list(log.after(manifest, timeline)), None
    for name in run:
        opened = backups.open_wal(name)
        _size(opened)
        sealed_at = opened.sealed_at
    missing = log.missing_after(manifest, timeline)
    gap = f"Changes are missing from {missing} on: make a new backup." if missing else None
    return Finding(name=manifest.name, changes=len(run), sealed_at=sealed_at, trouble=gap)


def _size(opened: Opened) -> int:
    return sum(len(chunk) for chunk in opened.chunks)
