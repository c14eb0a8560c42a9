"""Rotation of keys while workers run, without touching a row of the database.

Each step leaves everything openable, so a rotation may be cut short anywhere and be run again:

    1  the wrapping keyset gets a new key beside the old one; whoever makes a person's key from
       here on uses the new one, or their store refuses it (`KeyStore.add_user_key`)
    2  people's keys are wrapped anew, a page at a time, each only if it is still as it was read:
       one that was erased meanwhile stays erased
    3  once nobody's key needs it, the old wrapping key is dropped

The keys of lookups and fingerprints are left alone: rows hold what they made, to be found by.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import UUID

import sqlalchemy as sa
import tink
from tink import aead

from storage.errors import StorageError
from storage.keys.deployment import NOBODY, TEMPLATES, WRAPPING, open_handles
from storage.keys.keysets import (
    ids_in,
    newest_id,
    newest_only,
    unwrap,
    with_new_key,
    wrap,
    wrapped_by,
)
from storage.keys.master import MasterKey
from storage.keys.store import KeyStore, read_deployment_keys
from storage.keys.tables import DEPLOYMENT_KEYS, USER_KEYS

if TYPE_CHECKING:
    from tink.aead import Aead

PAGE: Final = 200

Rewrap: TypeAlias = Callable[[UUID, bytes], bytes | None]


class RotationOvertakenError(StorageError):
    """Another rotation of keys runs at this moment. Wait for it, then run this one again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotated:
    """How many people's keys were wrapped anew, and how many do not open and were left as they
    are. `resumed`: an earlier rotation had been cut short and was finished first."""

    people: int
    unopened: int
    resumed: bool


async def rotate_wrapping(store: KeyStore, master: MasterKey, *, new_keys: bool = False) -> Rotated:
    """Give the deployment a new wrapping key and wrap every person's key with it; with
    `new_keys` every person also gets a new key of their own, beside those that open what is
    there. Raises RotationOvertakenError when another one runs."""
    return await asyncio.to_thread(Rotation(store, master).run, new_keys=new_keys)


class Rotation:
    """One run, in a thread: a KMS may be across a network."""

    def __init__(self, store: KeyStore, master: MasterKey) -> None:
        self._store = store
        self._master = master.aead

    def run(self, *, new_keys: bool) -> Rotated:
        stored, handle = self._wrapping()
        resumed = len(ids_in(handle)) > 1
        if resumed:
            self._finish(stored, handle, new_keys=False)
            stored, handle = self._wrapping()
        handle = with_new_key(handle, TEMPLATES[WRAPPING])
        stored = self._replace_wrapping(stored, handle, created_at=datetime.now(UTC))
        people, unopened = self._finish(stored, handle, new_keys=new_keys)
        return Rotated(people=people, unopened=unopened, resumed=resumed)

    def _finish(
        self, stored: bytes, handle: tink.KeysetHandle, *, new_keys: bool
    ) -> tuple[int, int]:
        """Steps 2 and 3. Returns how many keys were wrapped anew and how many do not open."""
        rewrap = partial(_rewrapped, handle.primitive(aead.Aead), newest_id(handle), new_keys)
        people = 0
        while True:
            done, unopened, missed = self._pass(rewrap, created_at=new_keys)
            people += done
            if not missed:  # somebody else's change was in the way: look again
                break
        if not unopened:
            self._replace_wrapping(stored, newest_only(handle))
        elif self._wrapping()[0] != stored:
            raise RotationOvertakenError
        return people, unopened

    def _pass(self, rewrap: Rewrap, *, created_at: bool) -> tuple[int, int, int]:
        """Go through everybody once. How many keys were wrapped anew, do not open, and were
        changed meanwhile by somebody else."""
        done = unopened = missed = 0
        for page in self._pages():
            results = [(row, rewrap(*row)) for row in page]
            unopened += sum(result is None for _, result in results)
            changes = [(*row, new) for row, new in results if new is not None and new != row[1]]
            replaced = self._replace_user_keys(changes, created_at=created_at)
            done, missed = done + replaced, missed + len(changes) - replaced
        return done, unopened, missed

    def _pages(self) -> Iterator[list[tuple[UUID, bytes]]]:
        page = self._store.read_now(partial(_page, after=None))
        while page:
            yield page
            page = self._store.read_now(partial(_page, after=page[-1][0]))

    def _wrapping(self) -> tuple[bytes, tink.KeysetHandle]:
        stored = self._store.read_now(read_deployment_keys)
        return stored[WRAPPING], open_handles(stored, self._master)[WRAPPING]

    def _replace_wrapping(
        self, stored: bytes, handle: tink.KeysetHandle, **changed: datetime
    ) -> bytes:
        wrapped = wrap(handle, self._master, NOBODY)
        replace = (
            sa.update(DEPLOYMENT_KEYS)
            .where(DEPLOYMENT_KEYS.c.name == WRAPPING, DEPLOYMENT_KEYS.c.wrapped == stored)
            .values(wrapped=wrapped, **changed)
        )
        if self._store.write_now(lambda connection: connection.execute(replace).rowcount) != 1:
            raise RotationOvertakenError
        return wrapped

    def _replace_user_keys(
        self, changes: list[tuple[UUID, bytes, bytes]], *, created_at: bool
    ) -> int:
        now = {"created_at": datetime.now(UTC)} if created_at else {}

        def replace(connection: sa.Connection) -> int:
            return sum(
                connection.execute(
                    sa.update(USER_KEYS)
                    .where(USER_KEYS.c.user_id == user_id, USER_KEYS.c.wrapped == before)
                    .values(wrapped=after, **now)
                ).rowcount
                for user_id, before, after in changes
            )

        return self._store.write_now(replace) if changes else 0


def _rewrapped(
    wrapping: Aead, newest: int, new_keys: bool, user_id: UUID, wrapped: bytes
) -> bytes | None:
    """A person's keyset under the newest wrapping key; as it is when it is that already, None
    when it does not open."""
    if wrapped_by(wrapped) == newest:
        return wrapped
    try:
        handle = unwrap(wrapped, wrapping, user_id.bytes)
    except tink.TinkError:
        return None
    if new_keys:
        handle = with_new_key(handle, aead.aead_key_templates.AES256_GCM)
    return wrap(handle, wrapping, user_id.bytes)


def _page(connection: sa.Connection, after: UUID | None) -> list[tuple[UUID, bytes]]:
    query = (
        sa.select(USER_KEYS.c.user_id, USER_KEYS.c.wrapped)
        .where(USER_KEYS.c.wrapped.is_not(None))
        .order_by(USER_KEYS.c.user_id)
        .limit(PAGE)
    )
    if after is not None:
        query = query.where(USER_KEYS.c.user_id > after)
    return [(row.user_id, row.wrapped) for row in connection.execute(query)]
