"""Puts a file that belongs to a reply where only its owner can read it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.adapters.adapter import File
from bot.errors import SendRefusedError


def save(file: File, folder: Path) -> Path:
    """Save it under its name, or the next free one: `name-2.zip`. Whole or not at all. Raises
    SendRefusedError when the folder does not take it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in _names(folder / file.name):
            with suppress(FileExistsError):
                _write(path, file.content)
                return path
    except OSError:
        raise SendRefusedError("not saved") from None
    raise SendRefusedError("not saved")


def _names(path: Path) -> Iterator[Path]:
    yield path
    for number in range(2, 1000):
        yield path.with_stem(f"{path.stem}-{number}")


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
    except BaseException:
        path.unlink()
        raise
