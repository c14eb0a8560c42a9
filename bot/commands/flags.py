"""`evenkeel flags`: the crisis flags that wait for a human. No text, no names.

`evenkeel flags misread`: masked messages whose writers let them teach the screener.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.misread import Candidate


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "flags",
        help="list the crisis flags that wait for a human",
        description="List open crisis flags: alias, what about, priority, age. The alias stands "
        "for a person; nothing they wrote is shown. `misread` lists messages that people say were "
        "misread and let you read, masked, so that the screener can learn from them; the audit "
        "log of each person notes that they were read.",
    )
    parser.add_argument(
        "which", nargs="?", choices=("open", "misread"), default="open", help="default: open"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    listing = _misread if args.which == "misread" else _list
    asyncio.run(listing(read_settings(), as_json=args.json))
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


async def _misread(settings: Settings, *, as_json: bool) -> None:
    from contextlib import AsyncExitStack

    from bot.config import reveal
    from bot.server import open_database
    from storage.encryption import Vault
    from storage.misread import Misread

    some = False
    async with AsyncExitStack() as stack:
        database = await open_database(settings, stack)
        vault = await Vault.open(
            master_key=reveal(settings.evenkeel_master_key),
            data_dir=settings.evenkeel_data_dir,
            key_store_url=settings.evenkeel_key_store,
            database=database,
        )
        stack.push_async_callback(vault.close)
        async for candidate in Misread(database, vault).candidates():
            some = True
            print(_corpus_line(candidate) if as_json else _plain_line(candidate))  # noqa: T201
    if not some and not as_json:
        print("Nobody lets a misread message teach the screener.")  # noqa: T201


def _corpus_line(candidate: Candidate) -> str:
    """The fields of the crisis corpus that are known, which `evenkeel screen` reads too. Labels
    are for two readers to give: what screening said is beside them, not in their place."""
    risk = candidate.risk
    return json.dumps(
        {
            "id": candidate.id,
            "theme": candidate.alias,
            "lang": candidate.language,
            "context": candidate.earlier,
            "text": candidate.text,
            "screened": {
                "severity": risk.severity.label,
                "domain": risk.domain.value,
                "score": risk.score,
                "reasons": risk.reasons,
            },
        }
    )


def _plain_line(candidate: Candidate) -> str:
    """On a terminal, where what somebody wrote must not move the cursor."""
    risk = candidate.risk
    text = "".join(each if each.isprintable() else " " for each in candidate.text)
    return "  ".join((candidate.alias, risk.domain.value, risk.severity.label, text))
