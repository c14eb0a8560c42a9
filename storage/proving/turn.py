"""The statements of a turn, one after the other, with parameters as long as real ones.

What pgbench is given is made of the same statements and the same values: see `bot.bench.pgbench`.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, LiteralString, TypeAlias
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from storage.compiled import insert_into
from storage.row_security import ACT_FOR, Role, connect_options
from storage.statements import statement
from storage.translation import translated
from storage.wire.pipeline import Parameters, Wire

Statement: TypeAlias = tuple[LiteralString, Parameters]
Run: TypeAlias = Callable[[UUID, list[Statement]], Awaitable[list[list[tuple[Any, ...]]]]]
"""One round trip and one transaction of a person."""

Turn: TypeAlias = Callable[[Run, UUID], Awaitable[None]]

HOT: Final = (("hot", "take_in"), ("hot", "turn_commit"))
MARK: Final = ("outbox", "sent")
"""What every turn runs: it is taken in and committed, and its reply is marked as sent."""

# As long as the sealed columns of a turn with a sentence each way.
_ENTRY, _SAID, _REPLY, _STATE, _PAYLOAD, _MOOD = (
    secrets.token_bytes(length) for length in (380, 90, 160, 150, 420, 90)
)

CONSTANT: Final[Mapping[str, Mapping[str, Any]]] = {
    "take_in": {
        "kind": "said",
        "entry": _ENTRY,
        "worker": uuid7(),
        "preempt": False,
        "lease_seconds": 30.0,
        "role": "user",
        "content": _SAID,
        "originals": None,
        "event_ids": [],
        "sources": [],
        "event_types": [],
        "event_data": [],
        "severities": [],
        "flag_event_ids": [],
        "flag_ids": [],
        "escalation_ids": [],
        "aliases": [],
        "flag_types": [],
        "priorities": [],
    },
    "turn_commit": {
        "state": _STATE,
        "rows": 1,
        "send_seconds": 30.0,
        "roles": ["assistant"],
        "contents": [_REPLY],
        "originals": [None],
        "classes": ["normal"],
        "platforms": ["console"],
        "payloads": [_PAYLOAD],
    },
    "sent": {"refs": [None]},
}
"""By statement: the parameters that are the same in every turn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ids:
    """What is new in every turn. A person's conversation has the person's id."""

    person: UUID
    key: bytes
    message: UUID
    said: UUID

    @classmethod
    def fresh(cls, person: UUID) -> Ids:
        return cls(person=person, key=secrets.token_bytes(32), message=uuid7(), said=uuid7())

    def statement(self, file: str, name: str, **more: Any) -> Statement:
        own = {
            "user_id": self.person,
            "conversation_id": self.person,
            "key": self.key,
            "message_id": self.message,
            "message_ids": [self.said],
            "said_ids": [self.said],
            "outbox_ids": [self.said],
            "ids": [self.said],
        }
        return statement(file, name), {**CONSTANT.get(name, {}), **own, **more}


async def hot_turn(run: Run, person: UUID) -> None:
    """The statements of `HOT`."""
    await _hot(run, Ids.fresh(person))


async def marked_turn(run: Run, person: UUID) -> None:
    """Those of `HOT`, and the `MARK`."""
    ids = Ids.fresh(person)
    await _hot(run, ids)
    await run(person, [ids.statement(*MARK)])


async def whole_turn(run: Run, person: UUID) -> None:
    """All that a turn asks the database, with a dialog that looks at what was said and felt and
    stores a mood."""
    ids = Ids.fresh(person)
    await run(person, [ids.statement("conversations", "glance", most=4)])
    epoch = await _taken_in(run, ids)
    await run(person, [ids.statement("conversations", "load", epoch=epoch)])
    await run(person, [ids.statement("facts", "messages"), ids.statement("facts", "moods")])
    await run(person, [ids.statement("hot", "turn_commit", epoch=epoch), _mood(ids)])
    await run(person, [ids.statement(*MARK)])


async def _hot(run: Run, ids: Ids) -> None:
    epoch = await _taken_in(run, ids)
    await run(ids.person, [ids.statement("hot", "turn_commit", epoch=epoch)])


async def _taken_in(run: Run, ids: Ids) -> int:
    [[(_, epoch, _)]] = await run(ids.person, [ids.statement("hot", "take_in")])
    if epoch is None:
        raise AssertionError("nobody else holds a conversation of the bench")
    return int(epoch)


def _mood(ids: Ids) -> Statement:
    values = {
        "id": ids.said,
        "user_id": ids.person,
        "mood_score": 7,
        "context_data": _MOOD,
        "entry_timestamp": datetime.now(UTC),
    }
    return insert_into("mood_entries", tuple(values)), values


class Lane:
    """One connection: as a worker, or as an administrator whom no policy holds, with the same
    settings otherwise."""

    def __init__(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        self._connection = connection
        self._wire = Wire(connection)

    @classmethod
    async def open(cls, url: str, *, as_worker: bool = True) -> Lane:
        options = connect_options(Role.WORKER)
        if not as_worker:
            options = options.replace(f"-c role={Role.WORKER} ", "")
        with translated():
            connection = await psycopg.AsyncConnection.connect(
                url, options=options, client_encoding="UTF8", autocommit=True
            )
        return cls(connection)

    async def run(self, person: UUID, statements: list[Statement]) -> list[list[tuple[Any, ...]]]:
        with translated():
            _, *rows = await self._wire.run([(ACT_FOR, (str(person),)), *statements])
        return rows

    async def close(self) -> None:
        self._wire.close()
        await self._connection.close()
