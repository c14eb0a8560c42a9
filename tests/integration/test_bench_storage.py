"""A tiny run of `evenkeel bench storage`: its parts work together, and leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from bot.bench.figures import Figure
from bot.bench.plan import Plan, Tell
from bot.bench.race import race
from bot.bench.storage import measure_places
from bot.errors import BotError
from storage.errors import StorageConfigurationError
from storage.proving import crowd, ground
from storage.proving.ground import Ground, Trial, proving_ground
from tests.databases import Cluster

TINY = Plan(rounds=2, people=64, passes=1, turns=4, crowd=64, messages=256)


def _silent(doing: str) -> None: ...


@pytest.fixture
def land(cluster: Cluster) -> Ground:
    return Ground(admin_url=cluster.admin, app_url=cluster.app)


@pytest.fixture
def trial(land: Ground) -> Iterator[tuple[Trial, str]]:
    with land.database(hash_partitions=2) as trial:
        stem = crowd.stem()
        crowd.sign_up(trial, stem, TINY.people)
        crowd.load_history(trial, stem, TINY.people, 4 * TINY.people)
        yield trial, stem


def _by_name(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def _databases(cluster: Cluster) -> list[tuple[str]]:
    with psycopg.connect(cluster.admin) as admin:
        bench = "SELECT datname FROM pg_database WHERE datname LIKE 'evenkeel_bench_%'"
        return admin.execute(bench).fetchall()


def _count(trial: Trial, query: str) -> int:
    with closing(psycopg.connect(trial.admin_url)) as admin:
        row = admin.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_the_worker_and_pgbench_run_the_same_turns(trial: tuple[Trial, str]) -> None:
    database, stem = trial
    figures = _by_name(race(database, stem, TINY, _silent))
    runs = TINY.rounds * 3 * 2  # few, many and marked, of both
    assert _count(database, "SELECT min(epoch) FROM app.conversations") == 2 * runs
    assert _count(database, "SELECT max(epoch) FROM app.conversations") == 2 * runs
    loaded = 4 * TINY.people
    assert _count(database, "SELECT count(*) FROM app.messages") == loaded + 2 * 64 * runs
    assert _count(database, "SELECT count(*) FROM app.inbox WHERE done_at IS NULL") == 0
    assert _count(database, "SELECT count(*) FROM app.outbox WHERE state <> 'sent'") == 0
    for name in ("worker_to_pgbench", "worker_to_pgbench_marked", "scaling_to_pgbench"):
        assert all(0.0 < ratio < 100.0 for ratio in figures[name].rounds)
        assert len(figures[name].rounds) == TINY.rounds


def test_without_pgbench_the_worker_is_measured_alone(
    trial: tuple[Trial, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bench.race.pgbench", lambda: None)
    told: list[str] = []
    tell: Tell = told.append
    names = {figure.name for figure in race(*trial, TINY, tell)}
    assert names == {"worker_8", "worker_32", "worker_8_marked"}
    assert "There is no pgbench" in told[0]


def test_a_statement_that_pgbench_cannot_run_is_told_in_a_sentence(
    trial: tuple[Trial, str],
) -> None:
    database, stem = trial
    database.run("UPDATE app.conversations SET epoch = 99")
    with pytest.raises(BotError, match=r"pgbench could not run the statements: .*conversation"):
        race(database, stem, TINY, _silent)


def test_places_are_compared_and_nothing_is_left_of_them(land: Ground, cluster: Cluster) -> None:
    figures = _by_name(measure_places(land, TINY, _silent))
    assert {"row_security", "partitions_4", "partitions_16", "growth"} <= set(figures)
    assert all(0.0 < figure.median < 1000.0 for figure in figures.values())
    assert _databases(cluster) == []


def test_a_history_is_whole(trial: tuple[Trial, str]) -> None:
    database, stem = trial
    assert str(crowd.person_id(stem, 5)).replace("-", "").startswith(stem)
    assert _count(database, "SELECT count(DISTINCT user_id) FROM app.messages") == TINY.people
    orphans = "SELECT count(*) FROM app.outbox o WHERE NOT EXISTS (SELECT FROM app.messages m"
    assert _count(database, f"{orphans} WHERE m.user_id = o.user_id AND m.id = o.message_id)") == 0
    behind = "SELECT count(*) FROM app.outbox o JOIN app.conversations c USING (user_id)"
    assert _count(database, f"{behind} WHERE o.seq > c.out_seq") == 0


def test_a_database_is_removed_when_a_measurement_is_interrupted(
    land: Ground, cluster: Cluster
) -> None:
    with pytest.raises(KeyboardInterrupt), land.database(hash_partitions=0):
        raise KeyboardInterrupt
    assert _databases(cluster) == []


def test_a_login_that_is_no_superuser_is_told_so(cluster: Cluster, database_url: str) -> None:
    login = f"evenkeel_bench_{uuid4().hex[:8]}"
    cluster.run("CREATE ROLE {} LOGIN", login)
    try:
        url = psycopg.conninfo.make_conninfo(cluster.admin, user=login)
        with pytest.raises(StorageConfigurationError, match="superuser"), proving_ground(url):
            pass
    finally:
        cluster.run("DROP ROLE {}", login)


def test_a_password_goes_through_the_environment() -> None:
    url = "postgresql://someone:secret@db.invalid:5433/there"
    found = ground.environment(url, "-c role=worker")
    assert found["PGPASSWORD"] == "secret"
    assert (found["PGHOST"], found["PGPORT"], found["PGDATABASE"]) == (
        "db.invalid",
        "5433",
        "there",
    )
    assert found["PGOPTIONS"] == "-c role=worker"
