"""The stores over a fresh database and a key store of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.encryption import Vault
from storage.engine import Database
from tests.integration.stores import Stores


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[Vault]:
    opened = await Vault.open(master_key=None, data_dir=tmp_path, key_store_url=None)
    yield opened
    await opened.close()


@pytest.fixture
def stores(database: Database, vault: Vault, admin_url: str) -> Stores:
    return Stores.over(database, vault, admin_url)
