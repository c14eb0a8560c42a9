"""`evenkeel erase USER`: deletes everything about a person and destroys their key."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from bot.config import Settings
    from storage.erasing.erasure import Erasure, Receipt


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "erase",
        help="delete everything about a person and destroy their key",
        description="Delete everything about a person and destroy their key, for good, and print "
        "the receipt. Of somebody who was erased already, print the receipt again.",
    )
    parser.add_argument(
        "user", metavar="USER", help="a user id, telegram:12345, slack:TEAM:USER or console:NAME"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--json", action="store_true", help="print the receipt as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_erase(read_settings(), args))


async def _erase(settings: Settings, args: argparse.Namespace) -> int:
    from contextlib import AsyncExitStack

    from bot.config import reveal
    from bot.server import open_database
    from storage.encryption import Vault
    from storage.erasing.erasure import Erasure
    from storage.people import find_user

    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack)
        vault = await Vault.open(
            master_key=reveal(settings.evenkeel_master_key),
            data_dir=settings.evenkeel_data_dir,
            key_store_url=settings.evenkeel_key_store,
            database=database,  # a key in another store would not be destroyed
        )
        stack.push_async_callback(vault.close)
        bot = (reveal(settings.telegram_bot_token) or "").partition(":")[0]
        user_id = await find_user(database, vault, args.user, telegram_bot=bot)
        receipt = await _erased(Erasure(database, vault), user_id, sure=args.yes)
    if receipt is None:
        print("Nothing was deleted.", file=sys.stderr)  # noqa: T201
        return 1
    print(_json(receipt) if args.json else _words(receipt))  # noqa: T201
    return 0


async def _erased(erasure: Erasure, user_id: UUID, *, sure: bool) -> Receipt | None:
    """None when whoever was asked did not say yes."""
    known = await erasure.receipt(user_id)
    if known is not None:
        return known
    if not sure and not _confirmed(user_id):
        return None
    await erasure.request(user_id, "operator", None)
    return await erasure.erase(user_id)


def _confirmed(user_id: UUID) -> bool:
    from bot.errors import ConfigurationError

    if not sys.stdin.isatty():
        raise ConfigurationError(
            "Erasing cannot be undone, so it is asked for on a terminal; elsewhere add --yes."
        )
    print(f"Delete everything about {user_id} and destroy their key, for good?", file=sys.stderr)  # noqa: T201
    try:
        return input("Type yes to go on: ").strip().casefold() == "yes"
    except EOFError:  # Ctrl-D
        return False


def _json(receipt: Receipt) -> str:
    import dataclasses
    import json

    from storage.erasing.erasure import STAYS

    return json.dumps({**dataclasses.asdict(receipt), "stays": dict(STAYS)}, default=str)


def _words(receipt: Receipt) -> str:
    from storage.erasing.erasure import STAYS

    deleted = [f"  {table}: {rows}" for table, rows in receipt.deleted.items() if rows]
    stays = [f"  {table}: {why}" for table, why in STAYS.items()]
    case = "A crisis flag was open: what counselors need stays as a case until it is closed."
    return "\n".join(
        [
            f"Erased {receipt.user_id} at {receipt.erased_at.isoformat(timespec='seconds')}"
            f" ({receipt.reason}).",
            "Deleted rows:",
            *(deleted or ["  none"]),
            "Key: destroyed. What it sealed cannot be read any more, in no backup either.",
            f"Stays ({receipt.audit_entries} audit entries):",
            *stays,
            *([case] if receipt.case_kept else []),
        ]
    )
