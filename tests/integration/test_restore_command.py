"""`evenkeel restore --to`, as far as its question; and what `evenkeel doctor` says of backups."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checkup import MOST_UNSEALED, OLDEST_BACKUP_HOURS, Check, backups_are_made
from bot.config import Settings
from storage.embedded.spool import spool_of
from tests.integration.places import Place
from tests.processes import reachable_folder, run, run_at_terminal


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A backup was the very first thing anybody did here."""
    with reachable_folder() as top:
        place = Place(top=top)
        place.data.mkdir(mode=0o711)
        code, out, err = asyncio.run(run(settings(place), "backup"))
        assert (code, err) == (0, "")
        shutil.copy(place.data / "master.key", top)
        assert place.found_set().names() == [out.split()[0]]
        yield place


def settings(place: Place) -> dict[str, str]:
    return {"EVENKEEL_DATA_DIR": str(place.data), "EVENKEEL_BACKUP_DIR": str(place.backups)}


def contents(place: Place) -> set[Path]:
    """Everything in the data folder but the spool: changes that waited there may be sealed."""
    return {path for path in place.data.rglob("*") if "spool" not in path.parts}


async def test_a_restore_asks_first_and_a_no_changes_nothing(place: Place) -> None:
    before = contents(place)
    code, out, err = await run_at_terminal(
        settings(place), "restore", "--to", "latest", typed="no\n"
    )
    assert (code, err) == (1, "")
    newest = place.found_set().backups()[-1].finished_at.isoformat()
    assert f"The database will be as it was at {newest}, the newest state." in out
    assert "No change that was kept is lost." in out
    assert out.endswith("Nothing was changed.\n")
    assert contents(place) == before


async def test_where_nobody_can_be_asked_it_says_how_to_go_on(place: Place) -> None:
    before = contents(place)
    code, out, err = await run(settings(place), "restore", "--to", "latest", lines="yes\n")
    assert (code, out) == (2, "")
    assert err == "evenkeel: There is nobody to ask here: add --yes to go ahead.\n"
    assert contents(place) == before


async def test_a_yes_goes_on(place: Place) -> None:
    """As far as this database, which never had a schema, allows."""
    code, _, err = await run_at_terminal(settings(place), "restore", "--to", "latest", typed="y\n")
    assert code == 1
    assert err == "evenkeel: There was no database of Evenkeel yet at that time.\n"


# ---------------------------------------------------------------- the doctor


def the_check(place: Place, backups: Path | None = None) -> Check:
    here = Settings.model_construct(
        evenkeel_data_dir=place.data, evenkeel_backup_dir=backups or place.backups
    )
    return backups_are_made(here)


def test_a_young_backup_with_its_changes_sealed_is_well(place: Place) -> None:
    place.rewrite_newest(finished_at=datetime.now(UTC) - timedelta(hours=5))
    check = the_check(place)
    assert check.ok
    assert check.finding == "the newest is 5 h old; 0 segments of changes wait to be sealed"


def test_a_backup_that_is_too_old_is_not(place: Place) -> None:
    limit = timedelta(hours=OLDEST_BACKUP_HOURS)
    place.rewrite_newest(finished_at=datetime.now(UTC) - limit + timedelta(minutes=5))
    assert the_check(place).ok
    place.rewrite_newest(finished_at=datetime.now(UTC) - limit)
    assert not the_check(place).ok


def test_changes_that_pile_up_are_not(place: Place) -> None:
    place.rewrite_newest(finished_at=datetime.now(UTC))
    spool = spool_of(place.data / "postgres")
    piled = [spool / f"{number:024X}" for number in range(MOST_UNSEALED)]
    for path in piled[1:]:
        path.touch()
    assert the_check(place).ok
    piled[0].touch()
    check = the_check(place)
    for path in piled:
        path.unlink()
    assert not check.ok
    assert f"{MOST_UNSEALED} segments of changes wait to be sealed" in check.finding


def test_none_at_all_is_not_and_the_doctor_says_what_to_run(place: Place) -> None:
    check = the_check(place, place.top / "other")
    assert (check.ok, check.finding) == (False, "there is none; run `evenkeel backup`")


def test_one_that_cannot_be_read_is_not(place: Place, tmp_path: Path) -> None:
    shutil.copytree(place.backups, tmp_path / "copy")
    [manifest] = (tmp_path / "copy").rglob("manifest.sealed")
    manifest.write_bytes(b"")
    check = the_check(place, tmp_path / "copy")
    assert not check.ok
    assert "manifest" in check.finding
