"""The checks of `evenkeel doctor`. Each says in one sentence what it found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.backups import home_of, own_set
from bot.config import Settings, reveal
from bot.errors import BotError
from bot.server import open_database
from prompts.catalog import Catalog
from prompts.errors import PromptsError
from safety.errors import SafetyError
from safety.executor import ScreeningPool
from safety.text import Context, Severity
from storage.audit.anchors import AuditAnchors
from storage.audit.check import AuditCheck, AuditReport
from storage.embedded.spool import waiting
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import StorageError
from storage.flags import Flags
from storage.keys.status import KeyStatus, key_status
from storage.keys.store import KeyStore
from storage.outbox import Outbox

PROBE = "I want to end my life tonight"
OLDEST_BACKUP_HOURS = 48
MOST_UNSEALED = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    name: str
    ok: bool
    finding: str


async def checks(settings: Settings, *, whole_audit: bool = False) -> AsyncIterator[Check]:
    """Run every check; one that fails does not keep the others from running. `whole_audit`
    verifies the audit log of everybody, however many they are."""
    yield await _screener(settings)
    yield _catalogue()
    async with AsyncExitStack() as stack:
        try:
            database = await open_database(settings, stack)
        except (StorageError, BotError) as exc:
            yield Check(name="database", ok=False, finding=str(exc))
            return
        yield Check(name="database", ok=True, finding="answers, with the schema this version needs")
        yield await _keys(settings, database)
        yield await _outbox(database)
        yield await _flags(database)
        if settings.database_url is None and settings.evenkeel_backup_dir is not None:
            yield await asyncio.to_thread(backups_are_made, settings)
        yield await _audit(settings, database, whole=whole_audit)


async def _screener(settings: Settings) -> Check:
    pool = ScreeningPool(seconds=settings.evenkeel_screen_seconds)
    try:
        await pool.start()
        screening = await pool.screen(PROBE, Context())
    except SafetyError as exc:
        return Check(name="screener", ok=False, finding=str(exc))
    finally:
        await pool.close()
    ok = screening.risk.severity >= Severity.HIGH
    finding = "recognises a plain crisis message" if ok else "does not recognise a crisis message"
    return Check(name="screener", ok=ok, finding=finding)


def _catalogue() -> Check:
    try:
        problems = Catalog.load().check()
    except PromptsError as exc:
        return Check(name="catalogue", ok=False, finding=str(exc))
    finding = "; ".join(str(problem) for problem in problems[:3]) or "complete in every language"
    return Check(name="catalogue", ok=not problems, finding=finding)


async def _keys(settings: Settings, database: Database) -> Check:
    try:
        vault = await Vault.open(
            master_key=reveal(settings.evenkeel_master_key),
            data_dir=settings.evenkeel_data_dir,
            key_store_url=settings.evenkeel_key_store,
            database=database,
        )
        await vault.close()
        status = await _key_status(settings)
    except StorageError as exc:
        return Check(name="keys", ok=False, finding=str(exc))
    if status.unfinished:
        cut_short = "a rotation was cut short; run `evenkeel keys rotate` to finish it"
        return Check(name="keys", ok=False, finding=cut_short)
    finding = f"the master key opens the key store, with {status.people} people's keys"
    return Check(name="keys", ok=True, finding=finding)


async def _key_status(settings: Settings) -> KeyStatus:
    store = await KeyStore.open(
        data_dir=settings.evenkeel_data_dir, url=settings.evenkeel_key_store
    )
    try:
        return await key_status(store)
    finally:
        await store.close()


async def _outbox(database: Database) -> Check:
    counts = await Outbox.counts(database)
    stuck = counts.get("dead", 0) + counts.get("unknown", 0)
    waiting = counts.get("queued", 0) + counts.get("sending", 0)
    finding = (
        f"{waiting} waiting, {counts.get('dead', 0)} refused, {counts.get('unknown', 0)} unknown"
    )
    return Check(name="outbox", ok=stuck == 0, finding=finding)


def backups_are_made(settings: Settings) -> Check:
    """The newest backup is young enough, and changes do not pile up. For the embedded server, with
    a backup folder."""
    try:
        made = own_set(settings).backups()
    except (StorageError, BotError) as exc:
        return Check(name="backups", ok=False, finding=str(exc))
    if not made:
        return Check(name="backups", ok=False, finding="there is none; run `evenkeel backup`")
    hours = (datetime.now(UTC) - made[-1].finished_at).total_seconds() / 3600
    unsealed = len(waiting(home_of(settings)))
    finding = f"the newest is {hours:.0f} h old; {unsealed} segments of changes wait to be sealed"
    ok = hours < OLDEST_BACKUP_HOURS and unsealed < MOST_UNSEALED
    return Check(name="backups", ok=ok, finding=finding)


async def _flags(database: Database) -> Check:
    waiting = len(await Flags(database).open_flags())
    return Check(name="crisis flags", ok=True, finding=f"{waiting} open")


async def _audit(settings: Settings, database: Database, *, whole: bool) -> Check:
    async with AsyncExitStack() as stack:
        try:
            report = await _audited(settings, database, stack, whole=whole)
        except StorageError as exc:
            return Check(name="audit", ok=False, finding=str(exc))
    finding = f"{report.chains} chains with {report.entries} entries verified"
    if report.broken:
        faults = "; ".join(str(fault) for fault in report.findings)
        finding = f"{report.broken} of {report.chains} chains broken: {faults}"
    return Check(name="audit", ok=not report.broken, finding=finding)


async def _audited(
    settings: Settings, database: Database, stack: AsyncExitStack, *, whole: bool
) -> AuditReport:
    folder, url = settings.evenkeel_data_dir, settings.evenkeel_key_store
    vault = await Vault.open(
        master_key=reveal(settings.evenkeel_master_key), data_dir=folder, key_store_url=url
    )
    stack.push_async_callback(vault.close)
    store = await KeyStore.open(data_dir=folder, url=url)
    stack.push_async_callback(store.close)
    check = AuditCheck(database, vault, AuditAnchors(store))
    return await (check.whole() if whole else check.some())
