"""Everything that is kept about one person, read at one moment, opened for their own eyes.

Rows come in batches, so that the memory needed does not grow with how long somebody has been
talking. What does not open is marked and does not spoil the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import UserKey, Vault
from storage.engine import Connection, Database
from storage.errors import PersonUnknownError, SealBrokenError
from storage.exporting.tables import ExportTable
from storage.exporting.values import Opener, OriginalsLostError
from storage.people import DEFAULT_LOCALE, DEFAULT_TIMEZONE
from storage.statements import statement

BATCH: Final = 200

_DOES_NOT_READ: Final = (SealBrokenError, ValueError, KeyError, TypeError, AttributeError)
"""What a value raises that was altered, or that was written by something else than we know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Owner:
    """Whose export it is, and how they want to read it: BCP 47 locale, IANA time zone."""

    id: UUID
    locale: str
    timezone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedRow:
    """One row by its columns: JSON values, UUIDs, decimals, dates and times. A column that did
    not open is None and named in `unreadable`; with `originals` in there a text is still masked."""

    values: Mapping[str, object] = field(repr=False)
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonExport:
    """One person as of `taken_at`. Each reading of a table gives the same rows."""

    owner: Owner
    taken_at: datetime
    _key: UserKey
    _vault: Vault
    _connection: Connection

    async def rows(self, table: ExportTable) -> AsyncGenerator[Sequence[ExportedRow], None]:
        """The rows of a table in the order of time, in batches."""
        query = statement("exports", table.name)
        cursor = self._connection.cursor(name="export", row_factory=dict_row)
        async with cursor:
            await cursor.execute(query, {"user_id": self.owner.id})
            while batch := await cursor.fetchmany(BATCH):
                yield await asyncio.to_thread(self._opened, table, batch)

    def _opened(self, table: ExportTable, batch: Sequence[dict[str, Any]]) -> list[ExportedRow]:
        return [self._row(table, row) for row in batch]

    def _row(self, table: ExportTable, row: Mapping[str, Any]) -> ExportedRow:
        values: dict[str, object] = {name: row[name] for name in table.columns}
        unreadable = []
        for name, opening in table.opened.items():
            if row[name] is None:
                continue
            opener = Opener(
                key=self._key, vault=self._vault, table=table.name, row_id=row[table.row_id]
            )
            try:
                values[name] = opening(opener, row, name)
            except OriginalsLostError as exc:
                values[name] = exc.masked
                unreadable.append("originals")
            except _DOES_NOT_READ:
                values[name] = None
                unreadable.append(name)
        return ExportedRow(values=values, unreadable=tuple(unreadable))


class Exports:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._audit = AuditLog(database, vault)

    @asynccontextmanager
    async def of(self, user_id: UUID) -> AsyncIterator[PersonExport]:
        """One person's export, to be read within the block: it holds one transaction open. Raises
        PersonUnknownError, or KeyErasedError for somebody who was erased."""
        key = await self._vault.user_key(user_id)
        async with self._database.snapshot_for(user_id) as connection:
            found = await connection.execute(statement("exports", "person"), {"user_id": user_id})
            row = await found.fetchone()
            if row is None:
                raise PersonUnknownError
            yield PersonExport(
                owner=_owner(user_id, row[0]),
                taken_at=datetime.now(UTC),
                _key=key,
                _vault=self._vault,
                _connection=connection,
            )

    async def owner(self, user_id: UUID) -> Owner:
        """How the person wants to read. Raises PersonUnknownError."""
        found = await self._run(user_id, statement("exports", "person"))
        if not found:
            raise PersonUnknownError
        return _owner(user_id, found[0][0])

    async def lately(self, user_id: UUID, seconds: float) -> Sequence[tuple[UUID | None, datetime]]:
        """What the person themselves asked for within these seconds, newest first: what it was
        sent with, and when it was made."""
        return [
            (asked_by, at)
            for asked_by, at in await self._run(
                user_id, statement("exports", "last_asked"), seconds=seconds
            )
        ]

    async def record(
        self,
        user_id: UUID,
        counts: Mapping[str, int],
        *,
        actor_id: UUID | None = None,
        sent_with: UUID | None = None,
    ) -> None:
        """Append to the audit log that an export was made, with the number of rows of each table.
        Without `actor_id` an operator made it."""
        entry = AuditEntry(
            action="exported",
            resource_type="person",
            resource_id=sent_with,
            actor_id=actor_id,
            new={"rows": dict(counts)},
        )
        await self._audit.append(user_id, entry)

    async def _run(
        self, user_id: UUID, query: LiteralString, **more: object
    ) -> list[tuple[Any, ...]]:
        return await self._database.run_for(user_id, query, {"user_id": user_id, **more})


def _owner(user_id: UUID, preferences: Mapping[str, Any] | None) -> Owner:
    settings = preferences or {}
    return Owner(
        id=user_id,
        locale=settings.get("locale", DEFAULT_LOCALE),
        timezone=settings.get("timezone", DEFAULT_TIMEZONE),
    )
