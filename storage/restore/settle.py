"""The first thing done with a restored database, before anybody may use it.

It comes back with work that was under way. Some of it was done in the time that was lost, and
nobody can say what: so nothing is sent again and nobody is answered twice, save counselors, who
are told twice rather than never. Who was erased since is erased again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg.rows import TupleRow

from storage.audit.anchors import AuditAnchors
from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import replay
from storage.errors import StorageConfigurationError
from storage.keys.store import KeyStore
from storage.partitions import MONTHS_AHEAD
from storage.row_security import SYSTEM_USER
from storage.statements import statement
from storage.translation import translated

_STEPS: Final = (
    "park_outbox",
    "end_inbox",
    "free_conversations",
    "free_escalations",
    "end_farewells",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """Rows, and of how many people."""

    rows: int
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """`parked` replies will not be sent, `ended` messages not be answered again; of `told_again`
    counselors hear. `erased_again` counts people and keys."""

    parked: Count
    ended: Count
    told_again: Count
    erased_again: int


def set_aside(admin_url: str) -> dict[str, Count]:
    """Everything or nothing, in one transaction of an administrator whom row security does not
    bind. Raises StorageConfigurationError for another user, and while workers are connected.
    Blocks."""
    with translated(), psycopg.connect(admin_url) as connection:
        _require_unbound(connection)
        _require_no_workers(connection)
        counts = {step: _count(connection, step) for step in _STEPS}
        connection.execute(statement("settle", "make_partitions"), {"months": MONTHS_AHEAD})
        return counts


async def settle(
    counts: dict[str, Count], database: Database, vault: Vault, store: KeyStore, entry: AuditEntry
) -> Settled:
    """The rest, as a worker: erase again who was erased, and note the restore itself, `entry`,
    beside what was set aside."""
    erased_again = await replay(database, vault)
    anchors = AuditAnchors(store)
    await anchors.prepare()
    await anchors.forget()
    settled = Settled(
        parked=counts["park_outbox"],
        ended=counts["end_inbox"],
        told_again=counts["free_escalations"],
        erased_again=erased_again,
    )
    await AuditLog(database, vault).append(SYSTEM_USER, _with_counts(entry, settled))
    return settled


def _with_counts(entry: AuditEntry, settled: Settled) -> AuditEntry:
    counts = {
        "replies_parked": settled.parked.rows,
        "messages_ended": settled.ended.rows,
        "escalations_open": settled.told_again.rows,
        "erased_again": settled.erased_again,
    }
    return AuditEntry(
        action=entry.action,
        resource_type=entry.resource_type,
        new={**(entry.new or {}), **counts},
    )


def _count(connection: psycopg.Connection[TupleRow], step: str) -> Count:
    row = connection.execute(statement("settle", step)).fetchone()
    return Count(rows=row[0], people=row[1]) if row else Count(rows=0, people=0)


def _require_unbound(connection: psycopg.Connection[TupleRow]) -> None:
    if connection.execute(statement("settle", "is_unbound")).fetchone() != (True,):
        raise StorageConfigurationError(
            "Settling a restored database concerns everybody's rows at once. Set DATABASE_URL to "
            "an administrator who is a superuser or has BYPASSRLS, for this command only."
        )


def _require_no_workers(connection: psycopg.Connection[TupleRow]) -> None:
    if connection.execute(statement("settle", "workers")).fetchone() != (0,):
        raise StorageConfigurationError(
            "Workers are connected to this database. Stop every `evenkeel` first: what they do "
            "now would be set aside as well."
        )
