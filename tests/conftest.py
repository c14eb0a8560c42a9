"""What tests share: a PostgreSQL server for the whole run, a fresh database for each test.

EVENKEEL_TEST_DATABASE_URL names a server to use instead of our own, as an administrator;
EVENKEEL_TEST_POSTGRES a folder with PostgreSQL's programs to start one of (see `make test-15`).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from storage.engine import Database
from tests.databases import (
    Cluster,
    debian_cluster,
    given_cluster,
    migrated_template,
    own_cluster,
)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with _cluster() as running:
        yield running


def _cluster() -> AbstractContextManager[Cluster]:
    if url := os.environ.get("EVENKEEL_TEST_DATABASE_URL"):
        return given_cluster(url)
    if programs := os.environ.get("EVENKEEL_TEST_POSTGRES"):
        return debian_cluster(Path(programs))
    return own_cluster()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> Iterator[str]:
    with migrated_template(cluster) as name:
        yield name


@pytest.fixture
def database_name(cluster: Cluster, template: str) -> Iterator[str]:
    with cluster.clone(template) as name:
        yield name


@pytest.fixture
def database_url(cluster: Cluster, database_name: str) -> str:
    """A migrated database without rows, as a worker logs in."""
    return cluster.app_url(database_name)


@pytest.fixture
def admin_url(cluster: Cluster, database_name: str) -> str:
    """The same database, as its administrator: to look at what was stored, past row security."""
    return cluster.admin_url(database_name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = await Database.open(database_url)
    try:
        yield opened
    finally:
        await opened.close()
