"""`evenkeel export USER`: everything about a person, as one zip file."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AsyncExitStack
    from uuid import UUID

    from bot.config import Settings
    from bot.export.archive import Archived
    from storage.encryption import Vault
    from storage.engine import Database
    from storage.exporting.exports import Exports

STANDARD_OUTPUT = "-"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "export",
        help="write everything about a person into a zip file",
        description="Write everything about a person into one zip file, opened and readable: "
        "JSON, CSV and a page for reading. The file holds it in the clear; it is made for its "
        "owner only (mode 0600), and the audit log keeps that it was made.",
    )
    parser.add_argument(
        "user",
        metavar="USER",
        help="a user id, or telegram:12345, slack:TEAM:USER, console:NAME",
    )
    parser.add_argument(
        "--to",
        metavar="FILE",
        default=None,
        help="where to write it, - for standard output (default: evenkeel-export-ID.zip here)",
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it is there")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    asyncio.run(_export(read_settings(), args.user, args.to, force=args.force))
    return 0


async def _export(settings: Settings, named: str, to: str | None, *, force: bool) -> None:
    from contextlib import AsyncExitStack

    from storage.exporting.exports import Exports
    from storage.people import find_user

    _check_output(to)
    async with AsyncExitStack() as stack:
        database, vault = await _opened(settings, stack)
        user_id = await find_user(database, vault, named, telegram_bot=_telegram_bot(settings))
        exports = Exports(database, vault)
        if to == STANDARD_OUTPUT:
            _tell(user_id, await _to_standard_output(exports, user_id), "standard output")
            return
        path = _path(to, user_id)
        _tell(user_id, await _to_file(exports, user_id, path, force=force), str(path))


def _path(to: str | None, user_id: UUID) -> Path:
    return Path(to or f"evenkeel-export-{user_id}.zip").absolute()


def _check_output(to: str | None) -> None:
    from bot.errors import ConfigurationError

    if to == STANDARD_OUTPUT and sys.stdout.isatty():
        raise ConfigurationError("A zip file is nothing for a terminal: send it somewhere with >.")


async def _opened(settings: Settings, stack: AsyncExitStack) -> tuple[Database, Vault]:
    from bot.config import reveal
    from bot.server import open_database
    from storage.encryption import Vault

    database = await open_database(settings, stack)
    vault = await Vault.open(
        master_key=reveal(settings.evenkeel_master_key),
        data_dir=settings.evenkeel_data_dir,
        key_store_url=settings.evenkeel_key_store,
    )
    stack.push_async_callback(vault.close)
    return database, vault


def _telegram_bot(settings: Settings) -> str:
    """A bot's id is what its token begins with."""
    from bot.config import reveal

    return (reveal(settings.telegram_bot_token) or "").partition(":")[0]


async def _to_file(exports: Exports, user_id: UUID, path: Path, *, force: bool) -> Archived:
    from bot.export.new_file import NewFile

    with NewFile(path, replace=force) as file:
        archived = await _written(exports, user_id, file.out)
        file.keep()
    return archived


async def _to_standard_output(exports: Exports, user_id: UUID) -> Archived:
    """All of it at the end, so that whoever reads does not take a part for the whole."""
    whole = io.BytesIO()
    archived = await _written(exports, user_id, whole)
    sys.stdout.buffer.write(whole.getbuffer())
    sys.stdout.buffer.flush()
    return archived


async def _written(exports: Exports, user_id: UUID, out: IO[bytes]) -> Archived:
    from bot.export.archive import write_archive
    from prompts.catalog import Catalog

    async with exports.of(user_id) as export:
        archived = await write_archive(export, out, Catalog.load())
    await exports.record(user_id, archived.counts)  # before anybody has it
    return archived


def _tell(user_id: UUID, archived: Archived, to: str) -> None:
    """On standard error, since standard output may be the file."""
    rows = sum(archived.counts.values())
    print(f"Everything about {user_id}, {rows} rows, is in {to}.", file=sys.stderr)  # noqa: T201
    if archived.lost:
        tables = ", ".join(archived.unreadable)
        print(  # noqa: T201
            f"{archived.lost} rows could not be read in full and are marked (in {tables}). Run "
            "`evenkeel doctor`.",
            file=sys.stderr,
        )
