"""`evenkeel doctor`: looks at the installation and says what is not as it should be."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="check the settings, the database, the keys and the screener",
        description="Check the settings, the database, the keys, the catalogue and the screener. "
        "Prints one line a check; exit code 1 when one of them fails.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_examine(read_settings()))


async def _examine(settings: Settings) -> int:
    from bot.checkup import checks

    healthy = True
    async for check in checks(settings):
        healthy = healthy and check.ok
        print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.finding}")  # noqa: T201
    return 0 if healthy else 1
