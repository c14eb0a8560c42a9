"""`evenkeel migrate`: brings the database's schema up to date."""

from __future__ import annotations

import argparse
import sys


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="create the database's schema or bring it up to date",
        description="Create the schema, roles and partitions in DATABASE_URL, or in the embedded "
        "database, or bring them up to date. Run it as a login that may create roles. Workers may "
        "go on meanwhile.",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exit code 1 when the schema is not that of this version",
    )
    parser.add_argument(
        "--citus",
        action="store_true",
        help="when the schema is made: place its tables by Citus, for several machines",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings
    from bot.errors import ConfigurationError
    from bot.server import bring_up_to_date, start_embedded

    settings = read_settings()
    if args.check:
        if not settings.database_url:
            raise ConfigurationError(
                "The embedded database is brought up to date at every start; set DATABASE_URL to "
                "check another."
            )
        return _check(settings.database_url)
    if args.citus and not settings.database_url:
        raise ConfigurationError("Citus needs a server of its own: set DATABASE_URL.")
    if settings.database_url:
        bring_up_to_date(
            settings.database_url, settings.evenkeel_hash_partitions, citus=args.citus, tell=_tell
        )
    else:
        start_embedded(settings).close()
    print("The schema is up to date.")  # noqa: T201
    return 0


def _check(url: str) -> int:
    from storage.schema_check import problems

    found = problems(url)
    for problem in found or ["The schema is that of this version."]:
        print(problem)  # noqa: T201
    return 1 if found else 0


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201
