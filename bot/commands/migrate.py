"""`evenkeel migrate`: brings the database's schema up to date."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "migrate",
        help="create the database's schema or bring it up to date",
        description="Create the schema, roles and partitions in DATABASE_URL, or in the embedded "
        "database, or bring them up to date. Run it as a login that may create roles.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings
    from bot.server import bring_up_to_date, start_embedded

    settings = read_settings()
    if settings.database_url:
        bring_up_to_date(settings.database_url, settings.evenkeel_hash_partitions)
    else:
        start_embedded(settings).close()
    print("The schema is up to date.")  # noqa: T201
    return 0
