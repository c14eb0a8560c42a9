"""`evenkeel keys`: what keys there are, rotating them, a copy of them and the way back."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Settings
    from storage.encryption import Vault
    from storage.engine import Database
    from storage.keys.access import KeyPlace
    from storage.keys.status import KeyStatus


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "keys",
        help="show, rotate, copy and restore the keys that open what people wrote",
        description="What people wrote is sealed with a key of their own, which the key store "
        "holds, wrapped. Nothing here prints a key.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    status = actions.add_parser("status", help="which keys there are, and how old they are")
    status.add_argument("--json", action="store_true", help="one JSON object")
    status.set_defaults(run=run_status)
    _add_rotate(actions)
    copy = actions.add_parser(
        "copy", help="write a copy of the key store, which opens nothing without the master key"
    )
    copy.add_argument("file", type=Path, metavar="FILE", help="where; must not exist")
    copy.set_defaults(run=run_copy)
    restore = actions.add_parser(
        "restore", help="bring a copy back; whoever was erased on either side stays erased"
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file that `copy` wrote")
    restore.set_defaults(run=run_restore)


def _add_rotate(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rotate = actions.add_parser(
        "rotate",
        help="replace keys while workers run, without rewriting a row",
        description="Replace the key that wraps people's keys, and wrap every one anew. Workers go "
        "on; what is sealed already still opens. A run that was cut short is finished by the next. "
        "Keys of lookups and fingerprints are never replaced: rows are found by what they made.",
    )
    which = rotate.add_mutually_exclusive_group()
    which.add_argument(
        "--people", action="store_true", help="also give every person a new key for what comes"
    )
    which.add_argument(
        "--master",
        metavar="NEW",
        help="put the deployment's keys under another master key instead: the address of a key in "
        "a KMS, `file` for a new one in master.key, or `-` to read a Tink keyset from standard "
        "input",
    )
    rotate.set_defaults(run=run_rotate)


def run_status(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    asyncio.run(_status(read_settings(), as_json=args.json))
    return 0


def run_rotate(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    settings = read_settings()
    if args.master is not None:
        return asyncio.run(_rotate_master(settings, _new_master(args.master)))
    return asyncio.run(_rotate(settings, people=args.people))


def run_copy(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_copy(read_settings(), args.file))


def run_restore(args: argparse.Namespace) -> int:
    from bot.config import read_settings

    return asyncio.run(_restore(read_settings(), args.file))


async def _status(settings: Settings, *, as_json: bool) -> None:
    import json

    from storage.keys.access import vault_over
    from storage.keys.status import key_status

    place = _place(settings)
    async with place.store_in_use() as store:
        master = await place.master()
        await vault_over(store, master)
        status = await key_status(store)
    if as_json:
        _say(json.dumps(_as_json(master.kind, status)))
        return
    for line in _as_lines(master.kind, status):
        _say(line)


def _as_json(master: str, status: KeyStatus) -> dict[str, object]:
    return {
        "master": master,
        "deployment": [
            {"name": key.name, "id": key.id, "older": key.older, "made_at": _date(key.made_at)}
            for key in status.deployment
        ],
        "people": status.people,
        "oldest": _date(status.oldest),
        "newest": _date(status.newest),
        "erased": status.erased,
        "unfinished": status.unfinished,
    }


def _as_lines(master: str, status: KeyStatus) -> Iterator[str]:
    yield f"master key     {master}; it opens the key store"
    for key in status.deployment:
        older = f", and {key.older} older" if key.older else ""
        yield f"{key.name:<14} key {key.id}, made {_date(key.made_at)}{older}"
    made = f", made {_date(status.oldest)} to {_date(status.newest)}" if status.people else ""
    yield f"people         {status.people} keys{made}"
    yield f"erased         {status.erased} tombstones"
    if status.unfinished:
        yield "A rotation was cut short: run `evenkeel keys rotate` to finish it."


def _date(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None


async def _rotate(settings: Settings, *, people: bool) -> int:
    from contextlib import AsyncExitStack

    from bot.server import open_database
    from storage.keys.access import vault_over
    from storage.keys.rotation import rotate_wrapping

    place = _place(settings)
    async with place.store_in_use() as store, AsyncExitStack() as stack:
        database = await open_database(settings, stack)
        master = await place.master()
        rotated = await rotate_wrapping(store, master, new_keys=people)
        counts = {"people": rotated.people, "unopened": rotated.unopened, "new_keys": people}
        await _note(database, await vault_over(store, master), "rotated", counts)
    if rotated.resumed:
        _say("An earlier rotation had been cut short; it was finished first.")
    more = ", and each has a new one for what comes" if people else ""
    _say(f"The keys of {rotated.people} people are wrapped with a new key{more}.")
    if rotated.unopened:
        _warn(
            f"{rotated.unopened} people's keys do not open and were left as they are. Bring them "
            "back from a copy with `evenkeel keys restore FILE`, then rotate again."
        )
    return 1 if rotated.unopened else 0


async def _rotate_master(settings: Settings, new: str) -> int:
    from contextlib import AsyncExitStack

    from bot.backups import rewrap_backups
    from bot.server import open_database
    from storage.keys.access import vault_over
    from storage.keys.master_rotation import rotate_master

    place = _place(settings)
    async with place.store_in_use() as store, AsyncExitStack() as stack:
        database = await open_database(settings, stack)
        old = await place.master()
        rewrap_backups(settings, old, old)  # a folder that is not there is told before anything
        master = await rotate_master(
            store, configured=place.master_key, data_dir=place.data_dir, new=new
        )
        rewrap_backups(settings, old, master)
        await _note(database, await vault_over(store, master), "rotated", {"master": True})
    _say(f"The key store is under a new master key: {master.kind}.")
    if new != "file":
        _say("Set EVENKEEL_MASTER_KEY to it for every worker before it starts again.")
    elif place.master_key is not None:
        _say("Unset EVENKEEL_MASTER_KEY for every worker before it starts again.")
    _say("Make a new copy with `evenkeel keys copy`: older ones need the older master key.")
    return 0


def _new_master(named: str) -> str:
    """What `--master` names. A keyset on the command line would be in the list of processes."""
    from bot.errors import ConfigurationError

    if named == "-":
        return sys.stdin.read()
    if named == "file" or "://" in named.split("{", 1)[0]:
        return named
    raise ConfigurationError(
        "--master takes the address of a key in a KMS, `file`, or `-` with a Tink keyset on "
        "standard input; on the command line everybody on this machine could read it."
    )


async def _copy(settings: Settings, path: Path) -> int:
    from storage.keys.access import vault_over
    from storage.keys.copies import copy_keys

    place = _place(settings)
    async with place.store_in_use() as store:
        vault = await vault_over(store, await place.master())
        copied = await copy_keys(store, path)
        _say(f"Wrote {path}: {copied.people} people's keys, {copied.erased} tombstones.")
        async with _database_if_there(settings) as database:
            if database is not None:
                counts = {"people": copied.people, "tombstones": copied.erased}
                await _note(database, vault, "copied", counts)
    return 0


async def _restore(settings: Settings, path: Path) -> int:
    from storage.erasing.erasure import replay
    from storage.keys.access import vault_over
    from storage.keys.copies import read_copy
    from storage.keys.restore import restore_keys

    place = _place(settings)
    copy = await asyncio.to_thread(read_copy, path)
    async with place.store() as store:
        master = await place.master()
        restored = await restore_keys(store, master, copy)
        master.settle()
        _say(
            f"Brought back {restored.added} people's keys and completed {restored.completed}; "
            f"{restored.erased} were erased and stay so."
        )
        async with _database_if_there(settings) as database:
            if database is None:
                _warn(
                    "There is no database to ask who was erased since. Run this again once it is "
                    "there, before any worker starts."
                )
                return 1
            vault = await vault_over(store, master)
            again = await replay(database, vault)
            counts = dataclasses.asdict(restored) | {"erased_again": again}
            await _note(database, vault, "restored", counts)
    if restored.unopened:
        _warn(f"{restored.unopened} keys of the copy do not open and were left out.")
    return 1 if restored.unopened else 0


@asynccontextmanager
async def _database_if_there(settings: Settings) -> AsyncIterator[Database | None]:
    """None where none was made yet: keys may come back before the database does."""
    from contextlib import AsyncExitStack

    from bot.server import open_database

    embedded = settings.evenkeel_data_dir / "postgres" / "data"
    async with AsyncExitStack() as stack:
        there = settings.database_url or embedded.exists()
        yield await open_database(settings, stack) if there else None


async def _note(
    database: Database, vault: Vault, action: str, counts: Mapping[str, object]
) -> None:
    from storage.audit.log import AuditEntry, AuditLog
    from storage.row_security import SYSTEM_USER

    entry = AuditEntry(action=action, resource_type="keys", new=counts)
    await AuditLog(database, vault).append(SYSTEM_USER, entry)


def _place(settings: Settings) -> KeyPlace:
    from bot.config import reveal
    from storage.keys.access import KeyPlace

    return KeyPlace(
        master_key=reveal(settings.evenkeel_master_key),
        data_dir=settings.evenkeel_data_dir,
        key_store_url=settings.evenkeel_key_store,
    )


def _say(words: str) -> None:
    print(words)  # noqa: T201


def _warn(words: str) -> None:
    print(f"evenkeel: {words}", file=sys.stderr)  # noqa: T201
