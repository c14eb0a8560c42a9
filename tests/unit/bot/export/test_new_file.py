"""A file that is there whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.export.new_file import NewFile


def test_it_appears_when_it_is_kept_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.zip"
    with NewFile(path, replace=False) as file:
        file.out.write(b"whole")
        assert not path.exists()
        file.keep()
    assert path.read_bytes() == b"whole"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_not_kept_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), NewFile(tmp_path / "new.zip", replace=False) as file:
        file.out.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    path.write_bytes(b"old")
    with pytest.raises(ConfigurationError, match="--force"), NewFile(path, replace=False):
        pass
    assert path.read_bytes() == b"old"
    with NewFile(path, replace=True) as file:
        file.out.write(b"new")
        file.keep()
    assert path.read_bytes() == b"new"


def test_a_file_that_somebody_made_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "new.zip"
    with pytest.raises(ConfigurationError), NewFile(path, replace=False) as file:
        path.write_bytes(b"theirs")
        file.keep()
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["", "missing/new.zip"])
def test_a_folder_and_a_missing_folder_are_refused_in_words(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError), NewFile(tmp_path / name, replace=True):
        pass
