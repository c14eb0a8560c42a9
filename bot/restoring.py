"""A restore from beginning to end: planned, checked, built beside, settled, and put in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.backups import home_of, master_key, open_vault, own_set
from bot.config import Settings
from bot.errors import ConfigurationError
from bot.server import bring_up_to_date
from storage.audit.log import AuditEntry
from storage.backup.changes import seal_changes
from storage.backup.control import control_of
from storage.backup.folder import sets_in
from storage.embedded.cluster import ADMINISTRATOR, Cluster, ensure_running, stop
from storage.embedded.server import EmbeddedServer, unused
from storage.embedded.spool import spool_of
from storage.engine import Database
from storage.errors import BackupError, StorageError
from storage.keys.store import KeyStore
from storage.migrate import SchemaState, schema_state
from storage.restore.plan import Plan, plan_restore
from storage.restore.rebuild import rebuilt
from storage.restore.settle import Settled, set_aside, settle
from storage.restore.swap import swap
from storage.row_security import LOGIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """`kept` is where the data of before is; `unsealed` says why its last changes could not be
    saved first, if they could not."""

    plan: Plan
    settled: Settled
    kept: Path | None
    unsealed: str | None


def restore(
    settings: Settings,
    folder: Path,
    target: datetime | None,
    agreed: Callable[[Plan], bool],
) -> Restored | None:
    """Restore the embedded database as it was at `target`, or the newest state; None when it was
    not `agreed` to. Raises for whatever stands in the way, with nothing changed."""
    _require_key_store(settings)
    with unused(settings.evenkeel_data_dir) as cluster:
        sets = sets_in(folder, master_key(settings))
        unsealed = _save_last_changes(settings, cluster)
        plan = plan_restore(cluster, sets, target)
        if not agreed(plan):
            return None
        plan.check()
        with rebuilt(cluster, plan) as fresh:
            settled = _settle(settings, fresh, plan)
        kept = swap(cluster, fresh)
    _begin_anew(settings)
    return Restored(plan=plan, settled=settled, kept=kept, unsealed=unsealed)


def settle_server(settings: Settings, admin_url: str) -> Settled:
    """The same settling for a server that was restored by other means."""
    _require_key_store(settings)
    return _settled(settings, admin_url, admin_url, {"by": "another_tool"})


def _require_key_store(settings: Settings) -> None:
    """An empty one would be made otherwise, and nothing that comes back could be read."""
    path = settings.evenkeel_data_dir / "keys.sqlite"
    if settings.evenkeel_key_store is None and not path.exists():
        raise ConfigurationError(
            f"The key store {path} is not there; without it nothing that is restored can be read. "
            "Bring in its newest copy first with `evenkeel keys restore FILE`."
        )


def _save_last_changes(settings: Settings, cluster: Cluster) -> str | None:
    """Let the present data, if there is any, hand over what it has not yet, and seal it: what is
    restored may need it. Whatever is wrong with it is no reason not to restore."""
    if settings.evenkeel_backup_dir is None or not spool_of(cluster.home).exists():
        return None
    try:
        if not control_of(cluster).was_stopped:
            ensure_running(cluster, fast=False)
            stop(cluster)
        seal_changes(cluster.home, own_set(settings))
    except StorageError as exc:
        return str(exc)
    return None


def _settle(settings: Settings, fresh: Cluster, plan: Plan) -> Settled:
    """With the schema of this version; a newer one is refused."""
    admin_url = fresh.url(ADMINISTRATOR)
    state = schema_state(admin_url)
    if state in (SchemaState.ABSENT, SchemaState.EMPTY):
        raise BackupError("There was no database of Evenkeel yet at that time.")
    if state is SchemaState.BEHIND:
        bring_up_to_date(admin_url, settings.evenkeel_hash_partitions)
    facts = {"backup": plan.base.name, "to": plan.target.isoformat() if plan.target else "latest"}
    return _settled(settings, admin_url, fresh.url(LOGIN), facts)


def _settled(settings: Settings, admin_url: str, app_url: str, facts: dict[str, str]) -> Settled:
    counts = set_aside(admin_url)
    entry = AuditEntry(action="restored", resource_type="backup", new=facts)

    async def rest() -> Settled:
        database = await Database.open(app_url, pool_size=1)
        try:
            vault = await open_vault(settings, database)
            store = await KeyStore.open(
                data_dir=settings.evenkeel_data_dir, url=settings.evenkeel_key_store
            )
            try:
                return await settle(counts, database, vault, store, entry)
            finally:
                await store.close()
                await vault.close()
        finally:
            await database.close()

    return asyncio.run(rest())


def _begin_anew(settings: Settings) -> None:
    """Start the restored server in its place, and see the beginning of its timeline sealed: from
    now on that is the one which a later restore follows."""
    keep = settings.evenkeel_backup_dir is not None
    with closing(EmbeddedServer.start(settings.evenkeel_data_dir, keep_changes=keep)):
        pass
    if keep:
        seal_changes(home_of(settings), own_set(settings))
