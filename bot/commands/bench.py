"""`evenkeel bench`: measures what the documents claim, so that anyone can check."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "bench",
        help="measure how fast this installation is",
        description="Measure this installation. `turns` runs whole turns, from a message to its "
        "reply, on a database of its own, and prints what each stage took.",
    )
    parser.add_argument("what", choices=["turns"])
    parser.add_argument("--turns", type=int, default=300, help="how many turns to measure")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    import asyncio
    import json

    from bot.bench.report import as_json, as_table
    from bot.bench.turns import measure_turns
    from bot.errors import ConfigurationError

    if args.turns < 10:
        raise ConfigurationError("--turns must be at least 10 for a median to mean anything.")
    figures = asyncio.run(measure_turns(args.turns))
    print(json.dumps(as_json(figures)))  # noqa: T201
    if not args.json:
        print(as_table(figures))  # noqa: T201
    return 0
