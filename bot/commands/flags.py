"""`evenkeel flags`: the crisis flags that wait for a human. No text, no names."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "flags",
        help="list the crisis flags that wait for a human",
        description="List open crisis flags: alias, what about, priority, age. The alias stands "
        "for a person; nothing they wrote is shown.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    asyncio.run(_list(read_settings(), as_json=args.json))
    return 0


async def _list(settings: Settings, *, as_json: bool) -> None:
    from contextlib import AsyncExitStack

    from bot.server import open_database
    from storage.flags import Flags

    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack)
        rows = await Flags(database).open_flags()
    for row in rows:
        fields = {
            "alias": row.alias,
            "domain": row.flag_type,
            "priority": row.priority,
            "state": row.state,
            "since": row.created_at.isoformat(timespec="seconds"),
        }
        print(json.dumps(fields) if as_json else "  ".join(fields.values()))  # noqa: T201
    if not rows and not as_json:
        print("No crisis flag is open.")  # noqa: T201
