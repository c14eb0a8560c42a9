"""Putting the deployment's keys under another master key: one transaction of the key store.

People's keys and the keys of the deployment stay what they are; workers that run go on with those
they hold open, and need the new master key when they start again.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from tink import aead

from storage.errors import StorageConfigurationError
from storage.keys.deployment import NOBODY, TEMPLATES, open_handles
from storage.keys.keysets import ids_in, newest_only, with_new_key, wrap
from storage.keys.master import (
    FILE,
    UNSETTLED,
    MasterKey,
    find_master_key,
    first_run_alone,
    named_master_key,
    new_handle,
    read_file,
    settle_file,
    write_file,
)
from storage.keys.rotation import RotationOvertakenError
from storage.keys.store import KeyStore, read_deployment_keys
from storage.keys.tables import DEPLOYMENT_KEYS

if TYPE_CHECKING:
    from tink.aead import Aead


async def rotate_master(
    store: KeyStore, *, configured: str | None, data_dir: Path, new: str
) -> MasterKey:
    """Replace the master key in use, `configured` or the file in `data_dir`, by `new`: a keyset,
    the address of a key in a KMS, or the word `file` for a new key in master.key. What was cut
    short is finished by a second run. Returns the new one."""
    if new == "file":
        rotate = _into_file if configured is not None else _within_file
        return await asyncio.to_thread(rotate, store, configured, data_dir)
    return await asyncio.to_thread(_to_named, store, configured, data_dir, new)


def _within_file(store: KeyStore, _: str | None, data_dir: Path) -> MasterKey:
    """For a while the file holds both keys, so that it opens the store before and after."""
    path = data_dir / FILE
    with first_run_alone(data_dir):  # a worker that starts now waits
        handle = read_file(path)
        if len(ids_in(handle)) == 1:
            handle = with_new_key(handle, aead.aead_key_templates.AES256_GCM)
            write_file(path, handle, replace=True)
        new = newest_only(handle)
        _wrap_anew(store, handle.primitive(aead.Aead), new.primitive(aead.Aead))
        write_file(path, new, replace=True)
    return MasterKey(aead=new.primitive(aead.Aead), kind=f"the file {path}")


def _into_file(store: KeyStore, configured: str | None, data_dir: Path) -> MasterKey:
    """From a keyset or a KMS back to a file, which takes its name when it is in use."""
    path, unsettled = data_dir / FILE, data_dir / UNSETTLED
    with first_run_alone(data_dir):
        if path.exists():
            raise StorageConfigurationError(
                f"{path} exists, but EVENKEEL_MASTER_KEY is in use. Move the file away first: an "
                "older copy of the key store may need it."
            )
        if not unsettled.exists():
            write_file(unsettled, new_handle(), replace=False)
        key = read_file(unsettled).primitive(aead.Aead)
        new = MasterKey(aead=key, kind=f"the file {path}")
        _replace(store, configured, data_dir, new)
        settle_file(unsettled, path)
    return new


def _to_named(store: KeyStore, configured: str | None, data_dir: Path, new: str) -> MasterKey:
    key = named_master_key(new, "The new master key")
    _replace(store, configured, data_dir, key)
    return key


def _replace(store: KeyStore, configured: str | None, data_dir: Path, new: MasterKey) -> None:
    """Do it, unless a run before this one did and was cut short after that."""
    try:
        old = find_master_key(configured, data_dir, key_store_in_use=True)
        _wrap_anew(store, old.aead, new.aead)
    except StorageConfigurationError:
        if not _opens(store, new.aead):
            raise


def _opens(store: KeyStore, key: Aead) -> bool:
    try:
        open_handles(store.read_now(read_deployment_keys), key)
    except StorageConfigurationError:
        return False
    return True


def _wrap_anew(store: KeyStore, old: Aead, new: Aead) -> None:
    stored = store.read_now(read_deployment_keys)
    handles = open_handles(stored, old)
    wrapped = {name: wrap(handles[name], new, NOBODY) for name in TEMPLATES}

    def replace(connection: sa.Connection) -> None:
        for name, key in wrapped.items():
            update = (
                sa.update(DEPLOYMENT_KEYS)
                .where(DEPLOYMENT_KEYS.c.name == name, DEPLOYMENT_KEYS.c.wrapped == stored[name])
                .values(wrapped=key)
            )
            if connection.execute(update).rowcount != 1:
                raise RotationOvertakenError

    store.write_now(replace)
