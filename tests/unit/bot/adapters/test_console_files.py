"""Where the console puts a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.adapters.adapter import File
from bot.adapters.console_files import save
from bot.errors import SendRefusedError

FILE = File(name="export.zip", kind="application/zip", content=b"PK all of it")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_and_its_folder_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = save(FILE, tmp_path / "exports")
    finally:
        os.umask(before)
    assert path.read_bytes() == FILE.content
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_no_file_takes_the_place_of_another(tmp_path: Path) -> None:
    paths = [save(FILE, tmp_path) for _ in range(3)]
    assert [path.name for path in paths] == ["export.zip", "export-2.zip", "export-3.zip"]


def test_a_link_that_waits_there_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"precious")
    (tmp_path / "export.zip").symlink_to(tmp_path / "elsewhere")
    assert save(FILE, tmp_path).name == "export-2.zip"
    assert (tmp_path / "elsewhere").read_bytes() == b"precious"


def test_a_folder_that_cannot_be_made_refuses_the_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"a file")
    with pytest.raises(SendRefusedError):
        save(FILE, tmp_path / "taken" / "exports")
