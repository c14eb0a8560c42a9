"""The outbox: replies that were committed and must reach their platform.

Rows of a conversation leave in order. A row whose sender vanished is sent again when it is a
safety message; any other is marked `unknown`, since no platform tells whether it went out.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from storage.addresses import Address, Platform
from storage.encryption import UserKey, Vault
from storage.engine import Database
from storage.errors import SealBrokenError
from storage.statements import statement

log = logging.getLogger(__name__)

SEND_SECONDS: Final = 30.0
"""How long a worker may take to send what it holds before another may think it gone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """A reply to send, opened. `attempts` counts this one."""

    id: UUID
    user_id: UUID
    conversation_id: UUID
    seq: int
    safety: bool
    attempts: int
    address: Address
    payload: Mapping[str, Any]


class Outbox:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    @staticmethod
    async def counts(database: Database) -> dict[str, int]:
        """How many rows are in each state but `sent`."""
        async with database.dispatch() as connection:
            counted = await connection.execute(statement("outbox", "counts"))
        return dict(await counted.fetchall())

    async def due_conversations(
        self, limit: int, platforms: Collection[Platform] = tuple(Platform)
    ) -> list[tuple[UUID, UUID]]:
        """Conversations with something to send to these platforms, as (user, conversation); those
        with a safety message first."""
        async with self._database.dispatch() as connection:
            due = await connection.execute(
                statement("outbox", "due_conversations"),
                {"most": limit, "platforms": [platform.value for platform in platforms]},
            )
        return [(user_id, conversation_id) for user_id, conversation_id in await due.fetchall()]

    async def take(
        self,
        user_id: UUID,
        conversation_id: UUID,
        platforms: Collection[Platform] = tuple(Platform),
    ) -> tuple[OutboxRow, ...]:
        """Take what may be sent now, in order. A row stays behind while an earlier one must wait
        or is being sent by somebody else; a safety row waits for earlier safety rows only."""
        key = await self._vault.user_key(user_id)
        parameters = {
            "user_id": user_id,
            "conversation_id": conversation_id,
            "platforms": [platform.value for platform in platforms],
            "send_seconds": SEND_SECONDS,
        }
        steps = ("hold_conversation", "give_up_lost", "take")
        *_, taken = await self._database.run_all_for(
            user_id, [(statement("outbox", step), parameters) for step in steps]
        )
        rows = [await self._opened(key, conversation_id, columns) for columns in taken]
        return tuple(sorted((row for row in rows if row), key=lambda row: row.seq))

    async def _opened(
        self, key: UserKey, conversation_id: UUID, columns: tuple[UUID, int, str, int, bytes]
    ) -> OutboxRow | None:
        """A row that was tampered with can be sent by nobody; those behind it can."""
        try:
            return _opened(key, conversation_id, columns)
        except SealBrokenError as exc:
            log.error("A reply was given up: %s", exc)
            dead = {"user_id": key.user_id, "id": columns[0], "state": "dead", "ref": None}
            await self._database.run_for(key.user_id, statement("outbox", "settle"), dead)
            return None

    async def sent(self, rows_with_refs: Sequence[tuple[OutboxRow, str | None]]) -> None:
        """Mark rows as sent, each with the platform's own id of the message, if it gave one."""
        owner = _owner([row for row, _ in rows_with_refs])
        if owner is None:
            return
        key = await self._vault.user_key(owner)
        parameters = {
            "user_id": owner,
            "ids": [row.id for row, _ in rows_with_refs],
            "refs": [_sealed_ref(key, row, ref) for row, ref in rows_with_refs],
        }
        await self._database.run_for(owner, statement("outbox", "sent"), parameters)

    async def hold(self, row: OutboxRow) -> None:
        """Go on sending a row that takes longer, so that nobody thinks its sender gone."""
        await self._run("hold", row, send_seconds=SEND_SECONDS)

    async def later(self, row: OutboxRow, seconds: float) -> None:
        """The platform asks to wait, or a safety message must go out again."""
        await self._run("later", row, seconds=seconds)

    async def requeue(self, rows: Sequence[OutboxRow]) -> None:
        """Put back rows that were taken and not tried."""
        owner = _owner(rows)
        if owner is not None:
            parameters = {"user_id": owner, "ids": [row.id for row in rows]}
            await self._database.run_for(owner, statement("outbox", "requeue"), parameters)

    async def unknown(self, row: OutboxRow) -> None:
        """The platform's answer was lost. It is not sent again."""
        await self._run("settle", row, state="unknown", ref=None)

    async def dead(self, row: OutboxRow, reason: str) -> None:
        """The platform will never take it. `reason` is a word."""
        key = await self._vault.user_key(row.user_id)
        await self._run("settle", row, state="dead", ref=_sealed_ref(key, row, reason))

    async def _run(self, name: str, row: OutboxRow, **more: object) -> None:
        parameters = {"user_id": row.user_id, "id": row.id, **more}
        await self._database.run_for(row.user_id, statement("outbox", name), parameters)


def seal_payload(key: UserKey, row_id: UUID, address: Address, payload: Mapping[str, Any]) -> bytes:
    """A reply and where it goes, as the one sealed column of its row."""
    sealed = {"address": dataclasses.asdict(address), "message": dict(payload)}
    return key.seal("outbox", "payload", row_id, sealed)


def _opened(
    key: UserKey, conversation_id: UUID, columns: tuple[UUID, int, str, int, bytes]
) -> OutboxRow:
    row_id, seq, kind, attempts, payload = columns
    opened: Mapping[str, Any] = key.open_json("outbox", "payload", row_id, payload)
    return OutboxRow(
        id=row_id,
        user_id=key.user_id,
        conversation_id=conversation_id,
        seq=seq,
        safety=kind == "safety",
        attempts=attempts,
        address=Address.from_json(opened["address"]),
        payload=opened["message"],
    )


def _owner(rows: Sequence[OutboxRow]) -> UUID | None:
    """Whose rows these are: of one person, always."""
    owners = {row.user_id for row in rows}
    if len(owners) > 1:
        raise ValueError("Outbox rows are marked for one person at a time.")
    return owners.pop() if owners else None


def _sealed_ref(key: UserKey, row: OutboxRow, ref: str | None) -> bytes | None:
    """The platform's answer: its id of the message, or a word for why it refused it."""
    return None if ref is None else key.seal("outbox", "platform_ref", row.id, ref)
