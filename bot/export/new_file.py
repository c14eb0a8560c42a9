"""A new file of its owner's alone, there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.errors import ConfigurationError
from storage.lasting import make_lasting


class NewFile:
    """Written beside `path` with mode 0600; `keep` puts it in place, otherwise it is gone at the
    end of the block. What is at `path` already stays, unless it is to be replaced."""

    out: IO[bytes]

    def __init__(self, path: Path, *, replace: bool) -> None:
        self._path = path
        self._replace = replace

    def __enter__(self) -> Self:
        if self._path.is_dir():
            raise ConfigurationError(f"{self._path} is a folder; name a file in it.")
        if not self._replace and os.path.lexists(self._path):
            raise _is_there(self._path)
        try:
            descriptor, beside = tempfile.mkstemp(prefix=".evenkeel-", dir=self._path.parent)
        except OSError as exc:
            raise ConfigurationError(
                f"No file can be made in {self._path.parent} ({exc.strerror})."
            ) from None
        self._beside = Path(beside)
        self.out = os.fdopen(descriptor, "wb")
        return self

    def keep(self) -> None:
        self.out.flush()
        os.fsync(self.out.fileno())
        if self._replace:
            self._beside.replace(self._path)
        else:
            self._linked()
        make_lasting(self._path.parent)

    def _linked(self) -> None:
        """A link, unlike a rename, refuses a name that somebody took meanwhile."""
        try:
            os.link(self._beside, self._path)
        except FileExistsError:
            raise _is_there(self._path) from None
        except OSError:  # a file system without links
            if os.path.lexists(self._path):
                raise _is_there(self._path) from None
            self._beside.replace(self._path)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.out.close()
        self._beside.unlink(missing_ok=True)


def _is_there(path: Path) -> ConfigurationError:
    return ConfigurationError(f"{path} is there already; add --force to replace it.")
