"""The `evenkeel` command: finds the subcommand and turns errors into one line and an exit code.

Subcommands live in `bot/commands`, one module each, and import what they need when they run, so
that `evenkeel --help` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

COMMANDS = (
    "chat",
    "serve",
    "migrate",
    "screen",
    "score",
    "instruments",
    "flags",
    "export",
    "erase",
    "keys",
    "backup",
    "restore",
    "bench",
    "doctor",
)
CONFIGURATION = 2
INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evenkeel",
        description="A conversational mental-health worker for Telegram, Slack and the terminal.",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(f"bot.commands.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as exc:
        if not _is_ours(exc):
            raise
        print(f"evenkeel: {exc}", file=sys.stderr)  # noqa: T201
        return CONFIGURATION if _is_configuration(exc) else 1


def _is_ours(exc: Exception) -> bool:
    """Our error families hold sentences for an operator; anything else is a bug and is shown."""
    families = {"BotError", "StorageError", "SafetyError", "PromptsError"}
    return any(cls.__name__ in families for cls in type(exc).__mro__)


def _is_configuration(exc: Exception) -> bool:
    return any(cls.__name__.endswith("ConfigurationError") for cls in type(exc).__mro__)


if __name__ == "__main__":
    sys.exit(main())
