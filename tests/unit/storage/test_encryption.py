"""Sealing without a database: keys, places, lookups."""

from __future__ import annotations

import base64
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import tink
from hypothesis import given, settings
from hypothesis import strategies as st
from tink import aead, secret_key_access
from tink import json_proto_keyset_format as keyset_json

from storage.encryption import OPEN_SECONDS, UserKey, Vault
from storage.errors import (
    KeyErasedError,
    KeyMissingError,
    SealBrokenError,
    StorageConfigurationError,
)
from storage.keys.deployment import DeploymentKeys
from storage.keys.master import find_master_key
from storage.keys.store import KeyStore

ROW = UUID("01900000-0000-7000-8000-000000000001")


def keyset() -> str:
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return str(keyset_json.serialize(handle, secret_key_access.TOKEN))


def lone_key(user_id: UUID | None = None) -> UserKey:
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return UserKey(user_id or uuid4(), handle.primitive(aead.Aead))


async def open_vault(folder: Path, master_key: str | None = None) -> Vault:
    return await Vault.open(master_key=master_key, data_dir=folder, key_store_url=None)


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[Vault]:
    vault = await open_vault(tmp_path)
    yield vault
    await vault.close()


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=2000), table=st.text(max_size=9), column=st.text(max_size=9))
def test_what_was_sealed_opens_in_its_place(data: bytes, table: str, column: str) -> None:
    key = lone_key()
    sealed = key.seal(table, column, ROW, data)
    assert key.open(table, column, ROW, sealed) == data
    assert len(data) < 8 or data not in sealed


@settings(max_examples=50, deadline=None)
@given(text=st.text(max_size=200), note=st.text(max_size=200))
def test_texts_and_json_objects_come_back_as_they_went_in(text: str, note: str) -> None:
    key = lone_key()
    assert key.open_text("t", "c", ROW, key.seal("t", "c", ROW, text)) == text
    value: dict[str, object] = {"note": note, "n": 3, "none": None}
    assert key.open_json("t", "c", ROW, key.seal("t", "c", ROW, value)) == value


@pytest.mark.parametrize(
    ("table", "column", "row"),
    [("goals", "content", ROW), ("messages", "originals", ROW), ("messages", "content", uuid4())],
)
def test_a_seal_moved_to_another_place_does_not_open(table: str, column: str, row: UUID) -> None:
    key = lone_key()
    sealed = key.seal("messages", "content", ROW, "canary")
    with pytest.raises(SealBrokenError) as caught:
        key.open(table, column, row, sealed)
    assert "canary" not in str(caught.value)


def test_a_seal_does_not_open_under_another_users_name_even_with_the_same_key() -> None:
    aead.register()
    opened = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM).primitive(aead.Aead)
    sealed = UserKey(uuid4(), opened).seal("messages", "content", ROW, "canary")
    with pytest.raises(SealBrokenError):
        UserKey(uuid4(), opened).open("messages", "content", ROW, sealed)


def test_an_altered_seal_does_not_open() -> None:
    key = lone_key()
    sealed = bytearray(key.seal("messages", "content", ROW, "canary"))
    sealed[-1] ^= 1
    with pytest.raises(SealBrokenError):
        key.open("messages", "content", ROW, bytes(sealed))


def test_a_key_shows_nothing_of_itself() -> None:
    assert repr(lone_key()) == "UserKey(...)"


async def test_another_process_opens_what_this_one_sealed(tmp_path: Path) -> None:
    first = await open_vault(tmp_path)
    user = uuid4()
    sealed = (await first.new_user_key(user)).seal("goals", "title", ROW, "walk daily")
    second = await open_vault(tmp_path)
    assert (await second.user_key(user)).open_text("goals", "title", ROW, sealed) == "walk daily"
    assert second.lookup("email", "a@b.example") == first.lookup("email", "a@b.example")
    assert second.fingerprint("telegram:1:update:2") == first.fingerprint("telegram:1:update:2")


async def test_lookups_differ_by_value_and_by_purpose(vault: Vault) -> None:
    seen = {vault.lookup(p, v) for p in ("email", "telegram") for v in ("1", "2")}
    assert len(seen) == 4
    assert all(b"canary" not in vault.lookup(p, "canary") for p in ("email", "telegram"))


async def test_fingerprints_are_32_bytes_and_differ(vault: Vault) -> None:
    prints = {vault.fingerprint(str(n)) for n in range(20)}
    assert len(prints) == 20
    assert {len(p) for p in prints} == {32}


async def test_a_person_without_a_key_is_told_apart_from_an_erased_one(vault: Vault) -> None:
    user = uuid4()
    with pytest.raises(KeyMissingError):
        await vault.user_key(user)
    await vault.new_user_key(user)
    assert await vault.erase_user_key(user)
    with pytest.raises(KeyErasedError):
        await vault.user_key(user)
    assert not await vault.erase_user_key(user)


async def test_another_process_notices_an_erasure_when_its_opened_key_times_out(
    tmp_path: Path,
) -> None:
    now = [0.0]
    store = await KeyStore.open(data_dir=tmp_path, url=None)
    master = find_master_key(None, tmp_path, key_store_in_use=False)
    keys = await DeploymentKeys.opened(store, master.aead)
    eraser = Vault(store, keys)
    other = Vault(store, keys, clock=lambda: now[0])
    user = uuid4()
    await eraser.new_user_key(user)
    await other.user_key(user)
    await eraser.erase_user_key(user)
    await other.user_key(user)
    now[0] = OPEN_SECONDS + 1
    with pytest.raises(KeyErasedError):
        await other.user_key(user)
    await store.close()


async def test_the_first_run_makes_a_master_key_only_its_owner_can_read(tmp_path: Path) -> None:
    await (await open_vault(tmp_path)).close()
    path = tmp_path / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    await (await open_vault(tmp_path)).close()
    assert path.read_text() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["keys.sqlite", "master.key"]


async def test_a_master_key_may_be_given_as_json_or_in_base64(tmp_path: Path) -> None:
    key = keyset()
    first = await open_vault(tmp_path, key)
    second = await open_vault(tmp_path, base64.b64encode(key.encode()).decode())
    assert first.lookup("email", "x") == second.lookup("email", "x")
    assert not (tmp_path / "master.key").exists()


async def test_another_master_key_is_refused_in_one_sentence(tmp_path: Path) -> None:
    await (await open_vault(tmp_path, keyset())).close()
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(tmp_path, keyset())


async def test_a_lost_master_key_file_is_not_replaced(tmp_path: Path) -> None:
    await (await open_vault(tmp_path)).close()
    (tmp_path / "master.key").unlink()
    with pytest.raises(StorageConfigurationError, match=r"master\.key is gone"):
        await open_vault(tmp_path)
    assert not (tmp_path / "master.key").exists()


@pytest.mark.parametrize("configured", ["not a key", "{}", '{"primaryKeyId": 1}', "AAAA", ""])
async def test_what_is_not_a_keyset_is_refused_without_quoting_it(
    tmp_path: Path, configured: str
) -> None:
    with pytest.raises(StorageConfigurationError, match="not a Tink keyset") as caught:
        await open_vault(tmp_path, configured)
    assert not configured or configured not in str(caught.value)


async def test_an_unknown_kms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageConfigurationError, match="unknown kind of KMS"):
        await open_vault(tmp_path, "azure-kv://somewhere/key")


async def test_a_kms_names_the_package_it_needs(tmp_path: Path) -> None:
    with pytest.raises(StorageConfigurationError, match=r"pip install 'tink\[awskms\]'"):
        await open_vault(tmp_path, "aws-kms://arn:aws:kms:eu-west-1:1:key/2")
