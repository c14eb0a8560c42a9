"""A master key in Vault's transit engine, over HashiCorp's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from storage.encryption import Vault
from storage.errors import StorageConfigurationError
from storage.keys.access import KeyPlace
from storage.keys.master_rotation import rotate_master
from storage.keys.rotation import rotate_wrapping
from tests.peers.vault_api import VaultPeer, vault_api

ROW = UUID("01900000-0000-7000-8000-000000000001")


@pytest.fixture
async def peer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[VaultPeer]:
    async with vault_api() as peer:
        for name, value in peer.environment.items():
            monkeypatch.setenv(name, value)
        yield peer


async def open_vault(folder: Path, uri: str | None) -> Vault:
    return await Vault.open(master_key=uri, data_dir=folder, key_store_url=None)


async def test_what_was_sealed_opens_after_a_restart_and_a_rotation(
    peer: VaultPeer, tmp_path: Path
) -> None:
    user = uuid4()
    first = await open_vault(tmp_path, peer.uri())
    sealed = (await first.new_user_key(user)).seal("goals", "title", ROW, "walk")
    place = KeyPlace(master_key=peer.uri(), data_dir=tmp_path, key_store_url=None)
    async with place.store() as store:
        rotated = await rotate_wrapping(store, await place.master(), new_keys=True)
    assert rotated.people == 1
    again = await open_vault(tmp_path, peer.uri())
    assert (await again.user_key(user)).open_text("goals", "title", ROW, sealed) == "walk"
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite"]
    for vault in (first, again):
        await vault.close()


async def test_vault_is_asked_at_the_start_and_not_for_each_person(
    peer: VaultPeer, tmp_path: Path
) -> None:
    vault = await open_vault(tmp_path, peer.uri())
    asked = len(peer.asked)
    for _ in range(5):
        await vault.user_key((await vault.new_user_key(uuid4())).user_id)
    assert len(peer.asked) == asked
    await vault.close()


async def test_the_master_key_moves_from_the_file_into_vault(
    peer: VaultPeer, tmp_path: Path
) -> None:
    before = await open_vault(tmp_path, None)
    place = KeyPlace(master_key=None, data_dir=tmp_path, key_store_url=None)
    async with place.store() as store:
        moved = await rotate_master(store, configured=None, data_dir=tmp_path, new=peer.uri())
    assert moved.kind == "Vault"
    after = await open_vault(tmp_path, peer.uri())
    assert after.fingerprint("x") == before.fingerprint("x")
    for vault in (before, after):
        await vault.close()


async def test_another_key_a_refusal_and_a_sealed_vault_are_told_apart(
    peer: VaultPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await open_vault(tmp_path, peer.uri())).close()
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(tmp_path, peer.uri("another"))
    peer.sealed = True
    with pytest.raises(StorageConfigurationError, match="did not answer"):
        await open_vault(tmp_path, peer.uri())
    peer.sealed = False
    with pytest.raises(StorageConfigurationError, match="did not answer"):
        await open_vault(tmp_path, "hcvault://127.0.0.1:9/transit/keys/evenkeel")
    monkeypatch.setenv("VAULT_TOKEN", "hvs.TEST-of-somebody-else")
    with pytest.raises(StorageConfigurationError, match="refused by its service") as caught:
        await open_vault(tmp_path, peer.uri())
    assert "hvs." not in str(caught.value)
    assert peer.netloc not in str(caught.value)


async def test_a_store_of_a_local_key_is_not_mistaken_for_one_of_vault(
    peer: VaultPeer, tmp_path: Path
) -> None:
    await (await open_vault(tmp_path, None)).close()
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(tmp_path, peer.uri())
