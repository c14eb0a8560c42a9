"""Backups of the embedded server: sealed, checked, pruned; and what a restore refuses."""

from __future__ import annotations

import dataclasses
import os
import pwd
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.backup.changes import seal_changes
from storage.backup.check import findings
from storage.backup.folder import rewrap_sets, set_for, sets_in
from storage.backup.prune import prune
from storage.embedded.server import EmbeddedServer, unused
from storage.embedded.spool import let_go, spool_of, waiting
from storage.errors import BackupBrokenError, BackupError, StorageConfigurationError
from storage.restore.rebuild import rebuilt
from storage.restore.swap import swap
from tests.integration.places import Place, master
from tests.processes import reachable_folder

CANARY = "the heron stood in the shallows"


@pytest.fixture(scope="module")
def made() -> Iterator[tuple[Place, list[datetime]]]:
    """A database that was written to before, between and after two backups. The times are those
    after each word."""
    with reachable_folder() as top:
        place = Place(top=top)
        place.ask("CREATE TABLE words (word text)")
        times = [place.write("a", CANARY)]
        place.back_up()
        times.append(place.write("b"))
        place.back_up()
        times.append(place.write("c"))
        times.append(place.write("d"))
        place.down()
        yield place, times


@pytest.fixture
def place(made: tuple[Place, list[datetime]]) -> Iterator[Place]:
    """A copy of its backups, with a new machine beside it that has the master key."""
    with reachable_folder() as top:
        shutil.copytree(made[0].backups, top / "backups")
        shutil.copy(made[0].top / "master.key", top)
        yield Place(top=top)


@pytest.fixture
def times(made: tuple[Place, list[datetime]]) -> list[datetime]:
    return made[1]


def refused(place: Place, target: datetime | None) -> str:
    """What a restore says that is refused before anything was changed."""
    before = sorted(path for path in place.data.rglob("*"))
    with (
        unused(place.data) as cluster,
        pytest.raises((StorageConfigurationError, BackupError, BackupBrokenError)) as told,
    ):
        plan = place.plan(cluster, target)
        plan.check()
        with rebuilt(cluster, plan):
            pass
    left = [p for p in place.data.rglob("*") if p not in before and "data" in p.parts[-1:]]
    assert left == []
    return str(told.value)


# ---------------------------------------------------------------- what lies in the folder


def test_the_backup_folder_is_its_owners_alone(made: tuple[Place, list[datetime]]) -> None:
    for path in [made[0].backups, *made[0].backups.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_nothing_in_it_is_in_the_clear(made: tuple[Place, list[datetime]]) -> None:
    for path in made[0].backups.rglob("*"):
        if path.is_file():
            told = path.read_bytes()
            assert CANARY.encode() not in told
            assert b"evenkeel" not in told
            assert b"pg_control" not in told


def test_every_backup_is_found_whole(place: Place) -> None:
    found = list(findings(place.found_set(), place.found_set().names()))
    assert len(found) == 2
    assert [each.trouble for each in found] == [None, None]
    assert found[0].changes > found[1].changes > 0


# ---------------------------------------------------------------- what is wrong with it is told


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def cut_to_nothing(path: Path) -> None:
    os.truncate(path, 0)


def flipped(path: Path) -> None:
    told = bytearray(path.read_bytes())
    told[len(told) // 2] ^= 1
    path.write_bytes(told)


def lengthened(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


@pytest.mark.parametrize("damage", [cut_short, cut_to_nothing, flipped, lengthened, Path.unlink])
@pytest.mark.parametrize("what", ["base.tar", "wal"])
def test_a_damaged_file_is_refused_and_named(place: Place, damage: Any, what: str) -> None:
    backups = place.found_set()
    newest = backups.backups()[-1]
    path = backups.file_of(newest.name, "base.tar")
    if what == "wal":
        path = backups.wal_file(newest.last_segment)
    damage(path)
    [finding] = findings(backups, [newest.name])
    assert finding.trouble is not None
    if (damage, what) == (Path.unlink, "wal"):
        assert "Changes are missing from" in finding.trouble
        assert "reach from" in refused(place, datetime.now(UTC))
    else:
        assert str(path) in finding.trouble
        assert str(path) in refused(place, None)


def test_a_manifest_that_was_altered_is_refused(place: Place) -> None:
    backups = place.found_set()
    flipped(backups.file_of(backups.names()[0], "manifest"))
    assert "altered" in refused(place, None)


@pytest.mark.parametrize("what", ["backups", "changes"])
def test_files_that_changed_names_are_refused(place: Place, what: str) -> None:
    backups = place.found_set()
    one, two = (backups.file_of(name, "base.tar") for name in backups.names())
    if what == "changes":
        one, two = (backups.wal_file(each.last_segment) for each in backups.backups())
    kept = one.read_bytes()
    two.replace(one)
    two.write_bytes(kept)
    assert all(each.trouble for each in findings(backups, backups.names()))


def test_a_file_of_another_set_is_refused(place: Place) -> None:
    backups = place.found_set()
    other = set_for(place.backups, "7000000000000000001", master(place.top))
    other.add_wal(backups.backups()[-1].last_segment, [bytes(2**20)])
    shutil.copy(other.wal_file(backups.backups()[-1].last_segment), backups.folder / "wal")
    assert "does not open" in refused(place, None)


def test_a_set_without_its_key_or_with_a_broken_one_is_refused(place: Place) -> None:
    key = place.found_set().folder / "key.json"
    key.write_text("{}")
    with pytest.raises(BackupBrokenError, match=r"key\.json"):
        place.found_set()
    key.unlink()
    with pytest.raises(StorageConfigurationError, match="There is no backup in"):
        sets_in(place.backups, master(place.top))


def test_another_master_key_is_refused(place: Place) -> None:
    (place.top / "master.key").unlink()
    with pytest.raises(StorageConfigurationError, match="master key does not open the backups"):
        place.found_set()


def test_after_a_change_of_the_master_key_the_new_one_opens_them(place: Place) -> None:
    old = master(place.top)
    (place.top / "master.key").unlink()
    new = master(place.top)
    assert rewrap_sets(place.backups, old, new) == 1
    assert rewrap_sets(place.backups, old, new) == 1
    assert len(place.found_set().backups()) == 2


# ---------------------------------------------------------------- what cannot be restored


def test_a_time_before_the_first_backup_is_refused_with_the_range(
    place: Place, times: list[datetime]
) -> None:
    told = refused(place, times[0] - timedelta(hours=1))
    assert "cannot be restored: the backups in" in told
    assert place.found_set().backups()[0].finished_at.astimezone(UTC).isoformat() in told


def test_a_time_after_the_last_change_is_refused_with_the_range(
    place: Place, times: list[datetime]
) -> None:
    told = refused(place, datetime.now(UTC))
    assert "--to latest" in told
    end = datetime.fromisoformat(told.partition(" to ")[2].partition(". Give")[0])
    assert times[2] < end < times[3]


def test_a_time_in_the_future_is_refused(place: Place) -> None:
    assert "is in the future" in refused(place, datetime.now(UTC) + timedelta(minutes=1))


def test_a_time_behind_a_gap_is_refused(place: Place, times: list[datetime]) -> None:
    backups = place.found_set()
    first, second = backups.backups()
    backups.wal_file(first.last_segment).unlink()
    told = refused(place, times[1] - (times[1] - first.finished_at) / 2)
    assert "cannot be restored" in told
    [finding] = findings(backups, [first.name])
    assert f"missing from {first.last_segment}" in str(finding.trouble)
    with unused(place.data) as cluster:
        assert place.plan(cluster, None).base == second


def test_another_major_version_of_postgresql_is_refused(place: Place) -> None:
    place.rewrite_newest(postgresql="17.4")
    assert "made by PostgreSQL 17, this version of Evenkeel brings 18" in refused(place, None)


def test_too_little_room_is_told_before_anything_is_written(place: Place) -> None:
    base = dataclasses.replace(place.found_set().backups()[-1].base, content_bytes=2**60)
    place.rewrite_newest(base=base)
    with unused(place.data) as cluster:
        plan = place.plan(cluster, None)
        with (
            pytest.raises(BackupError, match="Make room; nothing was changed"),
            rebuilt(cluster, plan),
        ):
            pass


def test_nothing_is_restored_under_a_worker(place: Place) -> None:
    place.up()
    with pytest.raises(StorageConfigurationError, match="Stop every"), unused(place.data):
        pass
    assert place.server is not None
    place.server.close()


# ---------------------------------------------------------------- and what can


def test_any_moment_comes_back_also_one_that_an_earlier_restore_left(
    place: Place, times: list[datetime]
) -> None:
    data = place.data / "postgres"
    place.server = EmbeddedServer.start(place.data, fast=True)  # a new machine, with its own data
    place.server.close()
    place.server = None
    with unused(place.data) as cluster:
        plan = place.plan(cluster, times[1])
        assert plan.base == place.found_set().backups()[0]
        with rebuilt(cluster, plan, fast=True) as fresh:
            pass
        assert swap(cluster, fresh) is not None
    assert [path.name for path in data.glob("restoring*")] == []
    place.up()
    place.down()
    assert place.words() == ["a", "b", CANARY]
    later = place.write("e")
    place.write("f")
    assert place.restore(times[2]) == ["a", "b", "c", CANARY], "of the time that was left"
    assert place.restore(later) == ["a", "b", "e", CANARY]
    assert place.ask("SELECT timeline_id FROM pg_control_checkpoint()") == [(4,)]
    place.down()


# ---------------------------------------------------------------- making backups


@pytest.fixture(scope="module")
def living() -> Iterator[Place]:
    """A server to back up, shared by the tests below."""
    with reachable_folder() as top:
        place = Place(top=top)
        place.ask("CREATE TABLE words (word text)")
        yield place
        place.down()


def test_a_full_disk_leaves_no_half_of_a_backup(living: Place) -> None:
    living.write("x")
    backups = living.own_set()
    before = sorted(backups.folder.rglob("*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(BackupError, match="Nothing half-written"):
            living.back_up()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(backups.folder.rglob("*")) == before
    living.back_up()


def test_what_a_killed_backup_left_is_none_and_is_swept(living: Place) -> None:
    backups = living.own_set()
    count = len(backups.names())
    left = backups.folder / "base" / "20260101T000000.000000Z.unfinished"
    left.mkdir()
    (left / "base.tar.sealed").write_bytes(b"half")
    assert len(backups.names()) == count
    living.back_up()
    assert not left.exists()


def test_old_backups_go_and_the_newest_always_stays(living: Place) -> None:
    backups = living.own_set()
    for _ in range(2):
        living.write("y")
        living.back_up()
    *_, before, newest = backups.backups()
    assert prune(backups, days=14, now=newest.finished_at) == 0
    day = backups.backups()[0].finished_at + timedelta(days=1)
    assert prune(backups, days=1, now=day) == 0
    assert prune(backups, days=1, now=day + timedelta(microseconds=1)) == 1
    assert prune(backups, days=1, now=day + timedelta(days=400)) >= 1
    assert backups.names() == [newest.name], "also when it is old"
    assert min(name for name in backups.wal_names() if len(name) == 24) >= newest.first_segment
    assert newest.first_segment in backups.wal_names()
    assert before.name not in backups.names()
    assert [each.trouble for each in findings(backups, backups.names())] == [None]


def test_a_segment_that_comes_again_is_known_and_a_strange_one_stays(living: Place) -> None:
    living.back_up()
    home, backups = living.data / "postgres", living.own_set()
    name = max(name for name in backups.wal_names() if len(name) == 24)
    again = spool_of(home) / name
    again.write_bytes(b"".join(backups.open_wal(name).chunks))
    assert seal_changes(home, backups) == 1
    assert not again.exists()
    strange = bytearray(b"".join(backups.open_wal(name).chunks))
    strange[-1] ^= 1
    again.write_bytes(strange)
    with pytest.raises(BackupError, match="not of this set of backups"):
        seal_changes(home, backups)
    assert again.exists()
    again.unlink()
    foreign = spool_of(home) / "0000000100000000000000F0"
    foreign.write_bytes(bytes(2**20))
    with pytest.raises(BackupError, match="not of this set"):
        seal_changes(home, backups)
    foreign.unlink()


def test_a_worker_without_a_backup_folder_lets_go_of_what_piles_up(tmp_path: Path) -> None:
    assert not let_go(tmp_path, 2)
    spool_of(tmp_path).mkdir()
    for name in "ab":
        (spool_of(tmp_path) / name).touch()
    assert not let_go(tmp_path, 2)
    (spool_of(tmp_path) / "c").touch()
    assert let_go(tmp_path, 2)
    assert not spool_of(tmp_path).exists()


def test_without_backups_the_log_piles_up_nowhere() -> None:
    with reachable_folder() as top:
        server = EmbeddedServer.start(top / "data", fast=True)
        with psycopg.connect(server.url("evenkeel_admin", "postgres"), autocommit=True) as admin:
            admin.execute("CREATE TABLE t (); SELECT pg_switch_wal()")
        server.close()
        assert not spool_of(server.home).exists()
        assert list((server.data / "pg_wal" / "archive_status").glob("*.ready")) == []


def test_a_folder_whose_name_is_a_trap_for_the_shell_works() -> None:
    with reachable_folder() as top:
        place = Place(top=top / "it's 100%f")
        place.top.mkdir(mode=0o711)
        place.ask("CREATE TABLE words (word text)")
        place.back_up()
        place.write("a")
        assert place.restore(None) == ["a"]
        place.down()


# ---------------------------------------------------------------- a restore that was killed


def test_killed_between_its_last_two_steps_it_is_completed_by_the_next_start() -> None:
    with reachable_folder() as top:
        server = EmbeddedServer.start(top / "data", fast=True)
        server.close()
        server.data.rename(server.restored)
        again = EmbeddedServer.start(top / "data", fast=True)
        assert not again.restored.exists()
        again.close()
        shutil.copytree(again.data, again.restored)
        EmbeddedServer.start(top / "data", fast=True).close()
        assert not again.restored.exists(), "killed before them it is void"
        assert waiting(again.home) == []


# ---------------------------------------------------------------- as another OS user


def test_a_normal_user_backs_up_and_restores_as_themselves() -> None:
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    script = Path(__file__).with_name("backup_as_user.py")
    root = str(Path(__file__).parents[2])
    with reachable_folder() as top:
        home = top / "home"
        home.mkdir(mode=0o700)
        shutil.chown(home, user)
        told = subprocess.run(
            [sys.executable, str(script), str(home), user],
            env=os.environ | {"PYTHONPATH": os.pathsep.join([root, *filter(None, sys.path)])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.stdout.split() == ["kept", user], told.stderr
