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
        description="Check the settings, the database, the keys, the catalogue, the screener and "
        "the audit log. Prints one line a check; exit code 1 when one of them fails.",
    )
    parser.add_argument(
        "--whole-audit",
        action="store_true",
        help="verify everybody's audit log (otherwise the system's and those of at most a "
        "thousand people, drawn by lot)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_examine(read_settings(), whole_audit=args.whole_audit))


async def _examine(settings: Settings, *, whole_audit: bool) -> int:
    from bot.checkup import checks

    healthy = True
    async for check in checks(settings, whole_audit=whole_audit):
        healthy = healthy and check.ok
        print(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.finding}")  # noqa: T201
    return 0 if healthy else 1
