"""Messages that were misread and may teach the screener: masked, and of nobody that can be named.

Found by the dispatcher through consents alone; what a message says is then read as the person it
belongs to, and their audit log tells of every reading in the same transaction.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from safety.text import Domain, Risk, Severity
from storage.audit.log import AuditEntry, AuditLog
from storage.conversations import EARLIER_MESSAGES
from storage.encryption import UserKey, Vault
from storage.engine import Connection, Database
from storage.errors import KeyErasedError, SealBrokenError
from storage.findings import alias
from storage.people import DEFAULT_LOCALE
from storage.row_security import SYSTEM_USER
from storage.statements import statement

log = logging.getLogger(__name__)

_AT_ONCE: Final = 100

_Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A masked message with the masked ones before it, oldest first, and what screening said.

    `id` is the same in every listing and leads back to nobody; `alias` is shared by all that one
    person wrote. `language` is the one they are spoken to in."""

    id: str
    alias: str
    language: str
    text: str
    earlier: tuple[str, ...]
    risk: Risk


class Misread:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._audit = AuditLog(database, vault)

    async def candidates(self) -> AsyncIterator[Candidate]:
        """Every message that may teach the screener now. A listing is whole: what was on an
        earlier one and is not on this may teach no longer."""
        after = SYSTEM_USER
        while people := await self._people(after):
            for user_id in people:
                for candidate in await self._of(user_id):
                    yield candidate
            after = people[-1]

    async def _people(self, after: UUID) -> list[UUID]:
        asked = {"after": after, "most": _AT_ONCE}
        async with self._database.dispatch() as connection:
            found = await connection.execute(statement("misread", "people"), asked)
            return [user_id for (user_id,) in await found.fetchall()]

    async def _of(self, user_id: UUID) -> list[Candidate]:
        try:
            key = await self._vault.user_key(user_id)
        except KeyErasedError:
            return []
        async with self._database.acting_for(user_id) as connection:
            reports = await _rows(connection, "reports", user_id=user_id)
            read = [await self._candidate(connection, key, report) for report in reports]
        return [candidate for candidate in read if candidate is not None]

    async def _candidate(
        self, connection: Connection, key: UserKey, report: _Row
    ) -> Candidate | None:
        """None for what may not teach, is gone, or does not open."""
        try:
            return await self._read(connection, key, report)
        except SealBrokenError as exc:
            log.error("A message that was misread was left out: %s", exc)
            return None

    async def _read(self, connection: Connection, key: UserKey, report: _Row) -> Candidate | None:
        report_id, about, sealed, locale = report
        said = key.open_json("safety_events", "event_data", report_id, sealed)
        if said != {"about": str(about), "teaches": True}:
            return None
        found = await _rows(connection, "misread", user_id=key.user_id, about=about)
        if not found:
            return None
        [(conversation_id, at, content, *event)] = found
        place = {"conversation_id": conversation_id, "at": at, "most": EARLIER_MESSAGES}
        before = await _rows(connection, "earlier", user_id=key.user_id, **place)
        candidate = Candidate(
            id=self._vault.fingerprint(f"misread:{report_id}").hex()[:16],
            alias=self._alias(key.user_id),
            language=locale or DEFAULT_LOCALE,
            text=key.open_text("messages", "content", about, content),
            earlier=tuple(
                key.open_text("messages", "content", id_, each) for id_, each in reversed(before)
            ),
            risk=_risk(key, event),
        )
        await self._audit.append_within(connection, key.user_id, _reading(about, len(before)))
        return candidate

    def _alias(self, user_id: UUID) -> str:
        """Not that of a crisis flag: nobody shall tell from one list who is on the other."""
        return alias(UUID(bytes=self._vault.fingerprint(f"teaching:{user_id}")[:16]))


async def _rows(connection: Connection, name: str, **parameters: object) -> list[_Row]:
    found = await connection.execute(statement("misread", name), parameters)
    return await found.fetchall()


def _risk(key: UserKey, event: list[Any]) -> Risk:
    event_id, domain, severity, sealed = event
    data: Mapping[str, Any] = key.open_json("safety_events", "event_data", event_id, sealed)
    return Risk(
        severity=Severity.of(severity),
        domain=Domain(domain),
        score=data["score"],
        reasons=tuple(data["reasons"]),
    )


def _reading(message_id: UUID, earlier: int) -> AuditEntry:
    return AuditEntry(
        action="read",
        resource_type="messages",
        resource_id=message_id,
        new={"purpose": "teaching", "earlier": earlier},
    )
