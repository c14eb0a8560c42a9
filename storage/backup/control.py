"""What PostgreSQL's control file says of a cluster, whether or not its server runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.embedded.cluster import Cluster
from storage.embedded.files import last_words
from storage.errors import BackupError

_LINE: Final = re.compile(r"^([^:]+):\s+(.*)$", re.MULTILINE)
_IDENTIFIER: Final = slice(0, 8)


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """`was_stopped`: the server ended by itself and left nothing to recover."""

    system_identifier: str
    segment_bytes: int
    was_stopped: bool


def control_of(cluster: Cluster) -> Control:
    """Raises BackupError when the cluster has no readable control file."""
    told = cluster.run("pg_controldata", f"--pgdata={cluster.data}")
    said = {name.strip(): value.strip() for name, value in _LINE.findall(told.stdout)}
    try:
        return Control(
            system_identifier=said["Database system identifier"],
            segment_bytes=int(said["Bytes per WAL segment"]),
            was_stopped=said["Database cluster state"] == "shut down",
        )
    except (KeyError, ValueError):
        raise BackupError(
            f"The data in {cluster.data} cannot be recognised: {last_words(told.stdout)}."
        ) from None


def identifier_of(data: Path) -> str:
    """The system identifier alone, without running a program: the control file begins with it."""
    try:
        head = (data / "global" / "pg_control").read_bytes()[_IDENTIFIER]
    except OSError as exc:
        raise BackupError(f"The data in {data} cannot be read: {exc.strerror}.") from None
    return str(int.from_bytes(head, "little"))
