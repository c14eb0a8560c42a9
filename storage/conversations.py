"""Conversations: who holds one, what is known before a turn, and the one commit that ends it.

A worker holds a conversation by a lease. Each holder has an epoch of its own, and the commit
names it: a worker that was overtaken (its lease ran out, or a crisis came first) writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from safety.text import ScreenedText
from storage.addresses import Address
from storage.audit.log import AuditLog
from storage.encryption import UserKey, Vault
from storage.engine import Database
from storage.erasing.withdrawals import taken_back, undoing, undone
from storage.errors import FencedError, SealBrokenError
from storage.fact_reads import read_facts
from storage.facts import Facts, Need
from storage.outbox import SEND_SECONDS, OutboxRow, seal_payload
from storage.people import Person, person_from
from storage.record_writes import Place, writes
from storage.records import Purpose, Record
from storage.sealed_text import seal_originals, seal_text
from storage.statements import statement

if TYPE_CHECKING:
    from storage.inbox import Entry

log = logging.getLogger(__name__)

EARLIER_MESSAGES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """The right to write a conversation's next turn, for as long as `epoch` is its epoch."""

    user_id: UUID
    conversation_id: UUID
    epoch: int
    worker: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Glance:
    """What screening wants to know of a person: whether they agreed to the service, and their
    latest messages, masked, oldest first."""

    consented: bool
    earlier: tuple[str, ...]
    locale: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """The holder's view: the person as they are now, and the dialogs' state."""

    person: Person
    state: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AssistantMessage:
    """Something the bot says, as it is kept in the conversation."""

    id: UUID
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """Something to send: `payload` is a JSON object that only the platform's side reads."""

    id: UUID
    message_id: UUID | None
    address: Address
    payload: Mapping[str, Any]
    safety: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnCommit:
    """Everything a turn decided. `heard` is the label of the button that was pressed, kept as the
    person's message; `sender` the worker that sends the rows at once."""

    lease: Lease
    entry: Entry
    state: Mapping[str, Any]
    heard: ScreenedText | None
    said: tuple[AssistantMessage, ...]
    outgoing: tuple[Outgoing, ...]
    records: tuple[Record, ...]
    sender: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Committed:
    """The rows to send, in order, marked as being sent. `behind`: earlier rows of this
    conversation still wait, and these must line up."""

    rows: tuple[OutboxRow, ...]
    behind: bool


class Conversations:
    def __init__(self, database: Database, vault: Vault, *, lease_seconds: float = 30.0) -> None:
        self._database = database
        self._vault = vault
        self._audit = AuditLog(database, vault)
        self._lease_seconds = lease_seconds

    async def glance(self, person: Person) -> Glance:
        """What to know before screening, in one round trip and without a lease."""
        key = await self._vault.user_key(person.id)
        [(consented, locale, ids, contents)] = await self._database.run_for(
            person.id,
            statement("conversations", "glance"),
            {
                "user_id": person.id,
                "conversation_id": person.conversation_id,
                "most": EARLIER_MESSAGES,
            },
        )
        earlier = zip(ids or (), contents or (), strict=True)
        return Glance(
            consented=bool(consented),
            earlier=tuple(_whole(key, earlier)),
            locale=locale or person.locale,
        )

    async def load(self, lease: Lease) -> Loaded:
        """Raises FencedError when the lease is lost already."""
        key = await self._vault.user_key(lease.user_id)
        rows = await self._run(lease, "load", epoch=lease.epoch)
        if not rows:
            raise FencedError
        sealed, preferences, consents = rows[0]
        person = person_from(lease.user_id, lease.conversation_id, preferences)
        state: Mapping[str, Any] = {}
        if sealed is not None:
            state = _state(key, lease.conversation_id, sealed)
        granted = frozenset(Purpose(purpose) for purpose in consents)
        return Loaded(person=replace(person, consents=granted), state=state)

    async def facts(self, lease: Lease, needs: frozenset[Need]) -> Facts:
        """The person's own recent records of these kinds, opened, in one round trip."""
        key = await self._vault.user_key(lease.user_id)
        return await read_facts(self._database, key, lease.conversation_id, needs)

    async def commit(self, turn: TurnCommit) -> Committed:
        """Write the turn and let go of the conversation: one transaction, one round trip. Raises
        FencedError, and writes nothing at all, when the lease was lost or the entry is done."""
        place = await self._place(turn)
        user_id = turn.lease.user_id
        fence = (statement("hot", "turn_commit"), self._parameters(turn, place.key))
        ended = taken_back(turn.records)
        undo = [undoing(purpose, user_id) for purpose in ended]
        [[(seq0, behind)], *rows] = await self._database.run_all_for(
            user_id, [fence, *writes(turn.records, place), *undo]
        )
        for purpose, [(count,)] in zip(reversed(ended), reversed(rows), strict=False):
            await self._audit.append(user_id, undone(purpose, count))
        return Committed(rows=_rows(turn, seq0), behind=behind)

    async def acquire(self, user_id: UUID, conversation_id: UUID, worker: UUID) -> Lease | None:
        """Hold a conversation that nobody holds; None when somebody does."""
        lease = Lease(user_id=user_id, conversation_id=conversation_id, epoch=0, worker=worker)
        return await self._acquired(lease, "acquire")

    async def acquire_if_waiting(self, lease: Lease, worker: UUID) -> Lease | None:
        """Hold the conversation again if something came in meanwhile: whoever took that in found
        it held, and counts on its holder to look."""
        return await self._acquired(replace(lease, worker=worker), "acquire_if_waiting")

    async def renew(self, lease: Lease) -> bool:
        """Hold on for longer; False when the lease is lost."""
        rows = await self._run(lease, "renew", epoch=lease.epoch, lease_seconds=self._lease_seconds)
        return bool(rows)

    async def release(self, lease: Lease) -> None:
        """Let go without a turn."""
        await self._run(lease, "release", epoch=lease.epoch)

    async def _acquired(self, wanted: Lease, name: str) -> Lease | None:
        rows = await self._run(
            wanted, name, worker=wanted.worker, lease_seconds=self._lease_seconds
        )
        return replace(wanted, epoch=rows[0][0]) if rows else None

    async def _run(self, lease: Lease, name: str, **more: object) -> list[tuple[Any, ...]]:
        parameters = {"user_id": lease.user_id, "conversation_id": lease.conversation_id, **more}
        return await self._database.run_for(
            lease.user_id, statement("conversations", name), parameters
        )

    async def _place(self, turn: TurnCommit) -> Place:
        return Place(
            user_id=turn.lease.user_id,
            conversation_id=turn.lease.conversation_id,
            message_id=turn.entry.message_id,
            address=turn.entry.address,
            key=await self._vault.user_key(turn.lease.user_id),
            vault=self._vault,
        )

    def _parameters(self, turn: TurnCommit, key: UserKey) -> dict[str, Any]:
        lease = turn.lease
        return {
            "user_id": lease.user_id,
            "conversation_id": lease.conversation_id,
            "epoch": lease.epoch,
            "key": self._vault.fingerprint(turn.entry.key),
            "state": key.seal("conversations", "state", lease.conversation_id, turn.state),
            "rows": len(turn.outgoing),
            "send_seconds": SEND_SECONDS,
            **self._messages(turn, key),
            **_outbox(turn.outgoing, key),
        }

    def _messages(self, turn: TurnCommit, key: UserKey) -> dict[str, Any]:
        """What was heard and said, as arrays, one a column."""
        messages = [("assistant", said.id, ScreenedText.authored(said.text)) for said in turn.said]
        if turn.heard is not None:
            messages.insert(0, ("user", turn.entry.message_id, turn.heard))
        return {
            "roles": [role for role, _, _ in messages],
            "message_ids": [id_ for _, id_, _ in messages],
            "contents": [seal_text(key, "messages", id_, text) for _, id_, text in messages],
            "originals": [seal_originals(key, "messages", id_, text) for _, id_, text in messages],
        }


def _outbox(outgoing: tuple[Outgoing, ...], key: UserKey) -> dict[str, Any]:
    return {
        "outbox_ids": [row.id for row in outgoing],
        "said_ids": [row.message_id for row in outgoing],
        "classes": ["safety" if row.safety else "normal" for row in outgoing],
        "platforms": [row.address.platform.value for row in outgoing],
        "payloads": [seal_payload(key, row.id, row.address, row.payload) for row in outgoing],
    }


def _rows(turn: TurnCommit, seq0: int) -> tuple[OutboxRow, ...]:
    return tuple(
        OutboxRow(
            id=row.id,
            user_id=turn.lease.user_id,
            conversation_id=turn.lease.conversation_id,
            seq=seq,
            safety=row.safety,
            attempts=1,
            address=row.address,
            payload=row.payload,
        )
        for seq, row in enumerate(turn.outgoing, seq0 + 1)
    )


def _whole(key: UserKey, messages: Iterable[tuple[UUID, bytes]]) -> Iterator[str]:
    """Without those that do not open: screening does with less context, a person not without."""
    for id_, content in messages:
        try:
            yield key.open_text("messages", "content", id_, content)
        except SealBrokenError as exc:
            log.error("An earlier message was left out: %s", exc)


def _state(key: UserKey, conversation_id: UUID, sealed: bytes) -> Mapping[str, Any]:
    """A state that does not open is given up: what was open begins anew."""
    try:
        return key.open_json("conversations", "state", conversation_id, sealed)
    except SealBrokenError as exc:
        log.error("A conversation begins anew: %s", exc)
        return {}
