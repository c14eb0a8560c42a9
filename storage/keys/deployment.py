"""The keys that belong to the deployment, not to a person: wrapping, lookups, fingerprints.

They rest in the key store, wrapped by the master key without associated data: Vault's transit
engine takes none. A key under the wrong name is of the wrong kind and does not open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import tink
from tink import aead, daead, prf

from storage.errors import StorageConfigurationError
from storage.keys.keysets import ids_in, primary_id, unwrap, wrap
from storage.keys.store import KeyStore, read_deployment_keys

if TYPE_CHECKING:
    from tink.aead import Aead
    from tink.daead import DeterministicAead
    from tink.prf import Prf

WRAPPING: Final = "wrapping"
NOBODY: Final = b""  # whose keys these are
TEMPLATES: Final = {
    WRAPPING: aead.aead_key_templates.AES256_GCM,
    "lookups": daead.deterministic_aead_key_templates.AES256_SIV,
    "fingerprints": prf.prf_key_templates.HMAC_SHA256,
}


class OtherMasterKeyError(StorageConfigurationError):
    """The master key does not open this key store. Set EVENKEEL_MASTER_KEY to the key that the
    store was made with, or put that master.key back into EVENKEEL_DATA_DIR."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class DeploymentKeys:
    """`wrapping` opens people's keys; `lookups` turns a value into bytes that can be searched for
    and opened again, `fingerprints` into bytes that can only be searched for. The last two must
    outlive every row that holds such bytes."""

    wrapping: Aead
    lookups: DeterministicAead
    fingerprints: Prf
    wrapping_ids: frozenset[int]
    wrapping_id: int

    @classmethod
    async def opened(cls, store: KeyStore, master: Aead) -> DeploymentKeys:
        """Open the store's keys, or make them in a new store. Raises StorageConfigurationError
        when this master key is not the one that wrapped them."""
        return await asyncio.to_thread(cls.opened_now, store, master)

    @classmethod
    def opened_now(cls, store: KeyStore, master: Aead) -> DeploymentKeys:
        """The same, blocking: the master key may be across a network."""
        register()
        wrapped = store.read_now(read_deployment_keys)
        if not wrapped:
            wrapped = store.add_deployment_keys_now(_made(master))
        with _of_another_master():
            handles = open_handles(wrapped, master)
            return cls(
                wrapping=handles[WRAPPING].primitive(aead.Aead),
                lookups=handles["lookups"].primitive(daead.DeterministicAead),
                fingerprints=handles["fingerprints"].primitive(prf.PrfSet).primary(),
                wrapping_ids=ids_in(handles[WRAPPING]),
                wrapping_id=primary_id(wrapped[WRAPPING]),
            )


def register() -> None:
    for each in (aead.register, daead.register, prf.register):
        each()


def open_handles(wrapped: Mapping[str, bytes], master: Aead) -> dict[str, Any]:
    """Tink's handles of all three. Raises OtherMasterKeyError for another master key."""
    register()
    with _of_another_master():
        return {name: unwrap(wrapped[name], master, NOBODY) for name in TEMPLATES}


@contextmanager
def _of_another_master() -> Iterator[None]:
    try:
        yield
    except (tink.TinkError, KeyError):
        raise OtherMasterKeyError from None


def _made(master: Aead) -> dict[str, bytes]:
    return {
        name: wrap(tink.new_keyset_handle(template), master, NOBODY)
        for name, template in TEMPLATES.items()
    }
