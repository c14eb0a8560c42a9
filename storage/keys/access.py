"""Opens the key store and its master key for those who tend the keys, not for workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.encryption import Vault
from storage.errors import StorageConfigurationError
from storage.keys.deployment import DeploymentKeys
from storage.keys.master import MasterKey, find_master_key
from storage.keys.store import FILE, KeyStore


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyPlace:
    """Where the keys are: the settings that `Vault.open` takes."""

    master_key: str | None
    data_dir: Path
    key_store_url: str | None

    @asynccontextmanager
    async def store(self) -> AsyncIterator[KeyStore]:
        store = await KeyStore.open(data_dir=self.data_dir, url=self.key_store_url)
        try:
            yield store
        finally:
            await store.close()

    @asynccontextmanager
    async def store_in_use(self) -> AsyncIterator[KeyStore]:
        """Raises StorageConfigurationError where no key was made yet, and makes nothing."""
        if self.key_store_url is None and not (self.data_dir / FILE).exists():
            raise _no_keys(self.data_dir)
        async with self.store() as store:
            if not await store.deployment_keys():
                raise _no_keys(self.data_dir)
            yield store

    async def master(self) -> MasterKey:
        """The master key in use. Whether it opens the store shows when it is used."""
        return await asyncio.to_thread(
            find_master_key, self.master_key, self.data_dir, key_store_in_use=True
        )


async def vault_over(store: KeyStore, master: MasterKey) -> Vault:
    """Raises StorageConfigurationError when the master key does not open the store."""
    return Vault(store, await DeploymentKeys.opened(store, master.aead))


def _no_keys(data_dir: Path) -> StorageConfigurationError:
    return StorageConfigurationError(
        f"There are no keys in {data_dir} yet; the first `evenkeel chat` or `evenkeel serve` makes "
        "them. Should there be some, check EVENKEEL_DATA_DIR and EVENKEEL_KEY_STORE, or bring a "
        "copy in with `evenkeel keys restore FILE`."
    )
