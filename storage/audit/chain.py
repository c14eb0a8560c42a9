"""The chain of a person's audit entries: what each entry's hash covers, and whether all hold.

Entries are numbered from 1 without gaps. The hash of one covers the hash of the one before, so
an entry that was changed, taken out or slipped in is seen, and so is a head that names another
last entry. The key of the hashes is not in the database. They cover the database's own spelling
of each value, since jsonb and inet do not keep what they were given.
"""

from __future__ import annotations

import enum
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from storage.encryption import FINGERPRINT_BYTES, Vault
from storage.engine import Database
from storage.row_security import SYSTEM_USER
from storage.statements import statement

ENTRIES_AT_ONCE: Final = 500
CHAINS_AT_ONCE: Final = 1000
_BEFORE_ANY: Final = UUID(int=0)


class Fault(enum.StrEnum):
    """What is wrong with an entry, as it follows `entry 3 is`."""

    MISSING = "missing"
    CHANGED = "changed"
    EXTRA = "one too many"
    HEAD = "not what the head of the chain names as its last"
    CHECKPOINT = "not where the chain was cut when older months were dropped"
    ANCHOR = "not the one that was noted in the key store when the chain was last verified"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Where a chain breaks first; what follows was not looked at."""

    user_id: UUID
    seq: int
    fault: Fault

    def __str__(self) -> str:
        return f"in the chain of {self.user_id} entry {self.seq} is {self.fault}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The number and the hash of an entry: what the next one builds on."""

    seq: int = 0
    mac: bytes = b""


START: Final = Place()
"""Before the first entry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """How many entries of a chain hold, the last of them, and where it breaks, if it does."""

    entries: int
    last: Place | None
    finding: Finding | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    end: Place
    checkpoint_seq: int
    checkpoint_mac: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    place: Place
    id: UUID
    said: Sequence[str | None]


class _BrokenError(Exception):
    def __init__(self, seq: int, fault: Fault) -> None:
        super().__init__()
        self.seq, self.fault = seq, fault


def following(vault: Vault, before: Place, said: Sequence[str | None]) -> Place:
    """The place of the entry after `before`. `said` are its columns but number and hash, spelled
    and ordered as the statement `entries` reads them."""
    covered = json.dumps([before.seq + 1, before.mac.hex(), *said], separators=(",", ":"))
    return Place(seq=before.seq + 1, mac=vault.fingerprint(f"audit:{covered}"))


async def chains(database: Database) -> AsyncGenerator[list[UUID]]:
    """Whose chains there are, a page at a time; the system's is the first, begun or not."""
    page = [SYSTEM_USER]
    while page:
        yield page
        asked = {"after": page[-1], "most": CHAINS_AT_ONCE}
        async with database.dispatch() as connection:
            cursor = await connection.execute(statement("audit", "chains"), asked)
            page = [user_id for (user_id,) in await cursor.fetchall()]


class AuditChain:
    """Reads chains as the worker acting for their person. Each batch is a transaction of its
    own, so that nobody who appends or drops a month waits for a long chain."""

    def __init__(
        self, database: Database, vault: Vault, *, entries_at_once: int = ENTRIES_AT_ONCE
    ) -> None:
        self._database = database
        self._vault = vault
        self._at_once = entries_at_once

    async def examine(self, user_id: UUID, anchor: Place = START) -> Examined:
        """Walk a chain to its first fault, from where it was last cut. It must reach `anchor`,
        where it was seen to be before. A person without a chain has one of no entries."""
        entries, last, finding = 0, None, None
        try:
            async for place in self._walk(user_id, anchor):
                entries, last = entries + 1, place
        except _BrokenError as exc:
            finding = Finding(user_id=user_id, seq=exc.seq, fault=exc.fault)
        return Examined(entries=entries, last=last, finding=finding)

    async def cut(self, user_id: UUID, before: datetime) -> bool:
        """Let the chain begin after its last entry made before that time; whether it now begins
        later. One that does not hold up to there is left as it is, so that the break stays to be
        seen when the rows are gone."""
        cutting = {"user_id": user_id, "before": before}
        [(last,)] = await self._database.run_for(
            user_id, statement("audit", "last_before"), cutting
        )
        if last is None:
            return False
        try:
            async with aclosing(self._walk(user_id, START)) as places:
                async for place in places:
                    if place.seq == last:
                        return await self._move_checkpoint(user_id, place)
        except _BrokenError:
            pass
        return False

    async def _move_checkpoint(self, user_id: UUID, place: Place) -> bool:
        moving = {
            "user_id": user_id,
            "seq": place.seq,
            "mac": place.mac + self._checkpoint_seal(user_id, place),
        }
        moved = await self._database.run_for(user_id, statement("audit", "move_checkpoint"), moving)
        return bool(moved)

    def _checkpoint_seal(self, user_id: UUID, place: Place) -> bytes:
        """Beside the hash of a checkpoint's entry: without it, whoever can write to the database
        could drop the first entries and say that they were cut off here."""
        return self._vault.fingerprint(f"audit-checkpoint:{user_id}:{place.seq}:{place.mac.hex()}")

    async def _walk(self, user_id: UUID, anchor: Place) -> AsyncGenerator[Place]:
        """Every entry in order. Raises _BrokenError at the first that does not hold."""
        before, before_id = START, _BEFORE_ANY
        while True:
            head, batch = await self._read(user_id, before, before_id)
            if head.checkpoint_seq > before.seq:
                before = self._checkpoint(user_id, head)
            for entry in batch:
                self._check(entry, before, head.end)
                before, before_id = entry.place, entry.id
                if before.seq == anchor.seq and before != anchor:
                    raise _BrokenError(before.seq, Fault.ANCHOR)
                yield before
            if len(batch) < self._at_once:
                break
        _check_end(before, head.end, anchor)

    def _checkpoint(self, user_id: UUID, head: _Head) -> Place:
        mac = head.checkpoint_mac[:FINGERPRINT_BYTES]
        place = Place(seq=head.checkpoint_seq, mac=mac)
        if head.checkpoint_mac != mac + self._checkpoint_seal(user_id, place):
            raise _BrokenError(place.seq, Fault.CHECKPOINT)
        return place

    def _check(self, entry: _Entry, before: Place, end: Place) -> None:
        seq = entry.place.seq
        if seq <= before.seq:
            raise _BrokenError(seq, Fault.EXTRA)
        if seq > before.seq + 1:
            raise _BrokenError(before.seq + 1, Fault.MISSING)
        if entry.place != following(self._vault, before, entry.said):
            raise _BrokenError(seq, Fault.EXTRA if seq > end.seq else Fault.CHANGED)
        if seq > end.seq:
            raise _BrokenError(end.seq, Fault.HEAD)

    async def _read(
        self, user_id: UUID, after: Place, after_id: UUID
    ) -> tuple[_Head, list[_Entry]]:
        """The head and the next entries, as they were at one moment."""
        reading = {
            "user_id": user_id,
            "after": after.seq,
            "after_id": after_id,
            "most": self._at_once,
        }
        rows = await self._database.run_for(user_id, statement("audit", "entries"), reading)
        if not rows:
            return _Head(end=START, checkpoint_seq=0, checkpoint_mac=b""), []
        seq, mac, checkpoint_seq, checkpoint_mac, *_ = rows[0]
        head = _Head(
            end=Place(seq=seq, mac=bytes(mac)),
            checkpoint_seq=checkpoint_seq,
            checkpoint_mac=bytes(checkpoint_mac),
        )
        return head, [_entry(*row[4:]) for row in rows if row[4] is not None]


def _check_end(last: Place, end: Place, anchor: Place) -> None:
    if last.seq < end.seq:
        raise _BrokenError(last.seq + 1, Fault.MISSING)
    if last != end:
        raise _BrokenError(last.seq, Fault.HEAD)
    if last.seq < anchor.seq:
        raise _BrokenError(anchor.seq, Fault.ANCHOR)


def _entry(seq: int, mac: bytes, *said: Any) -> _Entry:
    return _Entry(place=Place(seq=seq, mac=bytes(mac)), id=UUID(said[0]), said=said)
