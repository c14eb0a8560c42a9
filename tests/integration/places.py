"""An embedded database of words, with its backups: what tests of backups and restores work on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from storage.backup.base import back_up
from storage.backup.changes import seal_changes
from storage.backup.control import identifier_of
from storage.backup.folder import BackupSet, set_for, sets_in
from storage.backup.manifest import Manifest
from storage.embedded.cluster import Cluster
from storage.embedded.server import EmbeddedServer, unused
from storage.keys.master import MasterKey, named_master_key, new_handle, write_file
from storage.restore.plan import Plan, plan_restore
from storage.restore.rebuild import rebuilt
from storage.restore.swap import swap


def master(folder: Path) -> MasterKey:
    path = folder / "master.key"
    if not path.exists():
        write_file(path, new_handle(), replace=False)
    return named_master_key(path.read_text(), str(path))


@dataclass(kw_only=True)
class Place:
    """A data folder and a backup folder, with a server that is started when it is asked."""

    top: Path
    server: EmbeddedServer | None = None

    @property
    def data(self) -> Path:
        return self.top / "data"

    @property
    def backups(self) -> Path:
        return self.top / "backups"

    def up(self) -> EmbeddedServer:
        if self.server is None:
            self.server = EmbeddedServer.start(self.data, fast=True, keep_changes=True)
        return self.server

    def down(self) -> None:
        """A clean stop, after which all changes are sealed."""
        if self.server is not None:
            self.server.close()
            self.server = None
        seal_changes(self.data / "postgres", self.own_set())

    def own_set(self) -> BackupSet:
        data = self.data / "postgres" / "data"
        return set_for(self.backups, identifier_of(data), master(self.top))

    def found_set(self) -> BackupSet:
        """The only one there is, on whatever machine the backups lie."""
        [found] = sets_in(self.backups, master(self.top))
        return found

    def rewrite_newest(self, **changes: Any) -> None:
        """The newest backup with another manifest, sealed as it should be."""
        backups = self.found_set()
        manifest = replace(backups.backups()[-1], **changes)
        path = backups.file_of(manifest.name, "manifest")
        backups.seals.write(path, f"base/{manifest.name}/manifest", [manifest.as_json()])

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.up().url("evenkeel_admin", "postgres")) as connection:
            cursor = connection.execute(question.encode())
            return cursor.fetchall() if cursor.description else []

    def write(self, *words: str) -> datetime:
        """Write words, one commit each; returns a time after them and before all that follows."""
        for word in words:
            self.ask(f"INSERT INTO words VALUES ('{word}')")
        [(now,)] = self.ask("SELECT clock_timestamp()")
        return now

    def back_up(self) -> Manifest:
        return back_up(self.up(), self.own_set())

    def plan(self, cluster: Cluster, target: datetime | None) -> Plan:
        return plan_restore(cluster, sets_in(self.backups, master(self.top)), target)

    def restore(self, target: datetime | None) -> list[str]:
        """Restore and start; returns the words there are then."""
        self.down()
        with unused(self.data) as cluster:
            plan = self.plan(cluster, target)
            plan.check()
            with rebuilt(cluster, plan, fast=True) as fresh:
                pass
            swap(cluster, fresh)
        self.up()
        self.down()
        return self.words()

    def words(self) -> list[str]:
        return [word for (word,) in self.ask("SELECT word FROM words ORDER BY 1")]
