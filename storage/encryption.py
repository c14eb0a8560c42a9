"""Sealing: what is written is readable with the person's own key, in its own row, and nowhere else.

    master key       file, environment or KMS (`keys.master`); opens the deployment's keys
    deployment keys  wrapping (opens people's keys), lookups, fingerprints (`keys.deployment`)
    a person's key   AES-256-GCM, one each; in the key store, destroyed when they are erased

Every ciphertext is bound to its user, table, column and row, so that one moved elsewhere does
not open. Tink's prefix names the key, which lets a keyset hold an old and a new one. A worker that
meets a key it does not know looks into the key store once: somebody rotated it (`keys.rotation`).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import tink
from tink import aead

from storage.errors import (
    KeyErasedError,
    KeyMissingError,
    SealBrokenError,
    StorageConfigurationError,
    StorageUnavailableError,
)
from storage.keys.deployment import DeploymentKeys
from storage.keys.keysets import ids_in, key_id_of, unwrap, wrap, wrapped_by
from storage.keys.master import find_master_key, first_run_alone
from storage.keys.store import KeyStore, read_deployment_keys
from storage.statements import statement

if TYPE_CHECKING:
    from tink.aead import Aead

    from storage.engine import Database

Sealable = bytes | str | Mapping[str, object]

MOST_OPEN_KEYS: Final = 4096
MOST_REREADS: Final = 4
OPEN_SECONDS: Final = 600.0  # how long another process may go on after a key was destroyed
FINGERPRINT_BYTES: Final = 32


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class OpenKeyset:
    """What opens a person's columns, and the ids of the keys in it."""

    aead: Aead
    ids: frozenset[int]


class UserKey:
    """One person's key, opened. It lives in memory for minutes and is never printed."""

    __slots__ = ("_aead", "_ids", "_in_vain", "_owner", "_reread", "user_id")

    def __init__(
        self,
        user_id: UUID,
        opened: Aead,
        ids: frozenset[int] = frozenset(),
        reread: Callable[[UUID], OpenKeyset] | None = None,
    ) -> None:
        self.user_id = user_id
        self._aead = opened
        self._ids = ids
        self._reread = reread
        self._in_vain: set[int] = set()
        self._owner = str(user_id)

    def seal(self, table: str, column: str, row_id: UUID, data: Sealable) -> bytes:
        """Seal bytes, a text, or a JSON object for one column of one row."""
        sealed: bytes = self._aead.encrypt(_as_bytes(data), self._place(table, column, row_id))
        return sealed

    def open(self, table: str, column: str, row_id: UUID, sealed: bytes) -> bytes:
        """Raises SealBrokenError for bytes of another person, table, column or row."""
        place = self._place(table, column, row_id)
        opened = self._opened(sealed, place)
        if opened is None and self._is_newer(sealed):
            opened = self._opened(sealed, place)
        if opened is None:
            raise SealBrokenError(table, column)
        return opened

    def open_text(self, table: str, column: str, row_id: UUID, sealed: bytes) -> str:
        return self.open(table, column, row_id, sealed).decode()

    def open_json(self, table: str, column: str, row_id: UUID, sealed: bytes) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.open(table, column, row_id, sealed))
        return value

    def _opened(self, sealed: bytes, place: bytes) -> bytes | None:
        try:
            data: bytes = self._aead.decrypt(sealed, place)
        except tink.TinkError:
            return None
        return data

    def _is_newer(self, sealed: bytes) -> bool:
        """Whether the key store knows the key that these bytes name and we did not; then we do
        now. It is asked once for each id, and for few of them: broken seals must not turn into
        load on it."""
        key_id = key_id_of(sealed)
        if key_id is None or self._reread is None or key_id in self._ids | self._in_vain:
            return False
        if len(self._in_vain) >= MOST_REREADS:
            return False
        keyset = self._reread(self.user_id)
        self._aead, self._ids = keyset.aead, keyset.ids
        if key_id not in self._ids:
            self._in_vain.add(key_id)
        return key_id in self._ids

    def _place(self, table: str, column: str, row_id: UUID) -> bytes:
        return f"{self._owner}|{table}|{column}|{row_id}".encode()

    def __repr__(self) -> str:
        return "UserKey(...)"


class Vault:
    """Opens people's keys and remembers them for a while; turns names into searchable bytes.
    `reopen` opens the deployment's keys anew, and blocks."""

    def __init__(
        self,
        store: KeyStore,
        keys: DeploymentKeys,
        *,
        reopen: Callable[[], DeploymentKeys] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._keys = keys
        self._reopen = reopen
        self._clock = clock
        self._open: OrderedDict[UUID, tuple[UserKey, float]] = OrderedDict()
        self._in_vain: set[int | None] = set()

    @classmethod
    async def open(
        cls,
        *,
        master_key: str | None,
        data_dir: Path,
        key_store_url: str | None,
        database: Database | None = None,
    ) -> Vault:
        """`master_key` is a Tink keyset (JSON, or that in base64) or a KMS address; without one a
        file is made in `data_dir` on the first run. Raises StorageConfigurationError when it does
        not open the key store, or when the store does not know the people of `database`."""
        store = await KeyStore.open(data_dir=data_dir, url=key_store_url)
        try:
            if database is not None:
                await require_keys_of(database, store)
            unlock = partial(open_deployment_keys, store, master_key, data_dir)
            return cls(store, await asyncio.to_thread(unlock), reopen=unlock)
        except BaseException:
            await store.close()
            raise

    @property
    def store(self) -> KeyStore:
        """Where the keys are, for what else is kept outside the database."""
        return self._store

    async def close(self) -> None:
        self._open.clear()
        await self._store.close()

    async def user_key(self, user_id: UUID) -> UserKey:
        """A person's key. Raises KeyErasedError once they were erased, KeyMissingError when the
        key store never had one."""
        known = self._open.get(user_id)
        if known is not None and known[1] > self._clock():
            self._open.move_to_end(user_id)
            return known[0]
        keyset = await asyncio.to_thread(self._read, user_id)
        return self._remember(user_id, keyset)

    async def new_user_key(self, user_id: UUID) -> UserKey:
        """Make a person's key. It is stored before any of their rows is, so that no row can be
        left that nothing opens."""
        for _ in range(MOST_REREADS):
            handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
            wrapped = wrap(handle, self._keys.wrapping, user_id.bytes)
            if await self._store.add_user_key(user_id, wrapped, under=self._keys.wrapping_id):
                opened = OpenKeyset(aead=handle.primitive(aead.Aead), ids=ids_in(handle))
                return self._remember(user_id, opened)
            await asyncio.to_thread(self._learn_wrapping)
        raise StorageUnavailableError

    async def erase_user_key(self, user_id: UUID) -> bool:
        """Destroy a person's key: every sealed column of theirs, in every backup, is noise from
        now on. False when there was no key to destroy."""
        self._open.pop(user_id, None)
        return await self._store.erase_user_key(user_id)

    async def erased_users(self) -> list[UUID]:
        """Everybody whose key was destroyed."""
        return await self._store.erased_users()

    async def drop_user_key(self, user_id: UUID) -> None:
        """Take back the key of a sign-up that did not happen."""
        self._open.pop(user_id, None)
        await self._store.drop_user_key(user_id)

    def lookup(self, purpose: str, value: str) -> bytes:
        """The same bytes for the same value, so that a UNIQUE column and an index work; they can
        be opened again. `purpose` keeps equal values of different columns apart."""
        found: bytes = self._keys.lookups.encrypt_deterministically(
            value.encode(), purpose.encode()
        )
        return found

    def open_lookup(self, purpose: str, found: bytes) -> str:
        """What `lookup` was given. Raises SealBrokenError for bytes of another purpose."""
        try:
            opened: bytes = self._keys.lookups.decrypt_deterministically(found, purpose.encode())
        except tink.TinkError:
            raise SealBrokenError("lookups", purpose) from None
        return opened.decode()

    def fingerprint(self, value: str) -> bytes:
        """A keyed hash: the same bytes for the same value, and no way back."""
        hashed: bytes = self._keys.fingerprints.compute(value.encode(), FINGERPRINT_BYTES)
        return hashed

    def _read(self, user_id: UUID) -> OpenKeyset:
        """A person's keyset as the store has it now. Blocks: off the event loop for a key that
        is not open, on it for one that was rotated while it was (once a rotation and person)."""
        stored = self._store.user_key_now(user_id)
        if stored is None:
            raise KeyMissingError
        if stored.wrapped is None:
            self._open.pop(user_id, None)
            raise KeyErasedError
        by = wrapped_by(stored.wrapped)
        if by not in self._keys.wrapping_ids | self._in_vain:
            self._learn_wrapping()
            if by not in self._keys.wrapping_ids and len(self._in_vain) < MOST_OPEN_KEYS:
                self._in_vain.add(by)
        return self._unwrapped(user_id, stored.wrapped)

    def _learn_wrapping(self) -> None:
        if self._reopen is not None:
            self._keys = self._reopen()

    def _unwrapped(self, user_id: UUID, wrapped: bytes) -> OpenKeyset:
        try:
            handle = unwrap(wrapped, self._keys.wrapping, user_id.bytes)
            return OpenKeyset(aead=handle.primitive(aead.Aead), ids=ids_in(handle))
        except tink.TinkError:
            raise SealBrokenError("user_keys", "wrapped") from None

    def _remember(self, user_id: UUID, keyset: OpenKeyset) -> UserKey:
        key = UserKey(user_id, keyset.aead, keyset.ids, self._read)
        self._open[user_id] = (key, self._clock() + OPEN_SECONDS)
        self._open.move_to_end(user_id)
        while len(self._open) > MOST_OPEN_KEYS:
            self._open.popitem(last=False)
        return key


def open_deployment_keys(store: KeyStore, master_key: str | None, data_dir: Path) -> DeploymentKeys:
    """Open the deployment's keys, or make them on the first run. Blocks."""
    if master_key is not None:
        return _opened(store, master_key, data_dir)
    with first_run_alone(data_dir):  # also while `keys rotate` changes the file
        return _opened(store, None, data_dir)


def _opened(store: KeyStore, master_key: str | None, data_dir: Path) -> DeploymentKeys:
    in_use = bool(store.read_now(read_deployment_keys))
    master = find_master_key(master_key, data_dir, key_store_in_use=in_use)
    keys = DeploymentKeys.opened_now(store, master.aead)
    master.settle()
    return keys


async def require_keys_of(database: Database, store: KeyStore) -> None:
    """Refuse a key store that was lost and made anew, or is another deployment's, before anybody
    is taken for a stranger."""
    async with database.sign_in() as connection:
        found = await connection.execute(statement("keys", "longest_known_person"))
    row = await found.fetchone()
    if row is not None and await store.user_key(row[0]) is None:
        raise StorageConfigurationError(
            "The key store does not know the people of this database. Put the right one back (see "
            "EVENKEEL_DATA_DIR and EVENKEEL_KEY_STORE), or bring in its newest copy with "
            "`evenkeel keys restore FILE`."
        )


def _as_bytes(data: Sealable) -> bytes:
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
