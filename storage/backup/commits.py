"""When the last change in a stretch of the log was committed, as PostgreSQL's own reader tells."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from storage.backup.folder import BackupSet
from storage.embedded.cluster import Cluster

_COMMIT: Final = re.compile(r"desc: COMMIT\S* .*?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) UTC")


def last_commit(cluster: Cluster, backups: BackupSet, names: Sequence[str]) -> datetime | None:
    """The time of the last commit in these segments, which follow each other; None when there is
    none. One segment at a time lies open, inside the private data folder, while it is read."""
    folder = cluster.home / "looking"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        for name in reversed(names):
            if found := _commits(cluster, _open_into(folder, backups, name)):
                return max(found)
        return None
    finally:
        shutil.rmtree(folder)


def _open_into(folder: Path, backups: BackupSet, name: str) -> Path:
    segment = folder / name
    with segment.open("wb") as file:
        file.writelines(backups.open_wal(name).chunks)
    return segment


def _commits(cluster: Cluster, segment: Path) -> list[datetime]:
    told = subprocess.run(  # noqa: S603 - our own program
        [str(cluster.programs / "pg_waldump"), "--rmgr=Transaction", str(segment)],
        check=False,  # it ends with an error where a segment is not full
        capture_output=True,
        text=True,
        env=os.environ | {"TZ": "UTC", "LC_ALL": "C"},
    )
    segment.unlink()
    return [
        datetime.fromisoformat(time).replace(tzinfo=UTC) for time in _COMMIT.findall(told.stdout)
    ]
