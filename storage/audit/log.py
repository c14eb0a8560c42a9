"""The audit log: who did what to whose data, chained so that nothing can be changed unseen.

Entries of one person are numbered without gaps; each carries a keyed hash over itself and the
hash before it (`audit.chain`). The key is the deployment's, which the database does not hold. An
entry names fields and counts rows, never what a sealed field says. Ordinary turns append nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from storage.audit.chain import AuditChain, Place, chains, following
from storage.encryption import Vault
from storage.engine import Connection, Database
from storage.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """`action` is a verb in the past (`exported`, `erased`), `resource_type` a table or a thing
    of the deployment (`keys`, `backup`). `actor_id` is None for the system itself and for an
    operator at the command line. `old` and `new` hold names, numbers and closed vocabularies, as
    JSON can say them."""

    action: str
    resource_type: str
    resource_id: UUID | None = None
    actor_id: UUID | None = None
    old: Mapping[str, object] | None = None
    new: Mapping[str, object] | None = None
    ip_address: IPv4Address | IPv6Address | None = None
    user_agent: str | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class AuditLog:
    def __init__(
        self, database: Database, vault: Vault, *, clock: Callable[[], datetime] = _now
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def append(self, user_id: UUID, entry: AuditEntry) -> None:
        """Append an entry as a transaction of its own. The system's own events belong to
        `row_security.SYSTEM_USER`."""
        async with self._database.acting_for(user_id) as connection:
            await self.append_within(connection, user_id, entry)

    async def append_within(self, connection: Connection, user_id: UUID, entry: AuditEntry) -> None:
        """Append an entry in the caller's transaction, together with what it tells of. Until that
        ends, others who append for the same person wait."""
        row = _row(user_id, entry, self._clock())
        await connection.execute(statement("audit", "begin_chain"), row)
        held = await connection.execute(statement("audit", "hold_head"), row)
        [(seq, mac, *said)] = await held.fetchall()
        place = following(self._vault, Place(seq=seq, mac=bytes(mac)), said)
        row |= {"seq": place.seq, "mac": place.mac}
        await connection.execute(statement("audit", "append"), row)
        await connection.execute(statement("audit", "advance"), row)

    async def checkpoint_before(self, before: datetime) -> int:
        """To be called before entries made before that time are dropped: every chain is verified
        up to its last one of them and begins after it from then on. Returns how many chains were
        moved. A chain that does not hold is not moved, and is reported from then on."""
        chain = AuditChain(self._database, self._vault)
        moved = 0
        async for page in chains(self._database):
            for user_id in page:
                moved += await chain.cut(user_id, before)
        return moved


def _row(user_id: UUID, entry: AuditEntry, made_at: datetime) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "user_id": user_id,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "resource_type": entry.resource_type,
        "resource_id": entry.resource_id,
        "old_values": None if entry.old is None else Jsonb(dict(entry.old)),
        "new_values": None if entry.new is None else Jsonb(dict(entry.new)),
        "ip_address": None if entry.ip_address is None else str(entry.ip_address),
        "user_agent": entry.user_agent,
        "created_at": made_at,
    }
