"""`evenkeel chat`: a conversation in this terminal, or with what is piped in."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.warming import Warming


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
    from bot.warming import warming

    async with warming(settings.evenkeel_screen_seconds) as screening:
        return await _talk(settings, screening, person)


async def _talk(settings: Settings, screening: Warming, person: str) -> int:
    import logging

    from bot.adapters.console import COUNSELORS, ConsoleAdapter
    from bot.app import running
    from bot.counselors.alerts import Post
    from bot.ids import new_id
    from bot.logs import configure_logging
    from prompts.catalog import Catalog, Say

    configure_logging(logging.ERROR)  # what passes by itself would only disturb the person
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    words = partial(Catalog.load().render, locale=settings.evenkeel_locale)
    if interactive:
        print(words(Say("console-starting")), file=sys.stderr)  # noqa: T201
    console = ConsoleAdapter(
        sys.stdin,
        sys.stdout,
        sys.stderr,
        interactive=interactive,
        user=person,
        session=str(new_id()),
        words=words,
        opening="/start" if interactive else None,
        locale=settings.evenkeel_locale,
        folder=settings.evenkeel_data_dir / "exports",
    )
    counselors = Post(adapter=console, address=COUNSELORS)
    async with running(settings, screening, [console], [counselors]) as app:
        await console.run(app.turns.receive)
    return console.exit_code
