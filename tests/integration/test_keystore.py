"""The key store on a PostgreSQL of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from psycopg import conninfo

from storage.encryption import Vault
from storage.errors import (
    KeyErasedError,
    StorageConfigurationError,
    StorageUnavailableError,
)
from storage.keys.store import KeyStore
from tests.databases import Cluster


@pytest.fixture
def store_url(cluster: Cluster) -> Iterator[str]:
    """An empty database beside the people's, as an operator would give it."""
    with cluster.empty_database() as name:
        yield as_url(cluster.admin_url(name))


def as_url(dsn: str) -> str:
    parts = {k: quote(str(v), safe="") for k, v in conninfo.conninfo_to_dict(dsn).items()}
    name = parts.pop("dbname")
    return f"postgresql:///{name}?" + "&".join(f"{key}={value}" for key, value in parts.items())


@pytest.fixture
async def vaults(store_url: str, tmp_path: Path) -> AsyncIterator[list[Vault]]:
    """Four workers that start at once on an empty store."""
    opening = [
        Vault.open(master_key=None, data_dir=tmp_path, key_store_url=store_url) for _ in range(4)
    ]
    async with AsyncExitStack() as stack:
        opened = await asyncio.gather(*opening)
        for vault in opened:
            stack.push_async_callback(vault.close)
        yield opened


async def test_workers_that_start_at_once_share_one_set_of_keys(vaults: list[Vault]) -> None:
    assert len({vault.lookup("email", "a@b.example") for vault in vaults}) == 1
    assert len({vault.fingerprint("telegram:1") for vault in vaults}) == 1


async def test_a_key_made_by_one_worker_opens_for_another(vaults: list[Vault]) -> None:
    user, row = uuid4(), uuid4()
    sealed = (await vaults[0].new_user_key(user)).seal("goals", "title", row, "walk")
    assert (await vaults[1].user_key(user)).open_text("goals", "title", row, sealed) == "walk"
    await vaults[0].erase_user_key(user)
    with pytest.raises(KeyErasedError):
        await vaults[2].user_key(user)


async def test_no_file_is_made_when_a_server_keeps_the_keys(
    vaults: list[Vault], tmp_path: Path
) -> None:
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


async def test_another_master_key_is_refused(
    vaults: list[Vault], store_url: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "other-machine"
    await Vault.open(master_key=None, data_dir=elsewhere, key_store_url=None)
    stranger = (elsewhere / "master.key").read_text()
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await Vault.open(master_key=stranger, data_dir=tmp_path, key_store_url=store_url)


async def test_a_store_that_is_down_is_reported_without_its_address(tmp_path: Path) -> None:
    url = "postgresql://canary:secret@127.0.0.1:1/keys"
    with pytest.raises(StorageUnavailableError, match="key store") as caught:
        await KeyStore.open(data_dir=tmp_path, url=url)
    assert "secret" not in str(caught.value)
