"""What stays of somebody who is erased while a crisis flag is open: a case without a person.

Counselors must be able to finish what they began. So each open flag is copied, with its alias,
severity and priority, to a pseudonymous person that has a key of its own and no identity. Where
to reach them is sealed in the safety event. Nothing leads from the erased person to the case
without the deployment's key. A case is erased in its turn once all of its flags are done.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from storage.addresses import Address
from storage.encryption import UserKey, Vault
from storage.engine import Database
from storage.errors import KeyErasedError, KeyMissingError, KeyTakenError
from storage.record_writes import Write
from storage.sealed_text import NOT_KEPT, seal_text
from storage.statements import statement

_COLUMNS: Final = (
    *("flag_id", "flag_type", "priority", "flagged_at"),
    *("event_id", "source", "event_type", "severity", "event_data", "found_at"),
    *("escalation_id", "alias", "level", "state", "attempts"),
    *("due_at", "alerted_at", "escalated_at"),
)


class KeptCases:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def keep(self, user_id: UUID, address: Address | None) -> bool:
        """Copy a person's open flags to a case, if there are any; says whether there is one now.
        Made before the person's key is destroyed and harmless to repeat: all ids follow from the
        person's."""
        rows = await self._database.run_for(
            user_id, statement("kept_cases", "open_flags"), {"user_id": user_id}
        )
        if not rows:
            return False
        own_key = await self._key_if_any(user_id)
        case_key = await self._case_key(user_id, make=own_key is not None)
        if case_key is None:
            return False
        conversation_id = self._derived(user_id, "conversation")
        ids = {"user_id": case_key.user_id, "conversation_id": conversation_id}
        async with self._database.sign_in(case_key.user_id) as connection:
            await connection.execute(statement("kept_cases", "add_person"), ids)
        flags = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        copies = [
            write
            for flag in flags
            for write in self._copied(flag | ids, own_key, case_key, address)
        ]
        await self._database.run_all_for(case_key.user_id, [*copies, _erased_later(case_key)])
        return True

    async def _case_key(self, user_id: UUID, *, make: bool) -> UserKey | None:
        """The case's key. A case that was closed has a tombstone and does not come back; one of a
        person whose own key is gone already was made before that, or never."""
        case_id = self._derived(user_id, "case")
        known = await self._key_if_any(case_id)
        if known is not None or not make:
            return known
        try:
            return await self._vault.new_user_key(case_id)
        except KeyTakenError:  # by a twin at this very moment, or there is a tombstone
            return await self._key_if_any(case_id)

    async def _key_if_any(self, user_id: UUID) -> UserKey | None:
        try:
            return await self._vault.user_key(user_id)
        except (KeyErasedError, KeyMissingError):
            return None

    def _copied(
        self,
        flag: dict[str, Any],
        own_key: UserKey | None,
        case_key: UserKey,
        address: Address | None,
    ) -> Iterator[Write]:
        found = _reasons(flag, own_key) | {
            "address": dataclasses.asdict(address) if address else None
        }
        new = {
            name: self._derived(flag[name], name)
            for name in ("event_id", "flag_id", "escalation_id")
        }
        message_id = self._derived(flag["event_id"], "message")
        row = flag | new | {"message_id": message_id}
        row["content"] = seal_text(case_key, "messages", message_id, NOT_KEPT)
        row["event_data"] = case_key.seal("safety_events", "event_data", new["event_id"], found)
        for name in ("add_message", "add_event", "add_flag", "add_escalation"):
            yield statement("kept_cases", name), row

    def _derived(self, id_: UUID, purpose: str) -> UUID:
        """An id for `purpose` that only this deployment can tell from `id_`. It has the time of
        `id_`, as every uuid7 of ours has one: a message's month must be there."""
        raw = bytearray(id_.bytes[:6] + self._vault.fingerprint(f"case:{purpose}:{id_}")[:10])
        raw[6] = raw[6] & 0x0F | 0x70
        raw[8] = raw[8] & 0x3F | 0x80
        return UUID(bytes=bytes(raw))


def _reasons(flag: dict[str, Any], key: UserKey | None) -> dict[str, object]:
    """Why it was flagged; unreadable after the key is gone, and then already copied."""
    if key is None or flag["event_data"] is None:
        return {}
    return key.open_json("safety_events", "event_data", flag["event_id"], flag["event_data"])


def _erased_later(key: UserKey) -> Write:
    """A case is to be erased from its first day; the sweep waits until its flags are done."""
    asked = {"user_id": key.user_id, "reason": "case_closed", "locale": None, "address": None}
    return statement("erasure", "ask"), asked
