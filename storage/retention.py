"""Retention: what is older than it may be goes, by whole months where a table is cut by month.

Nothing is dropped under something that still hangs on it: before a month of messages goes, what
language models were asked about them and what screening found in them is deleted person by person.
A flag that is still open is moved onto a message of the system instead. Each step is a transaction
of its own and may be the last for now: the next sweep goes on where this one ended. Any number of
workers may sweep at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from uuid_utils.compat import uuid7

from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Connection, Database
from storage.errors import KeyErasedError, StorageError, StorageUnavailableError
from storage.row_security import SYSTEM_USER
from storage.sealed_text import NOT_KEPT, seal_text
from storage.statements import statement

SETTLED_DAYS: Final = 30
"""How long an outbox row is kept that was sent, refused or given up."""

_AT_ONCE: Final = 500

Clear = Callable[[UUID], Awaitable[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Keep:
    """How long each kind is kept, in days; 0 is as long as the person stays. A month goes when
    all of it is older, and this month and the last one always stay."""

    messages: int
    moods: int
    ai_runs: int
    audit: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """One month of a table: the partition's name, where it ends, how many rows it holds."""

    table: str
    name: str
    ends: datetime
    rows: int


class Retention:
    def __init__(self, database: Database, vault: Vault, audit: AuditLog, keep: Keep) -> None:
        self._database = database
        self._vault = vault
        self._audit = audit
        self._keep = keep

    async def sweep(self) -> int:
        """Let everything go that is too old; returns how many months were dropped. What cannot go
        now does not hold up the rest; the first error is raised at the end."""
        await self._clear_settled()
        await self._clear_runs()
        dropped, errors = 0, list[StorageError]()
        for drop in (self._drop_messages, self._drop_moods, self._drop_audit):
            try:
                dropped += await drop()
            except StorageError as exc:
                errors.append(exc)
        if errors:
            raise errors[0]
        return dropped

    async def _clear_settled(self) -> None:
        days = {"days": SETTLED_DAYS}
        await self._for_each("people_with_settled", days, self._deleting("delete_settled", days))

    async def _clear_runs(self) -> None:
        if not self._keep.ai_runs:
            return
        days = {"days": self._keep.ai_runs}
        rows = await self._for_each(
            "people_with_old_runs", days, self._deleting("delete_old_runs", days)
        )
        if rows:
            await self._tell("deleted", "ai_runs", days | {"rows": rows})

    async def _drop_messages(self) -> int:
        dropped = 0
        async for month in self._months("messages", self._keep.messages):
            await self._clear_children(month.ends)
            dropped += await self._drop(month)
        return dropped

    async def _drop_moods(self) -> int:
        dropped = 0
        async for month in self._months("mood_entries", self._keep.moods):
            dropped += await self._drop(month)
        return dropped

    async def _drop_audit(self) -> int:
        dropped = 0
        async for month in self._months("audit_logs", self._keep.audit):
            await self._audit.checkpoint_before(month.ends)
            dropped += await self._drop(month)
        return dropped

    async def _months(self, table: str, days: int) -> AsyncIterator[Month]:
        """Months that are old enough to go, oldest first."""
        if not days:
            return
        for name, ends, rows in await self._dispatch("months", {"table": table, "days": days}):
            yield Month(table=table, name=name, ends=ends, rows=rows)

    async def _drop(self, month: Month) -> bool:
        """Told before it is done, so that no month goes untold."""
        name = {"month": month.name, "ends": month.ends.isoformat(), "rows": month.rows}
        await self._tell("dropping", month.table, name)
        dropped = {"table": month.table, "month": month.name}
        [(gone,)] = await self._dispatch("drop_month", dropped)
        return bool(gone)

    async def _clear_children(self, before: datetime) -> None:
        """Delete or move what hangs on messages of before."""

        async def clear(user_id: UUID) -> int:
            async with self._database.acting_for(user_id) as connection:
                return await self._clear_children_of(connection, user_id, before)

        await self._for_each("people_with_children", {"before": before}, clear)

    async def _clear_children_of(
        self, connection: Connection, user_id: UUID, before: datetime
    ) -> int:
        theirs: dict[str, Any] = {"user_id": user_id, "before": before}
        found = await connection.execute(
            statement("retention", "conversations_with_open_flags"), theirs
        )
        for (conversation_id,) in await found.fetchall():
            message = await self._system_message(user_id, conversation_id)
            await connection.execute(statement("retention", "add_message"), message)
            await connection.execute(statement("retention", "move_open_flags"), theirs | message)
        steps = ("delete_runs", "delete_events")
        gone = [await connection.execute(statement("retention", step), theirs) for step in steps]
        return sum([count for cursor in gone for (count,) in await cursor.fetchall()])

    async def _system_message(self, user_id: UUID, conversation_id: UUID) -> dict[str, Any]:
        message_id = uuid7()
        try:
            key = await self._vault.user_key(user_id)
            content = seal_text(key, "messages", message_id, NOT_KEPT)
        except KeyErasedError:
            content = b""  # nobody can read anything of theirs, and there is nothing to read
        return {
            "message_id": message_id,
            "user_id": user_id,
            "conversation_id": conversation_id,
            "content": content,
        }

    async def _for_each(self, find: str, parameters: Mapping[str, Any], clear: Clear) -> int:
        """Clear person after person until nobody is found; returns how many rows went. One
        person's trouble does not keep the others waiting, and is raised at the end."""
        total, troubles = 0, list[StorageError]()
        while people := await self._dispatch(find, {**parameters, "most": _AT_ONCE}):
            before = total
            for (user_id,) in people:
                try:
                    total += await clear(user_id)
                except StorageUnavailableError:
                    raise
                except StorageError as exc:
                    troubles.append(exc)
            if len(people) < _AT_ONCE or total == before:
                break
        if troubles:
            raise troubles[0]
        return total

    def _deleting(self, name: str, parameters: Mapping[str, Any]) -> Clear:
        async def delete(user_id: UUID) -> int:
            theirs = {**parameters, "user_id": user_id}
            [(gone,)] = await self._database.run_for(user_id, statement("retention", name), theirs)
            return int(gone)

        return delete

    async def _dispatch(self, name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        async with self._database.dispatch() as connection:
            cursor = await connection.execute(statement("retention", name), parameters)
            return await cursor.fetchall()

    async def _tell(self, action: str, table: str, what: Mapping[str, object]) -> None:
        entry = AuditEntry(action=action, resource_type=table, new=what)
        await self._audit.append(SYSTEM_USER, entry)
