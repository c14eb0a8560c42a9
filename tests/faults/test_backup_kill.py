"""Everything dies at once while changes wait to be kept; nothing of them is missing afterwards."""

import os
import signal
import time
from pathlib import Path

import psycopg

from storage.backup.base import back_up
from storage.backup.changes import seal_changes
from storage.backup.check import findings
from storage.backup.control import identifier_of
from storage.backup.folder import BackupSet, set_for
from storage.embedded.cluster import Cluster
from storage.embedded.server import EmbeddedServer, unused
from storage.embedded.spool import spool_of
from storage.keys.master import named_master_key, new_handle, write_file
from storage.restore.plan import plan_restore
from storage.restore.rebuild import rebuilt
from tests.processes import reachable_folder

PATIENCE = 60.0


def until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def backups_of(top: Path) -> BackupSet:
    key = top / "master.key"
    if not key.exists():
        write_file(key, new_handle(), replace=False)
    master = named_master_key(key.read_text(), str(key))
    return set_for(top / "backups", identifier_of(top / "data" / "postgres" / "data"), master)


def kill_everything(server: EmbeddedServer) -> None:
    """The server and all its children, as when the power goes."""
    pid = int((server.data / "postmaster.pid").read_text().split("\n")[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)
    until(lambda: not Path(f"/proc/{pid}").exists() or _is_a_corpse(pid))


def _is_a_corpse(pid: int) -> bool:
    return ") Z" in Path(f"/proc/{pid}/stat").read_text()


def ask(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_changes_not_handed_over_when_everything_died_are_handed_over_after_the_next_start():
    with reachable_folder() as top:
        server = EmbeddedServer.start(top / "data", keep_changes=True)
        url = server.url("evenkeel_admin", "postgres")
        ask(url, "CREATE TABLE words (word text)")
        back_up(server, backups_of(top))
        ask(url, "ALTER SYSTEM SET archive_command = 'false'")  # the disk of the spool is full, say
        ask(url, "SELECT pg_reload_conf()")
        ask(url, "INSERT INTO words VALUES ('in a whole segment')")
        ask(url, "SELECT pg_switch_wal()")
        marks = server.data / "pg_wal" / "archive_status"
        until(lambda: list(marks.glob("*.ready")))
        ask(url, "INSERT INTO words VALUES ('in one just begun')")
        ask(url, "ALTER SYSTEM RESET archive_command")
        kill_everything(server)
        assert not list(spool_of(server.home).iterdir())
        EmbeddedServer.start(top / "data", keep_changes=True).close()
        server.close()
        seal_changes(server.home, backups_of(top))
        [finding] = findings(backups_of(top), backups_of(top).names())
        assert finding.trouble is None
        with unused(top / "data") as cluster:
            plan = plan_restore(cluster, [backups_of(top)], None)
            with rebuilt(cluster, plan, fast=True) as fresh:
                assert words(fresh) == ["in a whole segment", "in one just begun"]


def words(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url("evenkeel_admin", "postgres")) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM words ORDER BY 1")]
