"""The backup folder: one set of backups for each cluster that was ever backed up there.

    <backup folder>/<system identifier>/      0700, files 0600
        key.json                              the set's key, wrapped by the master key
        base/<name>/base.tar.sealed           a base backup
        base/<name>/manifest.sealed           written last
        wal/<segment>.sealed                  the log of changes

The folder and the master key are all that a restore needs of the old machine; to read what is
restored, the key store is needed too, which is never in here.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import tink
from tink import proto_keyset_format as keyset_bytes
from tink import streaming_aead

from storage.backup.manifest import Manifest
from storage.backup.seals import SUFFIX, Opened, SealedFile, Seals
from storage.errors import BackupBrokenError, BackupError, StorageConfigurationError
from storage.lasting import make_lasting

if TYPE_CHECKING:
    from storage.keys.master import MasterKey

BASE: Final = "base.tar"
MANIFEST: Final = "manifest"
_KEY: Final = "key.json"
_UNFINISHED: Final = ".unfinished"

Seal: TypeAlias = Callable[[str, Iterable[bytes]], SealedFile]
"""Seals one file of a backup that is being made, by its name."""


@dataclass(frozen=True, kw_only=True)
class BackupSet:
    """The backups of one cluster."""

    folder: Path
    seals: Seals

    @property
    def name(self) -> str:
        return self.folder.name

    def backups(self) -> list[Manifest]:
        """Every whole backup, the oldest first. Raises BackupBrokenError for a manifest that
        does not open: what it says cannot be guessed."""
        found = [self.manifest(name) for name in self.names()]
        return sorted(found, key=lambda manifest: manifest.finished_at)

    def names(self) -> list[str]:
        """Names of backups, which are the times when they were begun."""
        manifests = self.folder.glob(f"base/*/{MANIFEST}{SUFFIX}")
        names = sorted(path.parent.name for path in manifests)
        return [name for name in names if not name.endswith(_UNFINISHED)]

    def manifest(self, name: str) -> Manifest:
        place = self.file_of(name, MANIFEST)
        try:
            return Manifest.from_json(self.seals.read(place, f"base/{name}/{MANIFEST}"))
        except (ValueError, TypeError, KeyError):
            raise BackupBrokenError(place) from None

    def file_of(self, name: str, file: str) -> Path:
        return self.folder / "base" / name / f"{file}{SUFFIX}"

    def add_backup(self, name: str, write: Callable[[Seal], Manifest]) -> None:
        """Add a base backup whole or not at all: `write` is given what seals one of its files
        and returns the manifest."""
        draft = self.folder / "base" / f"{name}{_UNFINISHED}"
        shutil.rmtree(draft, ignore_errors=True)

        def seal(file: str, chunks: Iterable[bytes]) -> SealedFile:
            path = draft / f"{file}{SUFFIX}"
            return self.seals.write(path, f"base/{name}/{file}", chunks)

        try:
            draft.mkdir(mode=0o700)
            seal(MANIFEST, [write(seal).as_json()])
            draft.rename(draft.with_name(name))
        except OSError as exc:
            raise _cannot_use(draft.parent, exc) from None
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        make_lasting(draft.parent)

    def open_base(self, manifest: Manifest) -> Opened:
        name = manifest.name
        return self.seals.open(self.file_of(name, BASE), f"base/{name}/{BASE}")

    def drop_backup(self, name: str) -> None:
        """The manifest goes first: what is left of a drop that was cut short is no backup."""
        self.file_of(name, MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "base" / name)

    def drop_unfinished(self) -> None:
        """What a backup left that was killed."""
        for draft in self.folder.glob(f"base/*{_UNFINISHED}"):
            shutil.rmtree(draft)

    def wal_names(self) -> set[str]:
        return {path.name.removesuffix(SUFFIX) for path in (self.folder / "wal").glob(f"*{SUFFIX}")}

    def wal_file(self, name: str) -> Path:
        return self.folder / "wal" / f"{name}{SUFFIX}"

    def add_wal(self, name: str, chunks: Iterable[bytes]) -> None:
        self.seals.write(self.wal_file(name), f"wal/{name}", chunks)

    def open_wal(self, name: str) -> Opened:
        return self.seals.open(self.wal_file(name), f"wal/{name}")


def set_for(folder: Path, system_identifier: str, master: MasterKey) -> BackupSet:
    """The set of a cluster, made on its first backup. Raises StorageConfigurationError when the
    folder cannot be used or the master key is another than the set's."""
    place = folder / system_identifier
    try:
        for each in (folder, place, place / "base", place / "wal"):
            each.mkdir(mode=0o700, parents=each == folder, exist_ok=True)
        if not (place / _KEY).exists():
            _make_key(place / _KEY, master)
    except OSError as exc:
        raise _cannot_use(folder, exc) from None
    return _opened(place, master)


def sets_in(folder: Path, master: MasterKey) -> list[BackupSet]:
    """Every set in a backup folder, or the set that `folder` itself is. Raises
    StorageConfigurationError when there is none."""
    try:
        places = _places(folder)
    except OSError as exc:
        raise _cannot_use(folder, exc) from None
    if not places:
        raise StorageConfigurationError(
            f"There is no backup in {folder}. Name the folder that EVENKEEL_BACKUP_DIR named when "
            "the backups were made."
        )
    return [_opened(place, master) for place in places]


def rewrap_sets(folder: Path, old: MasterKey, new: MasterKey) -> int:
    """After a change of the master key: wrap each set's key anew; no backup is rewritten. Returns
    how many sets there are. Harmless to repeat."""
    places = _places(folder)
    for place in places:
        try:
            _unwrapped(place, new)
        except StorageConfigurationError:
            _write_key(place / _KEY, _unwrapped(place, old), new, replace=True)
    return len(places)


def _places(folder: Path) -> list[Path]:
    if (folder / _KEY).exists():
        return [folder]
    return sorted(path.parent for path in folder.glob(f"*/{_KEY}"))


def _make_key(path: Path, master: MasterKey) -> None:
    streaming_aead.register()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    _write_key(path, tink.new_keyset_handle(template), master, replace=False)


def _write_key(path: Path, handle: tink.KeysetHandle, master: MasterKey, *, replace: bool) -> None:
    """Whole or not at all; of two that make one at once, the first one's stays."""
    wrapped = keyset_bytes.serialize_encrypted(handle, master.aead, b"")
    text = json.dumps({"format": 1, "wrapped": base64.b64encode(wrapped).decode()})
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        elif not path.exists():
            os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    make_lasting(path.parent)


def _opened(place: Path, master: MasterKey) -> BackupSet:
    primitive = _unwrapped(place, master).primitive(streaming_aead.StreamingAead)
    return BackupSet(folder=place, seals=Seals(place.name, primitive))


def _unwrapped(place: Path, master: MasterKey) -> tink.KeysetHandle:
    streaming_aead.register()
    try:
        wrapped = base64.b64decode(json.loads((place / _KEY).read_text())["wrapped"])
        return keyset_bytes.parse_encrypted(wrapped, master.aead, b"")
    except OSError as exc:
        raise _cannot_use(place, exc) from None
    except (ValueError, KeyError, TypeError):
        raise BackupBrokenError(place / _KEY) from None
    except tink.TinkError:
        raise StorageConfigurationError(
            f"The master key does not open the backups in {place}. Set EVENKEEL_MASTER_KEY to the "
            "key they were made with, or put that master.key back into EVENKEEL_DATA_DIR."
        ) from None


def _cannot_use(folder: Path, exc: OSError) -> BackupError | StorageConfigurationError:
    if exc.errno == errno.ENOSPC:
        return BackupError(f"The disk of {folder} is full. Make room and try again.")
    return StorageConfigurationError(
        f"The backup folder {folder} cannot be used: {exc.strerror}. "
        "Set EVENKEEL_BACKUP_DIR to a folder you may write."
    )
