"""Backups of the embedded server, as the settings ask for them, and the sweep that seals."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.config import Settings, reveal
from bot.errors import ConfigurationError
from storage.embedded.spool import let_go
from storage.encryption import Vault
from storage.errors import StorageError

if TYPE_CHECKING:
    from storage.backup.folder import BackupSet
    from storage.engine import Database
    from storage.keys.master import MasterKey

log = logging.getLogger(__name__)

SEGMENTS_UNSEALED: Final = 64
"""How many pile up, 16 MB each, before a worker without a backup folder lets them go."""


class Sealing:
    """Takes what the server's log of changes says into the backup folder. Any number of workers
    may do so side by side."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._set: BackupSet | None = None

    @property
    def is_ours(self) -> bool:
        """A server of the operator's own is backed up by its own means."""
        return self._settings.database_url is None

    async def seal(self) -> None:
        """Seal what waits. What goes wrong is logged and tried again by the next tick."""
        try:
            await asyncio.to_thread(self._seal)
        except StorageError as exc:
            log.error("Changes wait to be sealed: %s", exc)

    async def finish(self) -> None:
        """The same when the worker leaves: a server that stops hands over all it has."""
        if self.is_ours:
            await self.seal()

    def _seal(self) -> None:
        home = home_of(self._settings)
        if self._settings.evenkeel_backup_dir is None:
            if let_go(home, SEGMENTS_UNSEALED):
                log.error("Changes were let go unsealed: EVENKEEL_BACKUP_DIR is not set any more.")
            return
        if not (home / "data").exists():
            return
        from storage.backup.changes import seal_changes

        self._set = self._set or own_set(self._settings)
        seal_changes(home, self._set)


def home_of(settings: Settings) -> Path:
    return settings.evenkeel_data_dir.resolve() / "postgres"


def own_set(settings: Settings) -> BackupSet:
    """The backups of the database in the data folder. Raises ConfigurationError when the backup
    folder is not set, or lies where it would be lost together with the data."""
    from storage.backup.control import identifier_of
    from storage.backup.folder import set_for

    folder = backup_folder(settings)
    return set_for(folder, identifier_of(home_of(settings) / "data"), master_key(settings))


def backup_folder(settings: Settings) -> Path:
    if settings.evenkeel_backup_dir is None:
        raise ConfigurationError(
            "Set EVENKEEL_BACKUP_DIR to the folder where backups go, on another disk than the data."
        )
    folder = settings.evenkeel_backup_dir.resolve()
    if folder.is_relative_to(settings.evenkeel_data_dir.resolve()):
        raise ConfigurationError(
            f"EVENKEEL_BACKUP_DIR, {folder}, lies inside EVENKEEL_DATA_DIR and would be lost with "
            "it. Set it to a folder on another disk."
        )
    return folder


def master_key(settings: Settings) -> MasterKey:
    """The key there is: none is made for the sake of a backup."""
    from storage.keys.master import find_master_key

    return find_master_key(
        reveal(settings.evenkeel_master_key), settings.evenkeel_data_dir, key_store_in_use=True
    )


def rewrap_backups(settings: Settings, old: MasterKey, new: MasterKey) -> None:
    """Let a new master key open the backups there are. Raises ConfigurationError when their
    folder is not there."""
    from storage.backup.folder import rewrap_sets

    if settings.evenkeel_backup_dir is None:
        return
    folder = backup_folder(settings)
    if not folder.is_dir():
        raise ConfigurationError(
            f"The backup folder {folder} is not there, and its key is under the old master key. "
            "Bring it back first, or unset EVENKEEL_BACKUP_DIR to give those backups up."
        )
    rewrap_sets(folder, old, new)


async def open_vault(settings: Settings, database: Database | None = None) -> Vault:
    return await Vault.open(
        master_key=reveal(settings.evenkeel_master_key),
        data_dir=settings.evenkeel_data_dir,
        key_store_url=settings.evenkeel_key_store,
        database=database,
    )
