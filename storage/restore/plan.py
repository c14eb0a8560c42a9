"""Which backup and which timeline lead to a moment, and whether the log reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.backup.check import check_base, check_changes
from storage.backup.commits import last_commit
from storage.backup.folder import BackupSet
from storage.backup.log import Log, Timeline
from storage.backup.manifest import Manifest
from storage.embedded.cluster import Cluster
from storage.embedded.files import wheel_version
from storage.errors import BackupError, StorageConfigurationError


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`target` is None for everything there is. `newest` is the last commit that was kept of the
    present: what came between the target and it will be lost."""

    backups: BackupSet
    base: Manifest
    timeline: int
    changes: tuple[str, ...]
    target: datetime | None
    newest: datetime

    def check(self) -> None:
        """Open all that the restore will read. Raises BackupBrokenError."""
        check_base(self.backups, self.base)
        check_changes(self.backups, self.changes, self.target)


def plan_restore(cluster: Cluster, sets: Sequence[BackupSet], target: datetime | None) -> Plan:
    """Raises StorageConfigurationError with the range that is possible, when the moment is not in
    it. `target` has a time zone; None asks for the newest state there is."""
    if target is not None and target > datetime.now(UTC):
        raise StorageConfigurationError(f"{_said(target)} is in the future.")
    backups = _set_with_backups(sets)
    manifests = backups.backups()
    _require_our_version(manifests[-1])
    log = Log.of(backups, manifests[-1].segment_bytes)
    timeline = log.in_force_at(target)
    bases = _leading(log, manifests, timeline)
    end = _end(cluster, log, bases[-1], timeline)
    base = _base_for(bases, target)
    if base is None or (target is not None and target > end):
        raise _out_of_range(log, target, bases[0].finished_at, end)
    changes = tuple(log.after(base, timeline))
    if target is not None and base.last.number + len(changes) <= bases[-1].last.number:
        before_gap = _end(cluster, log, base, timeline)
        if target > before_gap:
            raise _out_of_range(log, target, base.finished_at, before_gap)
    return Plan(
        backups=backups,
        base=base,
        timeline=timeline.number,
        changes=changes,
        target=None if target == end else target,  # a later commit is what a recovery stops at
        newest=max(end, _newest(cluster, log, manifests)),
    )


def _newest(cluster: Cluster, log: Log, manifests: Sequence[Manifest]) -> datetime:
    return _end(cluster, log, _leading(log, manifests, log.newest)[-1], log.newest)


def _out_of_range(
    log: Log, target: datetime | None, begin: datetime, end: datetime
) -> StorageConfigurationError:
    asked = _said(target) if target else "The newest state"
    return StorageConfigurationError(
        f"{asked} cannot be restored: the backups in {log.backups.folder} reach from "
        f"{_said(begin)} to {_said(end)}. Give a time between the two, or `--to latest`."
    )


def _set_with_backups(sets: Sequence[BackupSet]) -> BackupSet:
    useful = [each for each in sets if each.backups()]
    if not useful:
        raise StorageConfigurationError(
            f"There is no whole backup in {sets[0].folder.parent}, only changes that follow one."
        )
    if len(useful) > 1:
        places = ", ".join(str(each.folder) for each in useful)
        raise StorageConfigurationError(
            f"There are backups of several databases: {places}. Name one with --from."
        )
    return useful[0]


def _require_our_version(manifest: Manifest) -> None:
    theirs, ours = (v.partition(".")[0] for v in (manifest.postgresql, wheel_version()))
    if theirs != ours:
        raise StorageConfigurationError(
            f"The backup was made by PostgreSQL {theirs}, this version of Evenkeel brings {ours}. "
            "Restore it with the version of Evenkeel that made it."
        )


def _leading(log: Log, manifests: Sequence[Manifest], timeline: Timeline) -> list[Manifest]:
    """The base backups that a timeline can be reached from, the oldest first."""
    leading = [each for each in manifests if log.leads_to(each, timeline)]
    if not leading:
        raise BackupError(f"No backup leads to timeline {timeline.number} of {log.backups.folder}.")
    return leading


def _end(cluster: Cluster, log: Log, base: Manifest, timeline: Timeline) -> datetime:
    """The last commit that can be reached from a base backup on."""
    run = list(log.after(base, timeline))
    return last_commit(cluster, log.backups, run) or base.finished_at


def _base_for(bases: Sequence[Manifest], target: datetime | None) -> Manifest | None:
    early_enough = [each for each in bases if target is None or each.finished_at <= target]
    return early_enough[-1] if early_enough else None


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
