"""The audit log: who did what to whose data, chained so that nothing can be changed unseen.

Entries of one person are numbered without gaps; each carries a keyed hash over itself and the
hash before it. The key is the deployment's, which the database does not hold. An entry names
fields and counts rows, never what a sealed field says. Ordinary turns append nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from storage.encryption import Vault
from storage.engine import Connection, Database
from storage.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """`action` is a verb in the past (`exported`, `erased`), `resource_type` a table or a thing
    of the deployment (`keys`, `backup`). `actor_id` is None for the system itself and for an
    operator at the command line. `old` and `new` hold names, numbers and closed vocabularies."""

    action: str
    resource_type: str
    resource_id: UUID | None = None
    actor_id: UUID | None = None
    old: Mapping[str, object] | None = None
    new: Mapping[str, object] | None = None


class AuditLog:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def append(self, user_id: UUID, entry: AuditEntry) -> None:
        """Append an entry as a transaction of its own. The system's own events belong to
        `row_security.SYSTEM_USER`."""
        async with self._database.acting_for(user_id) as connection:
            await self.append_within(connection, user_id, entry)

    async def append_within(self, connection: Connection, user_id: UUID, entry: AuditEntry) -> None:
        """Append an entry in the caller's transaction, together with what it tells of."""
        person = {"user_id": user_id}
        await connection.execute(statement("audit", "begin_chain"), person)
        held = await connection.execute(statement("audit", "hold_head"), person)
        [(seq, mac)] = await held.fetchall()
        row = _row(user_id, entry, seq + 1)
        row["mac"] = self._vault.fingerprint(chained(row, bytes(mac)))
        stored = {name: _stored(value) for name, value in row.items()}
        await connection.execute(statement("audit", "append"), stored)
        await connection.execute(statement("audit", "advance"), stored)


def chained(row: Mapping[str, Any], before: bytes) -> str:
    """What an entry's keyed hash covers: the one before, and every column but its own hash."""
    columns = {name: value for name, value in row.items() if name != "mac"}
    return "audit:" + json.dumps(
        [before.hex(), columns], default=str, sort_keys=True, separators=(",", ":")
    )


def _row(user_id: UUID, entry: AuditEntry, seq: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "user_id": user_id,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "resource_type": entry.resource_type,
        "resource_id": entry.resource_id,
        "old_values": None if entry.old is None else dict(entry.old),
        "new_values": None if entry.new is None else dict(entry.new),
        "created_at": datetime.now(UTC),
        "seq": seq,
    }


def _stored(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
