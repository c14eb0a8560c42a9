"""`evenkeel restore`: the embedded database as it was at a moment."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.restoring import Restored
    from storage.restore.plan import Plan
    from storage.restore.settle import Settled

LATEST = "latest"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "restore",
        help="bring the embedded database back as it was at a moment",
        description="Restore the embedded database from the backups in EVENKEEL_BACKUP_DIR. "
        "Replies that were under way then are not sent, people erased since are erased again, and "
        "the present data is kept beside. Stop every worker first.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--to",
        metavar="TIME",
        help="a time with its zone, such as 2026-03-01T12:00:00Z, or `latest`",
    )
    what.add_argument(
        "--settle",
        action="store_true",
        help="only what comes after a restore, on the server in DATABASE_URL, as its administrator",
    )
    parser.add_argument("--from", dest="folder", type=Path, help="another backup folder")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    settings = read_settings()
    if args.settle:
        return _settle(settings, yes=args.yes)
    return _restore(settings, args.to, args.folder, yes=args.yes)


def _restore(settings: Settings, to: str, folder: Path | None, *, yes: bool) -> int:
    from bot.backups import backup_folder
    from bot.errors import ConfigurationError
    from bot.restoring import restore

    if settings.database_url:
        raise ConfigurationError(
            "DATABASE_URL names a server of your own. Restore it by its own means (see "
            "deploy/pgbackrest), then run `evenkeel restore --settle` before any worker starts."
        )
    source = folder.resolve() if folder else backup_folder(settings)
    restored = restore(settings, source, _moment(to), lambda plan: yes or _agreed(_ahead(plan)))
    if restored is None:
        print("Nothing was changed.")  # noqa: T201
        return 1
    _tell(restored)
    return 0


def _settle(settings: Settings, *, yes: bool) -> int:
    from bot.errors import ConfigurationError
    from bot.restoring import settle_server

    if not settings.database_url:
        raise ConfigurationError(
            "`evenkeel restore --settle` is for a server in DATABASE_URL; the embedded database is "
            "settled by its own restore."
        )
    if not (yes or _agreed("Everything that waits to be sent or answered will be set aside.")):
        print("Nothing was changed.")  # noqa: T201
        return 1
    _tell_settled(settle_server(settings, settings.database_url))
    return 0


def _moment(text: str) -> datetime | None:
    from bot.errors import ConfigurationError

    if text == LATEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConfigurationError(
            f"{text!r} is not a time with its zone. Write it as 2026-03-01T12:00:00Z, or `latest`."
        )
    return moment


def _agreed(question: str) -> bool:
    from bot.errors import ConfigurationError

    if not sys.stdin.isatty():
        raise ConfigurationError("There is nobody to ask here: add --yes to go ahead.")
    print(question)  # noqa: T201
    try:
        return input("Go on? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D
        print()  # noqa: T201
        return False


def _ahead(plan: Plan) -> str:
    return (
        f"The database will be as it was at {_moment_of(plan)}. {_lost(plan)} The present data is "
        "kept beside."
    )


def _moment_of(plan: Plan) -> str:
    return (plan.target or plan.newest).isoformat() + ("" if plan.target else ", the newest state")


def _lost(plan: Plan) -> str:
    if plan.target is None or plan.target >= plan.newest:
        return "No change that was kept is lost."
    return f"Changes from {plan.target.isoformat()} to {plan.newest.isoformat()} are lost."


def _tell(restored: Restored) -> None:
    plan = restored.plan
    lines = [f"Restored to {_moment_of(plan)}, from the backup {plan.base.name}.", _lost(plan)]
    if restored.unsealed:
        lines.append(
            f"The last changes of the data of before could not be saved: {restored.unsealed}"
        )
    print("\n".join(lines))  # noqa: T201
    _tell_settled(restored.settled)
    if restored.kept:
        print(f"The data of before is kept; when you are sure: rm -r '{restored.kept}'")  # noqa: T201
    print("Make a new backup now: evenkeel backup")  # noqa: T201


def _tell_settled(settled: Settled) -> None:
    parked, ended, told = settled.parked, settled.ended, settled.told_again
    print(  # noqa: T201
        f"Replies that will not be sent: {parked.rows}, of {parked.people} people.\n"
        f"Messages that will not be answered again: {ended.rows}, of {ended.people} people.\n"
        f"Open crisis flags that counselors are told of again: {told.rows}.\n"
        f"People and keys erased again: {settled.erased_again}."
    )
