"""Erasing a person, so that every step may be killed and repeated.

    ask      durable, in the commit of the turn that confirmed it; fences the conversation
    keep     open crisis flags go to a case of their own (`erasing.kept_cases`)
    destroy  the person's key: from here on no copy of their sealed rows opens, in no backup
    delete   every row, and the receipt, in one transaction

In every order of crashes an `erasures` row without `erased_at` stands for what is left to do, and
it is there before the key goes. What stays is the bare `users` row, the audit log, which holds no
content, and the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from storage.audit.log import AuditEntry, AuditLog
from storage.encryption import Vault
from storage.engine import Connection, Database
from storage.erasing.kept_cases import KeptCases
from storage.erasing.requests import Farewell, Reason, asking, opened
from storage.errors import PersonUnknownError
from storage.row_security import SYSTEM_USER
from storage.statements import statement

DELETED: Final = (
    *("escalations", "crisis_flags", "safety_events", "ai_runs", "outbox", "inbox", "messages"),
    *("assessment_scores", "assessment_attempts", "mood_entries", "journal_entries", "goals"),
    *("recommendations", "conversations", "consents", "profiles", "flag_assignments"),
    *("auth_identities", "auth_identity_keys"),
)
"""Every table whose rows go, children before their parents."""

STAYS: Final[Mapping[str, str]] = {
    "users": "a bare id without a name, for the audit log to hang on",
    "audit_logs": "who did what and when, without content: the law asks for it",
    "audit_heads": "where that log ends, so that nothing can be cut off unseen",
    "erasures": "this receipt",
}

TELL_HOURS: Final = 24
"""How long the address of somebody erased is kept to send the receipt to."""
SPENT_HOURS: Final = 48
TAKEN_SECONDS: Final = 30.0
_MOST_RESTORED: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """`deleted` are rows by table; `audit_entries` those that stay. `case_kept`: a crisis flag
    was open, and what counselors need to finish was copied to a case of its own."""

    user_id: UUID
    reason: str
    requested_at: datetime
    erased_at: datetime
    deleted: Mapping[str, int]
    audit_entries: int
    case_kept: bool
    key_destroyed: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """Somebody who was erased. `farewell` is None when nobody is to be told, or not any more."""

    receipt: Receipt
    farewell: Farewell | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    reason: str
    requested_at: datetime
    erased_at: datetime | None
    receipt: Mapping[str, Any] | None
    farewell: Farewell | None
    too_late: bool


class Erasure:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._audit = AuditLog(database, vault)
        self._cases = KeptCases(database, vault)

    async def request(self, user_id: UUID, reason: Reason, farewell: Farewell | None) -> None:
        """Make it durable that a person is to be erased. Harmless to repeat."""
        asked = asking(self._vault, user_id, reason, farewell)
        await self._database.run_all_for(user_id, asked)

    async def request_unagreed(self, days: int, limit: int) -> int:
        """Ask for the erasure of people who have had no yes to the service for so many days, and
        no open crisis flag either; returns how many."""
        found = await self._found("unagreed", {"days": days, "most": limit})
        return sum([await self._request_if_unagreed(user_id, days) for user_id in found])

    async def due(self, limit: int) -> list[UUID]:
        """People who are to be erased, or to be told that they were."""
        return await self._found("due", {"most": limit})

    async def take(self, user_id: UUID) -> bool:
        """Take on a person who is due; False when another worker has."""
        return bool(await self._run("take", user_id, seconds=TAKEN_SECONDS))

    async def erase(self, user_id: UUID) -> Receipt:
        """Erase somebody for whom that was asked, or finish it; of somebody erased already the
        receipt. Raises PersonUnknownError when nobody asked."""
        asked = await self._asked(user_id)
        if asked.erased_at is None:
            address = asked.farewell.address if asked.farewell else None
            case_kept = await self._cases.keep(user_id, address)
            await self._vault.erase_user_key(user_id)
            await self._delete(user_id, asked.reason, case_kept=case_kept)
            asked = await self._asked(user_id)
        return _receipt(user_id, asked)

    async def receipt(self, user_id: UUID) -> Receipt | None:
        """The receipt of somebody who was erased; None of anybody else."""
        try:
            asked = await self._asked(user_id)
        except PersonUnknownError:
            return None
        return _receipt(user_id, asked) if asked.erased_at else None

    async def erased(self, user_id: UUID) -> Erased:
        """Erase, and say who is to be told. After a day it is too late for that."""
        receipt = await self.erase(user_id)
        asked = await self._asked(user_id)
        return Erased(receipt=receipt, farewell=None if asked.too_late else asked.farewell)

    async def told(self, user_id: UUID) -> None:
        """The receipt was sent, or never can be: the address goes."""
        await self._run("told", user_id)

    async def tell_later(self, user_id: UUID, seconds: float) -> None:
        await self._run("tell_later", user_id, seconds=seconds)

    async def forget_spent(self) -> int:
        """Delete the hashes of updates that no platform delivers again any more."""
        sql = statement("erasure", "forget_spent")
        [(gone,)] = await self._database.run_for(SYSTEM_USER, sql, {"hours": SPENT_HOURS})
        return int(gone)

    async def restored(self) -> list[UUID]:
        """People whose key was destroyed and whose rows are here again."""
        ids = await self._vault.erased_users()
        found: list[UUID] = []
        for start in range(0, len(ids), _MOST_RESTORED):
            found += await self._found("restored", {"ids": ids[start : start + _MOST_RESTORED]})
        return found

    async def destroy_revived_keys(self) -> int:
        """Destroy the keys of people who were erased, should a key store from before have brought
        them back; returns how many."""
        gone = set(await self._vault.erased_users())
        revived = [id_ for id_ in await self._found("all_erased", {}) if id_ not in gone]
        return sum([await self._vault.erase_user_key(user_id) for user_id in revived])

    async def _request_if_unagreed(self, user_id: UUID, days: int) -> bool:
        parameters = {"user_id": user_id, "days": days}
        async with self._database.acting_for(user_id) as connection:
            await connection.execute(statement("erasure", "hold"), parameters)
            asked = await connection.execute(statement("erasure", "ask_if_unagreed"), parameters)
            if await asked.fetchone() is None:
                await connection.execute(statement("erasure", "let_go"), parameters)
                return False
        return True

    async def _delete(self, user_id: UUID, reason: str, *, case_kept: bool) -> None:
        async with self._database.acting_for(user_id) as connection:
            for step in ("patience", "hold"):
                await connection.execute(statement("erasure", step), {"user_id": user_id})
            if not await _number(connection, "lock", user_id):
                return  # a twin was faster
            for step in ("deactivate", "spend"):
                await connection.execute(statement("erasure", step), {"user_id": user_id})
            deleted = {
                table: await _number(connection, f"delete_{table}", user_id) for table in DELETED
            }
            told = {"reason": reason, "deleted": deleted, "case_kept": case_kept}
            entry = AuditEntry(action="erased", resource_type="users", new=told)
            await self._audit.append_within(connection, user_id, entry)
            audit_entries = await _number(connection, "count_audit", user_id)
            receipt = {
                "deleted": deleted,
                "audit_entries": audit_entries,
                "case_kept": case_kept,
                "key_destroyed": True,
            }
            await connection.execute(
                statement("erasure", "erased"), {"user_id": user_id, "receipt": Jsonb(receipt)}
            )

    async def _asked(self, user_id: UUID) -> _Asked:
        rows = await self._run("read", user_id, hours=TELL_HOURS)
        if not rows:
            raise PersonUnknownError
        reason, requested_at, erased_at, receipt, locale, address, too_late = rows[0]
        return _Asked(
            reason=reason,
            requested_at=requested_at,
            erased_at=erased_at,
            receipt=receipt,
            farewell=opened(self._vault, user_id, locale, address),
            too_late=bool(too_late),
        )

    async def _found(self, name: str, parameters: Mapping[str, object]) -> list[UUID]:
        async with self._database.dispatch() as connection:
            found = await connection.execute(statement("erasure", name), parameters)
        return [user_id for (user_id,) in await found.fetchall()]

    async def _run(self, name: str, user_id: UUID, **more: object) -> list[tuple[Any, ...]]:
        sql = statement("erasure", name)
        return await self._database.run_for(user_id, sql, {"user_id": user_id, **more})


async def replay(database: Database, vault: Vault) -> int:
    """After a restore: erase again who came back with it, and destroy again what keys came back.
    Returns how many people and keys that were."""
    erasure = Erasure(database, vault)
    restored = await erasure.restored()
    for user_id in restored:
        await erasure.request(user_id, "replayed", None)
        await erasure.erase(user_id)
    return len(restored) + await erasure.destroy_revived_keys()


async def _number(connection: Connection, name: str, user_id: UUID) -> int:
    """What a statement of one number, or one truth, says; 0 for no row."""
    answered = await connection.execute(statement("erasure", name), {"user_id": user_id})
    row = await answered.fetchone()
    return int(row[0]) if row else 0


def _receipt(user_id: UUID, asked: _Asked) -> Receipt:
    if asked.erased_at is None or asked.receipt is None:
        raise PersonUnknownError
    return Receipt(
        user_id=user_id,
        reason=asked.reason,
        requested_at=asked.requested_at,
        erased_at=asked.erased_at,
        deleted=asked.receipt["deleted"],
        audit_entries=asked.receipt["audit_entries"],
        case_kept=asked.receipt["case_kept"],
        key_destroyed=asked.receipt["key_destroyed"],
    )
