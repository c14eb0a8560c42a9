"""Finds the database: the one in DATABASE_URL, or our own embedded PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.config import Settings
from bot.instruments.instrument import load_instruments
from bot.instruments.seeding import seeds
from storage.catalogue import seed
from storage.embedded.server import EmbeddedServer
from storage.engine import Database
from storage.migrate import check_schema, migrate


async def open_database(settings: Settings, stack: AsyncExitStack) -> Database:
    """Open the database for a worker. The embedded server is started and brought up to date; a
    server of the operator's own must have been migrated with `evenkeel migrate`."""
    if settings.database_url:
        await asyncio.to_thread(check_schema, settings.database_url)
        url = settings.database_url
    else:
        server = await asyncio.to_thread(start_embedded, settings)
        stack.callback(server.close)
        url = server.app_url
    database = await Database.open(url)
    stack.push_async_callback(database.close)
    return database


def start_embedded(settings: Settings) -> EmbeddedServer:
    """Start the embedded server, or join one that another worker started, and migrate it."""
    keep_changes = settings.evenkeel_backup_dir is not None
    server = EmbeddedServer.start(settings.evenkeel_data_dir, keep_changes=keep_changes)
    try:
        bring_up_to_date(server.admin_url, settings.evenkeel_hash_partitions)
    except BaseException:
        server.close()
        raise
    return server


def bring_up_to_date(
    admin_url: str,
    hash_partitions: int,
    *,
    citus: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """Create or migrate the schema and seed the catalogue of instruments. `tell` is given a
    sentence when that has to wait for people's turns."""
    migrate(admin_url, hash_partitions=hash_partitions, citus=citus, tell=tell)
    seed(admin_url, seeds(load_instruments()))
