"""Puts a copy of the key store back: what either side could open, opens afterwards, except the
words of people who were erased on either side.

Who was erased after the copy was made and is unknown to the store, which may have been lost, is
known to the database: see `storage.erasing.erasure.replay`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
import tink
from tink import aead, daead, prf

from storage.errors import StorageConfigurationError
from storage.keys.copies import KeyCopy
from storage.keys.deployment import WRAPPING, OtherMasterKeyError, open_handles
from storage.keys.keysets import ids_in, united, unwrap, wrap
from storage.keys.master import MasterKey
from storage.keys.rotation import RotationOvertakenError
from storage.keys.store import KeyStore, read_deployment_keys
from storage.keys.tables import DEPLOYMENT_KEYS, USER_KEYS

if TYPE_CHECKING:
    from tink.aead import Aead


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """How many people's keys came back, got keys back that were missing, or were left destroyed
    because the person was erased; `unopened` keys of the copy do not open and were left out."""

    added: int = 0
    completed: int = 0
    erased: int = 0
    unopened: int = 0


async def restore_keys(store: KeyStore, master: MasterKey, copy: KeyCopy) -> Restored:
    """Bring a copy into `store`, in one transaction. Raises StorageConfigurationError for one of
    another deployment or under another master key."""
    return await asyncio.to_thread(_restore, store, master.aead, copy)


def _restore(store: KeyStore, master: Aead, copy: KeyCopy) -> Restored:
    theirs = _handles_of_copy(copy, master)
    stored = store.read_now(read_deployment_keys)
    ours = open_handles(stored, master) if stored else theirs
    _require_same_deployment(ours, theirs)
    merge = Merge(
        ours=ours[WRAPPING].primitive(aead.Aead),
        theirs=theirs[WRAPPING].primitive(aead.Aead),
    )

    def work(connection: sa.Connection) -> Restored:
        if not stored:
            connection.execute(sa.insert(DEPLOYMENT_KEYS), list(copy.deployment.values()))
        elif _held(connection) != stored:
            raise RotationOvertakenError
        return merge.into(connection, copy)

    return store.write_now(work)


def _handles_of_copy(copy: KeyCopy, master: Aead) -> dict[str, Any]:
    try:
        return open_handles(copy.wrapped, master)
    except OtherMasterKeyError:
        raise StorageConfigurationError(
            "The master key does not open this copy. Set EVENKEEL_MASTER_KEY to the one of the "
            "time when the copy was made; nothing was changed."
        ) from None


def _require_same_deployment(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    if _mark(ours) != _mark(theirs):
        raise StorageConfigurationError(
            "This copy is of another deployment: its keys open nothing here. Nothing was changed."
        )


def _mark(handles: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """The same for all copies of a deployment's store: two of its keys never change."""
    lookups = handles["lookups"].primitive(daead.DeterministicAead)
    fingerprints = handles["fingerprints"].primitive(prf.PrfSet).primary()
    return lookups.encrypt_deterministically(b"", b"mark"), fingerprints.compute(b"mark", 32)


def _held(connection: sa.Connection) -> dict[str, bytes]:
    """The deployment's keys, which stay as they are until the transaction ends."""
    query = sa.select(DEPLOYMENT_KEYS.c.name, DEPLOYMENT_KEYS.c.wrapped).with_for_update()
    return {row.name: row.wrapped for row in connection.execute(query)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """`ours` and `theirs` open the keys of the store and of the copy."""

    ours: Aead
    theirs: Aead

    def into(self, connection: sa.Connection, copy: KeyCopy) -> Restored:
        people = connection.execute(sa.select(USER_KEYS).with_for_update())
        here = {row.user_id: row.wrapped for row in people}
        added: list[Mapping[str, Any]] = []
        changed: dict[UUID, bytes | None] = {}
        unopened = 0
        for row in copy.people:
            user_id, before = row["user_id"], here.get(row["user_id"])
            try:
                key = self._merged(user_id, before, row["wrapped"], known=user_id in here)
            except tink.TinkError:
                unopened += 1
                continue
            if user_id not in here:
                added.append({**row, "wrapped": key})
            elif key != before:
                changed[user_id] = key
        _write(connection, added, changed)
        return Restored(
            added=sum(row["wrapped"] is not None for row in added),
            completed=sum(key is not None for key in changed.values()),
            erased=sum(row["wrapped"] is None for row in added)
            + sum(key is None for key in changed.values()),
            unopened=unopened,
        )

    def _merged(
        self, user_id: UUID, here: bytes | None, there: bytes | None, *, known: bool
    ) -> bytes | None:
        """A person's key after the merge; None for somebody erased on either side."""
        if there is None or (known and here is None):
            return None
        ours, theirs = self._opened(user_id, here), unwrap(there, self.theirs, user_id.bytes)
        if here is not None and ours is not None:
            if ids_in(theirs) <= ids_in(ours):
                return here
            theirs = united(ours, theirs)
        return wrap(theirs, self.ours, user_id.bytes)

    def _opened(self, user_id: UUID, here: bytes | None) -> tink.KeysetHandle | None:
        """None for a key that is not here, or does not open."""
        try:
            return None if here is None else unwrap(here, self.ours, user_id.bytes)
        except tink.TinkError:
            return None


def _write(
    connection: sa.Connection,
    added: list[Mapping[str, Any]],
    changed: Mapping[UUID, bytes | None],
) -> None:
    if added:
        connection.execute(sa.insert(USER_KEYS), added)
    for user_id, key in changed.items():
        erased_at = datetime.now(UTC) if key is None else None
        change = sa.update(USER_KEYS).where(USER_KEYS.c.user_id == user_id)
        connection.execute(change.values(wrapped=key, erased_at=erased_at))
