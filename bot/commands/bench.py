"""`evenkeel bench`: measures what the documents claim, so that anyone can check."""

from __future__ import annotations

import argparse


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "bench",
        help="measure how fast and how well this installation works",
        description="Measure this installation, on databases made for it and removed again. "
        "`turns` runs whole turns, from a message to its reply, and prints what each stage took. "
        "`storage` runs the statements of a turn against pgbench running the same, and says what "
        "row security, partitions, sealing and a large database cost. `screening` judges messages "
        "that nothing was trained on, beside a list of keywords and stock Presidio; exit code 1 "
        "when it judges worse than the figures that are recorded.",
    )
    parser.add_argument("what", choices=["turns", "storage", "screening"])
    parser.add_argument("--turns", type=int, default=300, help="turns: how many to measure")
    parser.add_argument("--rounds", type=int, help="storage: how often to repeat what is compared")
    parser.add_argument(
        "--full",
        action="store_true",
        help="storage: more rounds, and one million messages of 10,000 people instead of 100,000 "
        "of 1,000: about ten minutes instead of two",
    )
    parser.add_argument(
        "--record", action="store_true", help="screening: record these figures for the next time"
    )
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    match args.what:
        case "storage":
            return _storage(args)
        case "screening":
            return _screening(args)
    return _turns(args)


def _screening(args: argparse.Namespace) -> int:
    import json
    import sys

    from bot.bench.scores import read_recorded, record, worse_than_recorded
    from bot.bench.screening import RECORDED, measure_screening
    from bot.bench.screening_report import as_json, as_text

    recorded = read_recorded(RECORDED)
    report = measure_screening(lambda doing: print(doing, file=sys.stderr))  # noqa: T201
    if args.record:
        record(RECORDED, report.scores)
    text = json.dumps(as_json(report, recorded)) if args.json else as_text(report, recorded)
    print(text)  # noqa: T201
    return 1 if worse_than_recorded(report.scores, recorded) else 0


def _turns(args: argparse.Namespace) -> int:
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


def _storage(args: argparse.Namespace) -> int:
    import json
    import signal
    import sys
    from dataclasses import replace

    from bot.bench.figures import as_json, as_table
    from bot.bench.plan import FULL, Plan
    from bot.bench.storage import measure_storage
    from bot.config import read_settings
    from bot.errors import ConfigurationError

    plan = FULL if args.full else Plan()
    if args.rounds is not None:
        if args.rounds < 1:
            raise ConfigurationError("--rounds must be at least 1.")
        plan = replace(plan, rounds=args.rounds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing behind then either
    figures = measure_storage(
        read_settings().database_url,
        plan,
        lambda doing: print(doing, file=sys.stderr),  # noqa: T201
    )
    print(json.dumps(as_json(figures)) if args.json else as_table(figures))  # noqa: T201
    return 0
