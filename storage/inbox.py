"""The inbox: what a person did, screened and sealed, from the moment the platform may forget it.

`take_in` is the one transaction before a platform is acknowledged. What it stored is worked off
by whoever holds the conversation's lease, and found again by a sweep if nobody does.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from safety.text import Domain, Risk, ScreenedText, Severity
from storage.addresses import Address
from storage.conversations import Lease
from storage.encryption import UserKey, Vault
from storage.engine import Database
from storage.errors import KeyErasedError, ParentGoneError, SealBrokenError
from storage.findings import FindingRow, finding_rows
from storage.people import Person
from storage.records import RiskFound
from storage.sealed_text import NOT_KEPT, open_text, seal_originals, seal_text
from storage.statements import statement

log = logging.getLogger(__name__)

MOST_PRESS: Final = 64
_MOST_PEOPLE: Final = 500

Kind = Literal["said", "pressed", "other"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing a person did, screened. `key` is the update's own; `press` a button's data, at
    most 64 printable ASCII characters; `message_ref` the platform's id of the message that
    carries the button, `query` what the platform wants acknowledged; `other` a kind without its
    content. `text` is None when there were no words or none may be stored."""

    key: str
    message_id: UUID
    kind: Kind
    address: Address
    text: ScreenedText | None
    press: str | None
    message_ref: str | None
    query: str | None
    other: str | None
    locale: str | None
    at: datetime
    risk: Risk

    def __post_init__(self) -> None:
        press = self.press or ""
        if len(press) > MOST_PRESS or not (press.isascii() and press.isprintable()):
            raise ValueError("A button's data is at most 64 printable ASCII characters.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """`fresh` is False for a second delivery. `lease` is None when somebody else holds the
    conversation. `alone`: no older entry of this conversation waits."""

    fresh: bool
    lease: Lease | None
    alone: bool


class Inbox:
    def __init__(self, database: Database, vault: Vault, *, lease_seconds: float = 30.0) -> None:
        self._database = database
        self._vault = vault
        self._lease_seconds = lease_seconds

    async def take_in(
        self,
        person: Person,
        entry: Entry,
        *,
        findings: tuple[RiskFound, ...],
        worker: UUID,
        preempt: bool,
    ) -> Taken:
        """Store an entry with what screening found in it, and try for the conversation's lease;
        `preempt` takes it from whoever has it. One round trip, one transaction. Raises
        KeyErasedError when the person was erased meanwhile."""
        key = await self._vault.user_key(person.id)
        parameters = {
            "user_id": person.id,
            "conversation_id": person.conversation_id,
            "key": self._vault.fingerprint(entry.key),
            "message_id": entry.message_id,
            "kind": entry.kind,
            "entry": key.seal("inbox", "entry", entry.message_id, _to_json(entry)),
            "worker": worker,
            "preempt": preempt,
            "lease_seconds": self._lease_seconds,
        }
        parameters |= self._message(entry, key, needed=bool(findings))
        parameters |= _columns(finding_rows(findings, key))
        try:
            [(fresh, epoch, alone)] = await self._database.run_for(
                person.id, statement("hot", "take_in"), parameters
            )
        except ParentGoneError:  # another worker erased them, and we remembered their key
            raise KeyErasedError from None
        lease = None
        if epoch is not None:
            lease = Lease(
                user_id=person.id,
                conversation_id=person.conversation_id,
                epoch=epoch,
                worker=worker,
            )
        return Taken(fresh=fresh, lease=lease, alone=alone)

    async def oldest_undone(self, lease: Lease) -> Entry | None:
        """The entry to work off next, as it was taken in. One that was tampered with is given up,
        so that it does not stand in the way of what the person says next."""
        key = await self._vault.user_key(lease.user_id)
        here = {"user_id": lease.user_id, "conversation_id": lease.conversation_id}
        oldest = statement("inbox", "oldest_undone")
        while rows := await self._database.run_for(lease.user_id, oldest, here):
            try:
                return _opened(key, *rows[0])
            except SealBrokenError as exc:
                log.error("An update was given up: %s", exc)
                broken = here | {"message_id": rows[0][0]}
                await self._database.run_for(lease.user_id, statement("inbox", "give_up"), broken)
        return None

    async def due_conversations(self, limit: int) -> list[tuple[UUID, UUID]]:
        """Conversations with undone entries that nobody holds, as (user, conversation)."""
        async with self._database.dispatch() as connection:
            due = await connection.execute(statement("inbox", "due_conversations"), {"most": limit})
        return [(user_id, conversation_id) for user_id, conversation_id in await due.fetchall()]

    async def sweep_done(self, older_than_hours: int = 48) -> int:
        """Forget entries that were done long ago and only served to recognise a redelivery;
        returns how many."""
        async with self._database.dispatch() as connection:
            people = await connection.execute(
                statement("inbox", "people_with_done"),
                {"hours": older_than_hours, "most": _MOST_PEOPLE},
            )
        gone = 0
        for (user_id,) in await people.fetchall():
            [(count,)] = await self._database.run_for(
                user_id,
                statement("inbox", "forget_done"),
                {"user_id": user_id, "hours": older_than_hours},
            )
            gone += count
        return gone

    def _message(self, entry: Entry, key: UserKey, *, needed: bool) -> dict[str, Any]:
        """The message row's columns; no content, no row."""
        text = entry.text
        if text is None:
            text = NOT_KEPT if needed else None
        if text is None:
            return {"role": "user", "content": None, "originals": None}
        return {
            "role": "system" if text is NOT_KEPT else "user",
            "content": seal_text(key, "messages", entry.message_id, text),
            "originals": seal_originals(key, "messages", entry.message_id, text),
        }


def _opened(
    key: UserKey, message_id: UUID, sealed: bytes, content: bytes | None, originals: bytes | None
) -> Entry:
    text = None
    if content is not None:
        text = open_text(key, "messages", message_id, content, originals)
    stored = key.open_json("inbox", "entry", message_id, sealed)
    return _from_json(stored, message_id, text)


def _columns(rows: Sequence[FindingRow]) -> dict[str, Any]:
    """Findings as arrays, one a column: the statement is the same however many there are."""
    alerts = [(row.event_id, row.alert) for row in rows if row.alert is not None]
    return {
        "event_ids": [row.event_id for row in rows],
        "sources": [row.source for row in rows],
        "event_types": [row.event_type for row in rows],
        "event_data": [row.event_data for row in rows],
        "severities": [row.severity for row in rows],
        "flag_event_ids": [event_id for event_id, _ in alerts],
        "flag_ids": [alert.flag_id for _, alert in alerts],
        "escalation_ids": [alert.escalation_id for _, alert in alerts],
        "aliases": [alert.alias for _, alert in alerts],
        "flag_types": [alert.flag_type for _, alert in alerts],
        "priorities": [alert.priority for _, alert in alerts],
    }


def _to_json(entry: Entry) -> dict[str, object]:
    """Everything but the text, which has a row of its own."""
    risk = entry.risk
    return {
        "key": entry.key,
        "kind": entry.kind,
        "address": dataclasses.asdict(entry.address),
        "press": entry.press,
        "message_ref": entry.message_ref,
        "query": entry.query,
        "other": entry.other,
        "locale": entry.locale,
        "at": entry.at.isoformat(),
        "risk": {
            "severity": risk.severity.label,
            "domain": risk.domain.value,
            "score": risk.score,
            "reasons": list(risk.reasons),
        },
    }


def _from_json(stored: Mapping[str, Any], message_id: UUID, text: ScreenedText | None) -> Entry:
    risk = stored["risk"]
    return Entry(
        key=stored["key"],
        message_id=message_id,
        kind=stored["kind"],
        address=Address.from_json(stored["address"]),
        text=text,
        press=stored["press"],
        message_ref=stored["message_ref"],
        query=stored["query"],
        other=stored["other"],
        locale=stored["locale"],
        at=datetime.fromisoformat(stored["at"]),
        risk=Risk(
            severity=Severity.of(risk["severity"]),
            domain=Domain(risk["domain"]),
            score=risk["score"],
            reasons=tuple(risk["reasons"]),
        ),
    )
