"""A fresh database for each test: cloned from a template that was migrated once."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from storage.embedded.cluster import ADMINISTRATOR
from storage.embedded.files import Account, make_private, server_account
from storage.embedded.server import EmbeddedServer
from storage.migrate import migrate
from storage.row_security import LOGIN

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")
"""Where Debian's package postgresql-15 puts its programs. A machine may be without."""

TEMPLATE = f"evenkeel_template_{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A server the tests may make databases on. Both URLs are `conninfo` of the database
    `postgres`, as an administrator and as what a worker logs in as."""

    admin: str
    app: str

    def admin_url(self, database: str) -> str:
        return conninfo.make_conninfo(self.admin, dbname=database)

    def app_url(self, database: str) -> str:
        return conninfo.make_conninfo(self.app, dbname=database)

    def run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            identifiers = [sql.Identifier(name) for name in names]
            connection.execute(sql.SQL(statement).format(*identifiers))

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        with self._new_database("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'") as name:
            yield name

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        with self._new_database("CREATE DATABASE {} TEMPLATE {}", template) as name:
            yield name

    @contextmanager
    def _new_database(self, statement: str, *names: str) -> Iterator[str]:
        name = f"evenkeel_test_{uuid.uuid4().hex[:12]}"
        self.run(statement, name, *names)
        try:
            yield name
        finally:
            self.run("DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A server of our own in a new folder, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    try:
        server = EmbeddedServer.start(folder, fast=True)
        try:
            yield Cluster(
                admin=server.url(ADMINISTRATOR, "postgres"),
                app=server.url("evenkeel_app", "postgres"),
            )
        finally:
            server.close()
    finally:
        shutil.rmtree(folder)


@contextmanager
def debian_cluster(programs: Path) -> Iterator[Cluster]:
    """A server of another version, from a folder with its programs such as Debian's
    `/usr/lib/postgresql/15/bin`."""
    home = Path(tempfile.mkdtemp(prefix="evenkeel-test-"))
    home.chmod(0o711)
    account = server_account(home)
    data, sockets = (make_private(home / name, account) for name in ("data", "run"))
    settings = f"-c listen_addresses= -c unix_socket_directories={sockets} -c fsync=off"
    control = ("pg_ctl", f"--pgdata={data}", "--wait", f"--log={data}/server.log")
    make = ("initdb", f"--pgdata={data}", "--username=postgres", "--auth=trust", "--encoding=UTF8")
    try:
        _done(account, programs, *make, "--locale=C", "--no-sync")
        _done(account, programs, *control, f"--options={settings}", "start")
        try:
            url = f"host={sockets} dbname=postgres"
            yield Cluster(admin=f"{url} user=postgres", app=f"{url} user={LOGIN}")
        finally:
            _done(account, programs, *control, "--mode=immediate", "stop")
    finally:
        shutil.rmtree(home)


def _done(account: Account, programs: Path, program: str, *arguments: str) -> None:
    ended = account.run(programs / program, *arguments)
    assert ended.returncode == 0, ended.stdout


@contextmanager
def given_cluster(url: str) -> Iterator[Cluster]:
    """A server that is there already, of whatever version: workers log in as its administrator
    and take their role."""
    yield Cluster(admin=url, app=url)


@contextmanager
def migrated_template(cluster: Cluster) -> Iterator[str]:
    cluster.run("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", TEMPLATE)
    try:
        migrate(cluster.admin_url(TEMPLATE), hash_partitions=2)
        yield TEMPLATE
    finally:
        cluster.run("DROP DATABASE {} WITH (FORCE)", TEMPLATE)
