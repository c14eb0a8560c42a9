"""The keys that belong to the deployment, not to a person: wrapping, lookups, fingerprints.

They rest in the key store, wrapped by the master key without associated data: Vault's transit
engine takes none. A key under the wrong name is of the wrong kind and does not open.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import tink
from tink import aead, daead, prf
from tink import proto_keyset_format as keyset_bytes

from storage.errors import StorageConfigurationError
from storage.keystore import KeyStore

if TYPE_CHECKING:
    from tink.aead import Aead
    from tink.daead import DeterministicAead
    from tink.prf import Prf

TEMPLATES: Final = {
    "wrapping": aead.aead_key_templates.AES256_GCM,
    "lookups": daead.deterministic_aead_key_templates.AES256_SIV,
    "fingerprints": prf.prf_key_templates.HMAC_SHA256,
}


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class DeploymentKeys:
    """`wrapping` opens people's keys; `lookups` turns a value into bytes that can be searched for
    and opened again, `fingerprints` into bytes that can only be searched for. The last two must
    outlive every row that holds such bytes."""

    wrapping: Aead
    lookups: DeterministicAead
    fingerprints: Prf

    @classmethod
    async def opened(cls, store: KeyStore, master: Aead) -> DeploymentKeys:
        """Open the store's keys, or make them in a new store. Raises StorageConfigurationError
        when this master key is not the one that wrapped them."""
        for register in (aead.register, daead.register, prf.register):
            register()
        wrapped = await store.deployment_keys()
        if not wrapped:
            wrapped = await store.add_deployment_keys(await asyncio.to_thread(_made, master))
        return await asyncio.to_thread(_unwrapped, wrapped, master)


def _made(master: Aead) -> dict[str, bytes]:
    return {
        name: keyset_bytes.serialize_encrypted(tink.new_keyset_handle(template), master, b"")
        for name, template in TEMPLATES.items()
    }


def _unwrapped(wrapped: dict[str, bytes], master: Aead) -> DeploymentKeys:
    """In a thread: the master key may be across a network."""
    try:
        handles = {
            name: keyset_bytes.parse_encrypted(wrapped[name], master, b"") for name in TEMPLATES
        }
        return DeploymentKeys(
            wrapping=handles["wrapping"].primitive(aead.Aead),
            lookups=handles["lookups"].primitive(daead.DeterministicAead),
            fingerprints=handles["fingerprints"].primitive(prf.PrfSet).primary(),
        )
    except (tink.TinkError, KeyError):
        raise StorageConfigurationError(
            "The master key does not open this key store. Set EVENKEEL_MASTER_KEY to the key that "
            "the store was made with, or put that master.key back into EVENKEEL_DATA_DIR."
        ) from None
