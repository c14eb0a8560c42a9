"""Gives a recovering server its log, segment by segment, as it asks: nothing is opened ahead.

The server asks through its `restore_command`, a few lines of shell that need neither our keys nor
our environment: it names a file in `wanted`, waits until that name is gone, and finds the file in
`given`, or finds none.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Final

from storage.backup.folder import BackupSet
from storage.backup.wal import ARCHIVED
from storage.embedded.files import Account, make_private

# 255 stops the recovery; any smaller number would say that the log ends here.
_ASK: Final = (
    "cd {folder} || exit 255; : > wanted/%f || exit 255; "
    "while [ -e wanted/%f ]; do sleep 0.02; done; [ -d wanted ] || exit 255; "
    '[ -e given/%f ] && mv given/%f {data}/"%p"'
)


class Feed:
    """The two folders, and what fills the second."""

    def __init__(self, folder: Path, data: Path, backups: BackupSet, account: Account) -> None:
        self._backups = backups
        self._account = account
        self._data = data
        self._folder = make_private(folder, account)
        self._wanted = make_private(folder / "wanted", account)
        self._given = make_private(folder / "given", account)

    @property
    def restore_command(self) -> str:
        folder, data = (
            shlex.quote(str(path)).replace("%", "%%") for path in (self._folder, self._data)
        )
        return _ASK.format(folder=folder, data=data)

    def serve(self) -> None:
        """Answer what is asked for now. Raises BackupBrokenError for what does not open."""
        for asked in list(self._wanted.iterdir()):
            if ARCHIVED.fullmatch(asked.name) and self._backups.wal_file(asked.name).exists():
                self._give(asked.name)
            asked.unlink()

    def _give(self, name: str) -> None:
        draft = self._folder / name
        with draft.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            os.fchown(file.fileno(), self._account.uid, self._account.gid)
            file.writelines(self._backups.open_wal(name).chunks)
        draft.rename(self._given / name)
