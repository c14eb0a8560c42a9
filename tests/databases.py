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

from storage.embedded import EmbeddedServer
from storage.embedded_cluster import ADMINISTRATOR
from storage.migrate import migrate

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
