"""Builds a cluster from a backup beside the one in use, and recovers it to a moment.

Nothing of the one in use is touched. What was cut short is thrown away by the next attempt.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path, PurePosixPath
from typing import Any, Final

import psycopg

from storage.embedded.cluster import ADMINISTRATOR, Cluster, configure, forget_stranger
from storage.embedded.files import Account, last_words, make_private, socket_folder
from storage.errors import BackupBrokenError, BackupError
from storage.restore.feed import Feed
from storage.restore.plan import Plan

ROOM: Final = 512 * 1024 * 1024
"""Bytes beside the data itself: the log while it is read, and what recovery writes."""
_PAUSE: Final = 0.02
_ASK_EVERY: Final = 10  # answers to the server between two looks at whether it is up


@contextmanager
def rebuilt(cluster: Cluster, plan: Plan, *, fast: bool = False) -> Iterator[Cluster]:
    """A server of its own on the restored data, until the block ends; the data stays where it is
    when the block ends well, and is gone when it does not. `fast` gives up safety against a crash
    of the machine, for tests. Raises BackupError."""
    home = cluster.home / "restoring"
    _clear(cluster, home)
    _require_room(cluster, plan)
    fresh = Cluster(
        home=make_private(home, cluster.account),
        sockets=make_private(socket_folder(home), cluster.account),
        account=cluster.account,
        programs=cluster.programs,
    )
    try:
        _unpack(plan, fresh)
        configure(fresh, fast=fast)
        process = _recover(fresh, plan)
        try:
            yield fresh
        finally:
            fresh.control("stop", "--mode=fast", "--timeout=60")
            process.wait()
        _require_clean_stop(process, fresh)
    except BaseException:
        _clear(cluster, home)
        raise


def _clear(cluster: Cluster, home: Path) -> None:
    """Throw away what an attempt left that was cut short, its server first."""
    left = Cluster(
        home=home,
        sockets=socket_folder(home),
        account=cluster.account,
        programs=cluster.programs,
    )
    forget_stranger(left.data / "postmaster.pid")
    if (left.data / "postmaster.pid").exists():
        left.control("stop", "--mode=immediate", "--timeout=60")
    shutil.rmtree(home, ignore_errors=True)
    if left.sockets.parent != home:
        shutil.rmtree(left.sockets, ignore_errors=True)


def _require_room(cluster: Cluster, plan: Plan) -> None:
    needed = plan.base.base.content_bytes + ROOM
    free = shutil.disk_usage(cluster.home).free
    if free < needed:
        raise BackupError(
            f"The restore needs {needed // 2**20} MB beside the present data, and {cluster.home} "
            f"has {free // 2**20} MB. Make room; nothing was changed."
        )


def _unpack(plan: Plan, fresh: Cluster) -> None:
    data = make_private(fresh.data, fresh.account)
    stream: Any = io.BufferedReader(_Chunks(plan.backups.open_base(plan.base).chunks))
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                _place(archive, member, data, fresh.account)
        while stream.read(2**20):  # to the end, where the seal is
            pass
    except tarfile.TarError:
        raise BackupBrokenError(plan.backups.folder / "base" / plan.base.name) from None
    (data / "recovery.signal").touch(mode=0o600)
    os.chown(data / "recovery.signal", fresh.account.uid, fresh.account.gid)


def _place(archive: tarfile.TarFile, member: tarfile.TarInfo, data: Path, account: Account) -> None:
    """Files and folders only, below the data folder, for the server's user alone."""
    relative = PurePosixPath(member.name)
    if relative.is_absolute() or ".." in relative.parts or not (member.isdir() or member.isfile()):
        raise BackupError("The backup holds a file that does not belong into a database.")
    path = data / relative
    if member.isdir():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    else:
        source = archive.extractfile(member)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            if source is not None:
                shutil.copyfileobj(source, file, 2**20)
    os.chown(path, account.uid, account.gid)


def _recover(fresh: Cluster, plan: Plan) -> subprocess.Popen[bytes]:
    """Start the server, feed it, and return when it has become one that can be written to."""
    feed = Feed(fresh.home / "feed", fresh.data, plan.backups, fresh.account)
    settings = {
        "restore_command": feed.restore_command,
        "recovery_target_timeline": str(plan.timeline),
        "recovery_target_action": "promote",
        # what this server writes may be kept only once its data is the one in use
        "archive_command": "",
    }
    if plan.target is not None:
        settings["recovery_target_time"] = plan.target.astimezone(UTC).isoformat(sep=" ")
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    log = fresh.home / "server.log"
    process = fresh.account.start(fresh.programs / "postgres", "-D", fresh.data, *options, log=log)
    try:
        while not _is_up(fresh):
            _serve_for_a_while(feed)
            _require_running(process, log)
    except BaseException:
        fresh.control("stop", "--mode=immediate", "--timeout=60")
        process.kill()
        process.wait()
        raise
    return process


def _require_running(process: subprocess.Popen[bytes], log: Path) -> None:
    if process.poll() is not None:
        words = last_words(log.read_text(errors="replace"))
        raise BackupError(f"The restored server stopped: {words}. Nothing was changed.")


def _serve_for_a_while(feed: Feed) -> None:
    for _ in range(_ASK_EVERY):
        feed.serve()
        time.sleep(_PAUSE)


def _is_up(fresh: Cluster) -> bool:
    try:
        with psycopg.connect(fresh.url(ADMINISTRATOR, "postgres"), connect_timeout=2) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
    except psycopg.OperationalError:
        return False


def _require_clean_stop(process: subprocess.Popen[bytes], fresh: Cluster) -> None:
    if process.returncode != 0:
        raise BackupError(f"The restored server did not stop cleanly; see {fresh.log}.")


class _Chunks(io.RawIOBase):
    """Chunks as a file to read."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._rest = self._rest or next(self._chunks, b"")
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
