"""Sealing: what is written is readable with the person's own key, in its own row, and nowhere else.

    master key       file, environment or KMS (`master_key`); opens the deployment's keys
    deployment keys  wrapping (opens people's keys), lookups, fingerprints (`deployment_keys`)
    a person's key   AES-256-GCM, one each; in the key store, destroyed when they are erased

Every ciphertext is bound to its user, table, column and row, so that one moved elsewhere does
not open. Tink's prefix names the key, which lets a keyset hold an old and a new one.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import tink
from tink import aead
from tink import proto_keyset_format as keyset_bytes

from storage.deployment_keys import DeploymentKeys
from storage.errors import KeyErasedError, KeyMissingError, SealBrokenError
from storage.keystore import KeyStore
from storage.master_key import find_master_key

if TYPE_CHECKING:
    from tink.aead import Aead

Sealable = bytes | str | Mapping[str, object]

MOST_OPEN_KEYS: Final = 4096
OPEN_SECONDS: Final = 600.0  # how long another process may go on after a key was destroyed
FINGERPRINT_BYTES: Final = 32


class UserKey:
    """One person's key, opened. It lives in memory for minutes and is never printed."""

    __slots__ = ("_aead", "_owner", "user_id")

    def __init__(self, user_id: UUID, opened: Aead) -> None:
        self.user_id = user_id
        self._aead = opened
        self._owner = str(user_id)

    def seal(self, table: str, column: str, row_id: UUID, data: Sealable) -> bytes:
        """Seal bytes, a text, or a JSON object for one column of one row."""
        sealed: bytes = self._aead.encrypt(_as_bytes(data), self._place(table, column, row_id))
        return sealed

    def open(self, table: str, column: str, row_id: UUID, sealed: bytes) -> bytes:
        """Raises SealBrokenError for bytes of another person, table, column or row."""
        try:
            data: bytes = self._aead.decrypt(sealed, self._place(table, column, row_id))
        except tink.TinkError:
            raise SealBrokenError(table, column) from None
        return data

    def open_text(self, table: str, column: str, row_id: UUID, sealed: bytes) -> str:
        return self.open(table, column, row_id, sealed).decode()

    def open_json(self, table: str, column: str, row_id: UUID, sealed: bytes) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.open(table, column, row_id, sealed))
        return value

    def _place(self, table: str, column: str, row_id: UUID) -> bytes:
        return f"{self._owner}|{table}|{column}|{row_id}".encode()

    def __repr__(self) -> str:
        return "UserKey(...)"


class Vault:
    """Opens people's keys and remembers them for a while; turns names into searchable bytes."""

    def __init__(
        self,
        store: KeyStore,
        keys: DeploymentKeys,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._open: OrderedDict[UUID, tuple[UserKey, float]] = OrderedDict()

    @classmethod
    async def open(
        cls, *, master_key: str | None, data_dir: Path, key_store_url: str | None
    ) -> Vault:
        """`master_key` is a Tink keyset (JSON, or that in base64) or a KMS address; without one a
        file is made in `data_dir` on the first run. Raises StorageConfigurationError when it does
        not open the key store."""
        store = await KeyStore.open(data_dir=data_dir, url=key_store_url)
        try:
            in_use = bool(await store.deployment_keys())
            master = await asyncio.to_thread(
                find_master_key, master_key, data_dir, key_store_in_use=in_use
            )
            return cls(store, await DeploymentKeys.opened(store, master))
        except BaseException:
            await store.close()
            raise

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
        stored = await self._store.user_key(user_id)
        if stored is None:
            raise KeyMissingError
        if stored.wrapped is None:
            self._open.pop(user_id, None)
            raise KeyErasedError
        return self._remember(UserKey(user_id, self._unwrapped(user_id, stored.wrapped)))

    async def new_user_key(self, user_id: UUID) -> UserKey:
        """Make a person's key. It is stored before any of their rows is, so that no row can be
        left that nothing opens."""
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        wrapped = keyset_bytes.serialize_encrypted(handle, self._keys.wrapping, user_id.bytes)
        await self._store.add_user_key(user_id, wrapped)
        return self._remember(UserKey(user_id, handle.primitive(aead.Aead)))

    async def erase_user_key(self, user_id: UUID) -> bool:
        """Destroy a person's key: every sealed column of theirs, in every backup, is noise from
        now on. False when there was no key to destroy."""
        self._open.pop(user_id, None)
        return await self._store.erase_user_key(user_id)

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

    def fingerprint(self, value: str) -> bytes:
        """A keyed hash: the same bytes for the same value, and no way back."""
        hashed: bytes = self._keys.fingerprints.compute(value.encode(), FINGERPRINT_BYTES)
        return hashed

    def _unwrapped(self, user_id: UUID, wrapped: bytes) -> Aead:
        try:
            handle = keyset_bytes.parse_encrypted(wrapped, self._keys.wrapping, user_id.bytes)
            return handle.primitive(aead.Aead)
        except tink.TinkError:
            raise SealBrokenError("user_keys", "wrapped") from None

    def _remember(self, key: UserKey) -> UserKey:
        self._open[key.user_id] = (key, self._clock() + OPEN_SECONDS)
        self._open.move_to_end(key.user_id)
        while len(self._open) > MOST_OPEN_KEYS:
            self._open.popitem(last=False)
        return key


def _as_bytes(data: Sealable) -> bytes:
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
