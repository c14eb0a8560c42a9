"""`evenkeel backup`: makes a backup of the embedded database, lists backups, checks them."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Settings
    from storage.backup.folder import BackupSet
    from storage.backup.manifest import Manifest
    from storage.embedded.server import EmbeddedServer

NOT_FOR_SERVERS = (
    "DATABASE_URL names a server of your own, which `evenkeel backup` does not back up. Use the "
    "script in deploy/pgbackrest, or your provider's point-in-time recovery."
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "backup",
        help="back the embedded database up, sealed",
        description="Back the embedded database up into EVENKEEL_BACKUP_DIR, encrypted, also while "
        "workers run; backups older than EVENKEEL_BACKUP_DAYS are dropped. People's keys are not "
        "in it: see `evenkeel keys`.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the backups there are")
    what.add_argument(
        "--check",
        nargs="?",
        const="",
        metavar="NAME",
        help="open every file of one backup, or of all, without restoring",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.backups import backup_folder
    from bot.config import read_settings
    from bot.errors import ConfigurationError

    settings = read_settings()
    if settings.database_url:
        raise ConfigurationError(NOT_FOR_SERVERS)
    backup_folder(settings)
    if args.list:
        return _list(settings)
    if args.check is not None:
        return _check(settings, args.check)
    return _back_up(settings)


def _list(settings: Settings) -> int:
    for backups in _sets(settings):
        for each in backups.backups():
            print(_line(backups, each))  # noqa: T201
    return 0


def _check(settings: Settings, name: str) -> int:
    from bot.errors import ConfigurationError
    from storage.backup.check import findings

    chosen = [(each, found) for each in _sets(settings) if (found := _names(each, name))]
    if not chosen:
        known = "There is none yet" if not name else f"There is no backup {name}"
        raise ConfigurationError(f"{known}: `evenkeel backup --list` shows what there is.")
    whole = True
    for backups, names in chosen:
        for finding in findings(backups, names):
            whole = whole and finding.trouble is None
            told = finding.trouble or f"whole, with {finding.changes} segments of changes"
            print(f"{'FAIL' if finding.trouble else 'ok  '}  {finding.name}: {told}")  # noqa: T201
    return 0 if whole else 1


def _names(backups: BackupSet, name: str) -> list[str]:
    return [each for each in backups.names() if name in ("", each)]


def _sets(settings: Settings) -> Sequence[BackupSet]:
    from bot.backups import backup_folder, master_key
    from storage.backup.folder import sets_in

    return sets_in(backup_folder(settings), master_key(settings))


def _back_up(settings: Settings) -> int:
    from bot.backups import own_set
    from storage.backup.base import back_up
    from storage.backup.prune import prune
    from storage.embedded.server import EmbeddedServer

    # not brought up to date: who backs up before an upgrade wants the database as it is
    with closing(EmbeddedServer.start(settings.evenkeel_data_dir, keep_changes=True)) as server:
        asyncio.run(_require_keys(settings))
        backups = own_set(settings)
        manifest = back_up(server, backups)
        dropped = prune(backups, days=settings.evenkeel_backup_days, now=manifest.finished_at)
        asyncio.run(_note(settings, server, manifest, dropped))
    more = f"; dropped {dropped} older" if dropped else ""
    print(_line(backups, manifest) + more)  # noqa: T201
    return 0


async def _require_keys(settings: Settings) -> None:
    """The master key exists and is the key store's; both are made on the very first run."""
    from bot.backups import open_vault

    await (await open_vault(settings)).close()


async def _note(
    settings: Settings, server: EmbeddedServer, manifest: Manifest, dropped: int
) -> None:
    """In the audit log, unless the schema is older than this version."""
    from bot.backups import open_vault
    from storage.audit.log import AuditEntry, AuditLog
    from storage.engine import Database
    from storage.migrate import SchemaState, schema_state
    from storage.row_security import SYSTEM_USER

    if schema_state(server.admin_url) is not SchemaState.CURRENT:
        return
    database = await Database.open(server.app_url, pool_size=1)
    vault = await open_vault(settings)
    try:
        facts = {"name": manifest.name, "bytes": manifest.base.bytes, "dropped": dropped}
        entry = AuditEntry(action="backed_up", resource_type="backup", new=facts)
        await AuditLog(database, vault).append(SYSTEM_USER, entry)
    finally:
        await vault.close()
        await database.close()


def _line(backups: BackupSet, manifest: Manifest) -> str:
    size = manifest.base.bytes / 2**20
    seconds = (manifest.finished_at - manifest.started_at).total_seconds()
    place = backups.folder / "base" / manifest.name
    return f"{manifest.name}  {size:.1f} MB  {seconds:.1f} s  {place}"
