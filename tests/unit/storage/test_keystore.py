"""The SQLite key store."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from storage.errors import KeyTakenError, StorageConfigurationError
from storage.keys.store import KeyStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[KeyStore]:
    store = await KeyStore.open(data_dir=tmp_path, url=None)
    yield store
    await store.close()


async def test_only_the_owner_may_read_the_file_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = await KeyStore.open(data_dir=tmp_path / "deeper", url=None)
        await store.add_user_key(uuid4(), b"wrapped")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "deeper").stat().st_mode) == 0o700
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "deeper").iterdir()}
    assert modes == {"keys.sqlite": 0o600}


async def test_an_erased_key_is_gone_from_the_file_itself(store: KeyStore, tmp_path: Path) -> None:
    user, wrapped = uuid4(), os.urandom(140)
    await store.add_user_key(user, wrapped)
    assert wrapped in (tmp_path / "keys.sqlite").read_bytes()
    await store.erase_user_key(user)
    assert not any(wrapped[:40] in p.read_bytes() for p in tmp_path.iterdir())
    stored = await store.user_key(user)
    assert stored is not None
    assert stored.wrapped is None


async def test_a_key_is_never_overwritten(store: KeyStore) -> None:
    user = uuid4()
    await store.add_user_key(user, b"first")
    with pytest.raises(KeyTakenError):
        await store.add_user_key(user, b"second")
    stored = await store.user_key(user)
    assert stored is not None
    assert stored.wrapped == b"first"


async def test_an_erased_person_gets_no_new_key(store: KeyStore) -> None:
    user = uuid4()
    await store.add_user_key(user, b"first")
    await store.erase_user_key(user)
    with pytest.raises(KeyTakenError):
        await store.add_user_key(user, b"second")


async def test_of_two_workers_starting_at_once_one_set_of_keys_stays_whole(tmp_path: Path) -> None:
    stores = [await KeyStore.open(data_dir=tmp_path, url=None) for _ in range(4)]
    sets = [{"wrapping": b"%d" % n, "lookups": b"%d" % n} for n in range(4)]
    kept = await asyncio.gather(
        *(
            asyncio.to_thread(store.add_deployment_keys_now, keys)
            for store, keys in zip(stores, sets, strict=True)
        )
    )
    assert all(keys == kept[0] for keys in kept)
    assert kept[0] in sets


async def test_a_folder_that_is_a_file_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StorageConfigurationError, match="EVENKEEL_DATA_DIR"):
        await KeyStore.open(data_dir=tmp_path / "data", url=None)


async def test_a_file_that_is_no_database_is_reported(tmp_path: Path) -> None:
    (tmp_path / "keys.sqlite").write_text("not a database at all, but long enough" * 40)
    with pytest.raises(StorageConfigurationError, match="evenkeel keys restore"):
        await KeyStore.open(data_dir=tmp_path, url=None)


async def test_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageConfigurationError, match="EVENKEEL_KEY_STORE"):
        await KeyStore.open(data_dir=tmp_path, url="mysql://somewhere")
