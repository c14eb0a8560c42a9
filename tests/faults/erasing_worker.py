"""Erases everybody who asked for it, over and over: run as a process, to be killed."""

import asyncio
import sys
from pathlib import Path

from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import Erasure


async def erase_everybody(url: str, folder: Path) -> None:
    database = await Database.open(url)
    vault = await Vault.open(master_key=None, data_dir=folder, key_store_url=None)
    erasure = Erasure(database, vault)
    print("ready", flush=True)
    sys.stdin.readline()
    for user_id in await erasure.due(100):
        await erasure.erase(user_id)


if __name__ == "__main__":
    asyncio.run(erase_everybody(sys.argv[1], Path(sys.argv[2])))
