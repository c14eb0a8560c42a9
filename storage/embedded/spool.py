"""Where the embedded server leaves its log of changes (WAL) for us to seal.

The server copies each finished segment into a private folder beside its data, by a few lines of
shell: it needs no key, no Python and nothing of our environment, also when it runs as another OS
user. A worker seals what lies there into the backup folder and removes it. Without the folder
the log is let go, so that nothing piles up where no backups are made.
"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Final

# Whole or not at all, and on disk before PostgreSQL forgets it. A segment that comes again after
# a crash must be the same. `%p` and `%f` are PostgreSQL's words for its path and its name.
_COPY: Final = (
    "cd {spool} 2>/dev/null || exit 0; "
    'if [ -e "%f" ]; then exec cmp -s {data}/"%p" "%f"; fi; '
    'cp {data}/"%p" ".%f.part" && sync ".%f.part" && mv ".%f.part" "%f" && sync .'
)


def spool_of(home: Path) -> Path:
    return home / "spool"


def archive_command(home: Path) -> str:
    return _COPY.format(spool=_quoted(spool_of(home)), data=_quoted(home / "data"))


def waiting(home: Path) -> list[Path]:
    """What was not sealed yet, the oldest first."""
    spool = spool_of(home)
    if not spool.is_dir():
        return []
    return sorted(path for path in spool.iterdir() if not path.name.startswith("."))


def _quoted(path: Path) -> str:
    return shlex.quote(str(path)).replace("%", "%%")


def let_go(home: Path, most: int) -> bool:
    """Where nobody seals any more: once more than so many files wait, drop them and keep no
    further ones. Says whether that was so."""
    if len(waiting(home)) <= most:
        return False
    shutil.rmtree(spool_of(home))
    return True
