"""What Tink's Python library leaves to its users: a look at keysets, and changes to them.

A ciphertext begins with the id of its key, and a wrapped keyset names the ids of the keys in it;
neither is secret. A keyset that gets a new key keeps the old ones, which go on opening what they
sealed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tink
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from tink import proto_keyset_format as keyset_bytes
from tink import secret_key_access
from tink.proto import tink_pb2

if TYPE_CHECKING:
    from tink.aead import Aead

_TINK_PREFIX: Final = 1
_PREFIX_BYTES: Final = 5


def key_id_of(sealed: bytes) -> int | None:
    """The id of the key that made a ciphertext; None for what never was one."""
    if len(sealed) < _PREFIX_BYTES or sealed[0] != _TINK_PREFIX:
        return None
    return int.from_bytes(sealed[1:_PREFIX_BYTES], "big")


def wrap(handle: tink.KeysetHandle, wrapping: Aead, owner: bytes) -> bytes:
    """The keyset, sealed for `owner`, with the ids of its keys beside it: Tink leaves them out."""
    envelope = tink_pb2.EncryptedKeyset.FromString(
        keyset_bytes.serialize_encrypted(handle, wrapping, owner)
    )
    envelope.keyset_info.CopyFrom(handle.keyset_info())
    wrapped: bytes = envelope.SerializeToString()
    return wrapped


def unwrap(wrapped: bytes, wrapping: Aead, owner: bytes) -> tink.KeysetHandle:
    """Raises TinkError for another owner's keyset, and for one that another key wrapped."""
    return keyset_bytes.parse_encrypted(wrapped, wrapping, owner)


def key_ids(wrapped: bytes) -> frozenset[int]:
    """The ids of the keys in a wrapped keyset; none for what is not one."""
    return frozenset(key.key_id for key in _envelope(wrapped).keyset_info.key_info)


def primary_id(wrapped: bytes) -> int:
    """The id of the key that a wrapped keyset seals with; 0 for what is not one."""
    primary: int = _envelope(wrapped).keyset_info.primary_key_id
    return primary


def wrapped_by(wrapped: bytes) -> int | None:
    """The id of the key that wrapped a keyset; None when a KMS did, or it is no keyset."""
    return key_id_of(_envelope(wrapped).encrypted_keyset)


def ids_in(handle: tink.KeysetHandle) -> frozenset[int]:
    return frozenset(key.key_id for key in handle.keyset_info().key_info)


def newest_id(handle: tink.KeysetHandle) -> int:
    """The id of the key that seals."""
    newest: int = handle.keyset_info().primary_key_id
    return newest


def with_new_key(handle: tink.KeysetHandle, template: Any) -> tink.KeysetHandle:
    """The keyset with one more key, which seals from now on."""
    keyset = _opened(handle)
    taken = {key.key_id for key in keyset.key}
    fresh = _opened(tink.new_keyset_handle(template))
    while fresh.primary_key_id in taken:
        fresh = _opened(tink.new_keyset_handle(template))
    keyset.key.append(fresh.key[0])
    keyset.primary_key_id = fresh.primary_key_id
    return _closed(keyset)


def newest_only(handle: tink.KeysetHandle) -> tink.KeysetHandle:
    """The keyset without the keys that no longer seal."""
    keyset = _opened(handle)
    [newest] = [key for key in keyset.key if key.key_id == keyset.primary_key_id]
    return _closed(tink_pb2.Keyset(primary_key_id=newest.key_id, key=[newest]))


def united(ours: tink.KeysetHandle, theirs: tink.KeysetHandle) -> tink.KeysetHandle:
    """A keyset that opens what either opens. The one with more keys, the later one, goes on
    sealing."""
    one, other = sorted((_opened(theirs), _opened(ours)), key=lambda keyset: len(keyset.key))
    known = {key.key_id for key in other.key}
    other.key.extend(key for key in one.key if key.key_id not in known)
    return _closed(other)


def _envelope(wrapped: bytes) -> Any:
    try:
        return tink_pb2.EncryptedKeyset.FromString(wrapped)
    except DecodeError:
        return tink_pb2.EncryptedKeyset()


def _opened(handle: tink.KeysetHandle) -> Any:
    return tink_pb2.Keyset.FromString(keyset_bytes.serialize(handle, secret_key_access.TOKEN))


def _closed(keyset: Any) -> tink.KeysetHandle:
    return keyset_bytes.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
