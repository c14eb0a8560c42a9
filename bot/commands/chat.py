"""`evenkeel chat`: a conversation in this terminal, or with what is piped in."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "chat",
        help="talk to Evenkeel in this terminal",
        description="Talk to Evenkeel in this terminal. When standard input is not a terminal, "
        "each line is one turn (a choice by its number or label) and each reply is one JSON line.",
    )
    parser.add_argument(
        "--as", dest="person", metavar="NAME", default=None, help="whose conversation to go on with"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_chat(read_settings(), args.person or getpass.getuser()))


async def _chat(settings: Settings, person: str) -> int:
    import logging

    from bot.adapters.console import ConsoleAdapter
    from bot.app import running
    from bot.counselors.alerts import Post
    from bot.logs import configure_logging
    from storage.addresses import Address, Platform

    configure_logging(logging.WARNING)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if interactive:
        print("Starting; the first time takes a few seconds ...", file=sys.stderr)  # noqa: T201
    console = ConsoleAdapter(interactive=interactive, user=person)
    counselors = Post(
        adapter=console, address=Address(platform=Platform.CONSOLE, chat="counselors")
    )
    async with running(settings, [console], [counselors]) as app:
        return await console.run(app.turns.receive)
