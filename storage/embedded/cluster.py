"""The cluster of the embedded PostgreSQL: its data made, its server process run, its settings.

Callers hold the lock on `start.lock`: two starters must not do any of this at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from storage.embedded.files import (
    PORT,
    Account,
    last_words,
    make_private,
    our_name,
    wheel_version,
)
from storage.embedded.spool import archive_command
from storage.errors import StorageConfigurationError

ADMINISTRATOR: Final = "evenkeel_admin"
DATABASE: Final = "evenkeel"

# Small, quiet, and nothing of a row in the log: terse errors leave out the values they are about.
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "wal_level": "replica",
    "archive_mode": "on",
    "archive_timeout": "60",  # how much may be lost with the disk, in seconds
}
_FAST_SETTINGS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
_LOG_LIMIT: Final = 1_000_000
_PASSES: Final = ("shared memory block", "lock file", "starting up", "shutting down")
"""What stands in the way of a start for a moment: after a kill -9, children of the old server."""
_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between attempts to start."""


@dataclass(kw_only=True)
class Cluster:
    """Where everything of a server is: `home` holds it all, `sockets` the socket, `programs`
    PostgreSQL's own, which run as `account`."""

    home: Path
    sockets: Path
    account: Account
    programs: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def restored(self) -> Path:
        """Whole data of a restore, about to become `data`."""
        return self.home / "data.restored"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def url(self, user: str, database: str = DATABASE) -> str:
        host = quote(str(self.sockets), safe="")
        return f"postgresql:///{database}?host={host}&port={PORT}&user={user}"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user."""
        return self.account.run(self.programs / program, *arguments)

    def control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("pg_ctl", f"--pgdata={self.data}", "--wait", *arguments)


def make_data(cluster: Cluster, *, fast: bool) -> None:
    """Made beside its place and moved there whole, so that a cut-short one is never used."""
    end_restore(cluster)
    if cluster.data.exists():
        _require_our_version(cluster.data)
        return
    unfinished = cluster.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, cluster.account)
    made = cluster.run(
        "initdb",
        f"--pgdata={unfinished}",
        f"--username={ADMINISTRATOR}",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale-provider=builtin",  # sorts the same on every machine, for ever
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        *(["--no-sync"] if fast else []),
    )
    if made.returncode != 0:
        raise StorageConfigurationError(
            f"The embedded PostgreSQL could not make its data in {cluster.home}: "
            f"{last_words(made.stdout)}. Make room there or set EVENKEEL_DATA_DIR elsewhere."
        )
    unfinished.rename(cluster.data)


def end_restore(cluster: Cluster) -> None:
    """A restore that was killed between its last two steps is completed here; one that was killed
    before them is void, since the old data is about to be used again."""
    if not cluster.restored.exists():
        return
    if cluster.data.exists():
        shutil.rmtree(cluster.restored)
    else:
        cluster.restored.rename(cluster.data)


def _require_our_version(data: Path) -> None:
    try:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise StorageConfigurationError(
            f"{data} exists but holds no PostgreSQL data. Move it away, or set EVENKEEL_DATA_DIR."
        ) from None
    ours = wheel_version().partition(".")[0]
    if found != ours:
        raise StorageConfigurationError(
            f"The data in {data} was made by PostgreSQL {found}, this version of Evenkeel brings "
            f"{ours}. Restore a backup into a new EVENKEEL_DATA_DIR, or install the version of "
            "Evenkeel that made it."
        )


def ensure_running(cluster: Cluster, *, fast: bool) -> None:
    if _admit_us(cluster):
        cluster.control("reload")
    if answers(cluster):
        return
    configure(cluster, fast=fast)
    for pause in _PAUSES:
        said = _try_to_start(cluster)
        if answers(cluster):
            return
        if "FATAL:" in said and not any(words in said for words in _PASSES):
            break
        time.sleep(pause)
    raise StorageConfigurationError(
        f"The embedded PostgreSQL did not start: {last_words(said)}. "
        f"Its log, {cluster.log}, says more."
    )


def _try_to_start(cluster: Cluster) -> str:
    """One attempt; returns what the server said in its log, or the program that starts it."""
    forget_stranger(cluster.data / "postmaster.pid")
    before = cluster.log.stat().st_size if cluster.log.exists() else 0
    if before > _LOG_LIMIT:
        cluster.log.rename(cluster.log.with_suffix(".log.1"))
        before = 0
    told = cluster.control("start", f"--log={cluster.log}", "--timeout=60").stdout
    if not cluster.log.exists():
        return told
    with cluster.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(before)
        return log.read() or told


def forget_stranger(pid_file: Path) -> None:
    """After a crash of the machine or of a container, the server's number may be another
    program's by now, and PostgreSQL would take that for a server of its own."""
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        program = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"postgres" not in program:
        pid_file.unlink(missing_ok=True)


def configure(cluster: Cluster, *, fast: bool) -> None:
    """Write the settings that a server reads when it starts, and who may connect to it."""
    _admit_us(cluster)
    _write(cluster, "postgresql.conf", _configuration(cluster, fast=fast))


def answers(cluster: Cluster) -> bool:
    try:
        psycopg.connect(cluster.url(ADMINISTRATOR, "postgres"), connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _admit_us(cluster: Cluster) -> bool:
    """Let our OS user in on the socket, and nobody else; says whether that was news."""
    rules = "local all all peer map=evenkeel\nlocal replication all peer map=evenkeel\n"
    new_rules = _write(cluster, "pg_hba.conf", rules)
    return _write(cluster, "pg_ident.conf", f'evenkeel "{our_name()}" all\n') or new_rules


def _configuration(cluster: Cluster, *, fast: bool) -> str:
    settings = _SETTINGS | {
        "unix_socket_directories": str(cluster.sockets),
        "archive_command": archive_command(cluster.home),
    }
    settings |= _FAST_SETTINGS if fast else {}
    quoted = {name: value.replace("'", "''") for name, value in settings.items()}
    lines = [f"{name} = '{value}'" for name, value in quoted.items()]
    return "\n".join([*lines, "include_if_exists = 'local.conf'", ""])


def _write(cluster: Cluster, name: str, text: str) -> bool:
    """Replace a file of the server's whole; says whether it was different before."""
    place = cluster.data / name
    if place.exists() and place.read_text(encoding="utf-8") == text:
        return False
    unfinished = place.with_name(f"{name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with unfinished.open("x", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        os.fchown(file.fileno(), cluster.account.uid, cluster.account.gid)
        file.write(text)
    unfinished.replace(place)
    return True


def stop(cluster: Cluster) -> None:
    cluster.control("stop", "--mode=fast", "--timeout=60")
    if cluster.sockets.parent != cluster.home:
        with contextlib.suppress(OSError):
            cluster.sockets.rmdir()
