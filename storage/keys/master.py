"""The master key: a Tink keyset in a file, in the environment, or a key in a KMS.

It wraps the deployment's keys (see `encryption`) and nothing else, so that rotating it touches
no row and a KMS is asked once at start, not once a message.
"""

from __future__ import annotations

import base64
import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tink
from tink import aead, secret_key_access
from tink import json_proto_keyset_format as keyset_json

from storage.errors import StorageConfigurationError
from storage.keys.kms import is_kms, kms_key, kms_name
from storage.lasting import make_lasting

if TYPE_CHECKING:
    from tink.aead import Aead

FILE: Final = "master.key"
UNSETTLED: Final = "master.key.new"
"""A first key whose deployment keys may not be stored yet."""


def _nothing() -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class MasterKey:
    """`kind` says where it is, for an operator. `settle` is called once keys that it wraps are
    stored: a file made for them takes its name then."""

    aead: Aead
    kind: str
    settle: Callable[[], None] = _nothing


def find_master_key(configured: str | None, data_dir: Path, *, key_store_in_use: bool) -> MasterKey:
    """The key named by `EVENKEEL_MASTER_KEY`, or the one in `data_dir`, made there on the first
    run. A file is not made for a key store that is in use, and not used for an empty one: one of
    the two was lost then, and a new one would open nothing."""
    aead.register()
    if configured is None:
        return _from_file(data_dir, key_store_in_use)
    return named_master_key(configured, "EVENKEEL_MASTER_KEY")


def named_master_key(configured: str, source: str) -> MasterKey:
    """A keyset (JSON, or that in base64) or the address of a key in a KMS."""
    aead.register()
    configured = configured.strip()
    if is_kms(configured):
        return MasterKey(aead=kms_key(configured), kind=kms_name(configured))
    handle = _parsed(configured.encode())
    if handle is None:
        raise StorageConfigurationError(
            f"{source} is not a Tink keyset: give its JSON, that JSON in base64, or a KMS address."
        )
    return MasterKey(aead=handle.primitive(aead.Aead), kind=f"a keyset in {source}")


@contextmanager
def first_run_alone(data_dir: Path) -> Iterator[None]:
    """Of several workers that start on an empty folder one makes the keys; the others wait."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(data_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def read_file(path: Path) -> tink.KeysetHandle:
    """The keyset in a file that only its owner may read."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_bytes()
    except OSError as exc:
        raise StorageConfigurationError(
            f"The master key {path} cannot be read ({exc.strerror}). Check its owner and mode."
        ) from exc
    if mode & 0o077:
        raise StorageConfigurationError(
            f"The master key {path} is open to other users of this machine (mode {mode:04o}). Run "
            f"`chmod 600 {path}`; if one of them may have read it, rotate it afterwards with "
            "`evenkeel keys rotate --master file`."
        )
    handle = _parsed(text)
    if handle is None:
        raise StorageConfigurationError(
            f"The master key {path} is not a whole Tink keyset. Put it back from where you keep "
            "it safe; without it nothing that people wrote can be read."
        )
    return handle


def write_file(path: Path, handle: tink.KeysetHandle, *, replace: bool) -> None:
    """Put a whole keyset in place or none. Without `replace`, one that is there stays."""
    keyset = keyset_json.serialize(handle, secret_key_access.TOKEN)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".master-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(keyset)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(draft).replace(path)
        else:
            path.hardlink_to(draft)
        make_lasting(path.parent)
    finally:
        Path(draft).unlink(missing_ok=True)


def new_handle() -> tink.KeysetHandle:
    aead.register()
    return tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)


def _from_file(data_dir: Path, key_store_in_use: bool) -> MasterKey:
    path, unsettled = data_dir / FILE, data_dir / UNSETTLED
    if path.exists() and not key_store_in_use:
        raise StorageConfigurationError(
            f"The key store is empty, but {path} belongs to one that was used. Put keys.sqlite or "
            "the database of EVENKEEL_KEY_STORE back, or bring in the newest copy with `evenkeel "
            f"keys restore FILE`. For a new installation move {path} away."
        )
    if path.exists():
        return MasterKey(aead=_primitive(read_file(path)), kind=f"the file {path}")
    if not unsettled.exists():
        if key_store_in_use:
            raise StorageConfigurationError(
                f"The master key {path} is gone, but the key store has keys that only it opens. "
                "Put the file back or set EVENKEEL_MASTER_KEY."
            )
        write_file(unsettled, new_handle(), replace=False)
    return MasterKey(
        aead=_primitive(read_file(unsettled)),
        kind=f"the file {path}",
        settle=lambda: settle_file(unsettled, path),
    )


def settle_file(unsettled: Path, path: Path) -> None:
    unsettled.rename(path)
    make_lasting(path.parent)


def _primitive(handle: tink.KeysetHandle) -> Aead:
    return handle.primitive(aead.Aead)


def _parsed(text: bytes) -> tink.KeysetHandle | None:
    """None for what is no keyset of ours. Why is not told: a parser's message may quote the key."""
    aead.register()
    try:
        keyset = text if text.lstrip().startswith(b"{") else base64.b64decode(text, validate=True)
        handle = keyset_json.parse(keyset.decode(), secret_key_access.TOKEN)
        _primitive(handle)
    except (tink.TinkError, ValueError):
        return None
    return handle
