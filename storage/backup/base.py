"""A base backup of the running embedded server, sealed as it is made: nothing in the clear."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final, LiteralString

import psycopg
from psycopg.rows import TupleRow

from storage.backup.changes import seal_changes
from storage.backup.control import control_of
from storage.backup.folder import BASE, BackupSet, Seal
from storage.backup.manifest import Manifest
from storage.backup.seals import CHUNK
from storage.embedded.cluster import ADMINISTRATOR, DATABASE, Cluster
from storage.embedded.files import last_words, wheel_version
from storage.errors import BackupError
from storage.translation import translated

SECONDS_FOR_THE_LOG: Final = 120.0
_PAUSE: Final = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stand:
    """Where the log stands, by the server's own clock."""

    at: datetime
    position: int
    segment: str


_IN_USE: Final = "pg_current_wal_lsn()"
_FINISHED: Final = "pg_switch_wal() - 1::numeric"
"""The segment in use, and the last that was finished, which this one is by being asked for."""


def back_up(cluster: Cluster, backups: BackupSet) -> Manifest:
    """Add a backup to the set and see the log sealed up to its end. Raises BackupError; then no
    part of it stays."""
    require_archiving(cluster)
    control = control_of(cluster)
    begun = _stand(cluster, _IN_USE)
    name = begun.at.strftime("%Y%m%dT%H%M%S.%fZ")

    def write(seal: Seal) -> Manifest:
        base = seal(BASE, _streamed(cluster))
        ended = _stand(cluster, _FINISHED)
        _see_sealed(cluster, backups, ended.segment)
        return Manifest(
            name=name,
            system_identifier=control.system_identifier,
            postgresql=wheel_version(),
            schema=_schema(cluster),
            timeline=int(ended.segment[:8], 16),
            segment_bytes=control.segment_bytes,
            first_segment=begun.segment,
            last_segment=ended.segment,
            end_position=ended.position,
            started_at=begun.at,
            finished_at=ended.at,
            base=base,
        )

    backups.drop_unfinished()
    backups.add_backup(name, write)
    return backups.manifest(name)


def require_archiving(cluster: Cluster) -> None:
    with _connected(cluster) as connection:
        if connection.execute("SHOW archive_mode").fetchone() != ("on",):
            raise BackupError(
                "The running server was started by an older Evenkeel and keeps no log of changes. "
                "Stop every worker once, then back up."
            )


def _streamed(cluster: Cluster) -> Iterator[bytes]:
    """The cluster as a tar archive, with the log that makes it whole."""
    command = [
        str(cluster.programs / "pg_basebackup"),
        f"--dbname={cluster.url(ADMINISTRATOR, 'postgres')}",
        "--pgdata=-",
        "--format=tar",
        "--wal-method=fetch",
        "--checkpoint=fast",
        "--no-password",
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=clean) as process,  # noqa: S603 - our own program
    ):
        try:
            yield from _read(process.stdout)
        finally:
            if process.poll() is None:
                process.terminate()
        if process.wait() != 0:
            said.seek(0)
            words = last_words(said.read().decode(errors="replace"))
            raise BackupError(f"The server did not give a backup: {words}. Try again.")


def _read(stream: IO[bytes] | None) -> Iterator[bytes]:
    while stream is not None and (chunk := stream.read(CHUNK)):
        yield chunk


def _see_sealed(cluster: Cluster, backups: BackupSet, segment: str) -> None:
    """Without the log up to its end a backup cannot become whole."""
    end = time.monotonic() + SECONDS_FOR_THE_LOG
    while not backups.wal_file(segment).exists():
        seal_changes(cluster.home, backups)
        if time.monotonic() > end:
            raise BackupError(
                f"The server did not hand over its log of changes within {SECONDS_FOR_THE_LOG:g} "
                f"seconds. Its log, {cluster.log}, says why."
            )
        time.sleep(_PAUSE)


def _stand(cluster: Cluster, segment: LiteralString) -> _Stand:
    with _connected(cluster) as connection:
        row = connection.execute(
            "SELECT clock_timestamp(), (pg_current_wal_insert_lsn() - '0/0')::bigint, "
            f"pg_walfile_name({segment})"
        ).fetchone()
    assert row is not None
    return _Stand(at=row[0], position=row[1], segment=row[2])


def _schema(cluster: Cluster) -> str | None:
    with _connected(cluster) as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).rowcount:
            return None
    with translated(), psycopg.connect(cluster.url(ADMINISTRATOR)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM app.alembic_version").fetchone()
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return None
    return row[0] if row else None


def _connected(cluster: Cluster) -> psycopg.Connection[TupleRow]:
    with translated():
        return psycopg.connect(cluster.url(ADMINISTRATOR, "postgres"), autocommit=True)
