"""The master key: a Tink keyset in a file, in the environment, or a key in a KMS.

It wraps the deployment's keys (see `encryption`) and nothing else, so that rotating it touches
no row and a KMS is asked once at start, not once a message.
"""

from __future__ import annotations

import base64
import binascii
import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import tink
from tink import aead, secret_key_access
from tink import json_proto_keyset_format as keyset_json

from storage.errors import StorageConfigurationError

if TYPE_CHECKING:
    from tink.aead import Aead

KMS_PACKAGES = {
    "aws-kms://": "tink[awskms]",
    "gcp-kms://": "tink[gcpkms]",
    "hcvault://": "tink[hcvault]",
}


def find_master_key(configured: str | None, data_dir: Path, *, key_store_in_use: bool) -> Aead:
    """The key named by `EVENKEEL_MASTER_KEY`, or the one in `data_dir`, made there on the first
    run. With a key store in use nothing is made: a new key could open none of it."""
    aead.register()
    if configured is None:
        return _from_file(data_dir / "master.key", key_store_in_use)
    configured = configured.strip()
    if "://" in configured.split("{", 1)[0]:
        return _from_kms(configured)
    return _from_keyset(configured, "EVENKEEL_MASTER_KEY")


def _from_file(path: Path, key_store_in_use: bool) -> Aead:
    if not path.exists():
        if key_store_in_use:
            raise StorageConfigurationError(
                f"The master key {path} is gone, but the key store has keys that only it opens. "
                "Put the file back or set EVENKEEL_MASTER_KEY."
            )
        _make_file(path)
    try:
        return _from_keyset(path.read_text(), str(path))
    except OSError as exc:
        raise StorageConfigurationError(
            f"The master key {path} cannot be read ({exc.strerror}). Check its owner and mode."
        ) from exc


def _make_file(path: Path) -> None:
    """Write a whole new key or none; of several workers starting at once, the first one's stays."""
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    keyset = keyset_json.serialize(handle, secret_key_access.TOKEN)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".master-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(keyset)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()


def _from_keyset(text: str, source: str) -> Aead:
    try:
        keyset = text if text.lstrip().startswith("{") else base64.b64decode(text, validate=True)
        if isinstance(keyset, bytes):
            keyset = keyset.decode()
        handle = keyset_json.parse(keyset, secret_key_access.TOKEN)
        return handle.primitive(aead.Aead)
    except (tink.TinkError, binascii.Error, UnicodeDecodeError):
        # The cause is left out: a parser's message may quote the key.
        raise StorageConfigurationError(
            f"{source} is not a Tink keyset: give its JSON, that JSON in base64, or a KMS address."
        ) from None


def _from_kms(uri: str) -> Aead:
    scheme = uri.partition("://")[0] + "://"
    package = KMS_PACKAGES.get(scheme)
    if package is None:
        known = ", ".join(KMS_PACKAGES)
        raise StorageConfigurationError(
            f"EVENKEEL_MASTER_KEY names an unknown kind of KMS; it may begin with {known}."
        )
    try:
        return _connect(scheme, uri)
    except ImportError as exc:
        raise StorageConfigurationError(
            f"EVENKEEL_MASTER_KEY begins with {scheme}, which needs another package: "
            f"pip install '{package}'."
        ) from exc
    except Exception as exc:  # whatever the cloud's own client raises
        raise StorageConfigurationError(
            f"The key management service of EVENKEEL_MASTER_KEY ({scheme}) did not answer; check "
            "the address and the credentials in the environment."
        ) from exc


def _connect(scheme: str, uri: str) -> Aead:
    """The clouds' clients are no dependencies of ours, hence imported by name; they look for
    credentials where each is used to."""
    if scheme == "aws-kms://":
        from tink.integration import awskms

        client = import_module("boto3").client("kms", region_name=uri.split(":")[4])
        return awskms.new_client(boto3_client=client, key_uri=uri).get_aead(uri)
    if scheme == "gcp-kms://":
        from tink.integration import gcpkms

        cloud = import_module("google.cloud.kms_v1").KeyManagementServiceClient()
        return gcpkms.new_client(kms_v1_client=cloud, key_uri=uri).get_aead(uri)
    from tink.integration import hcvault

    server, _, key_path = uri.removeprefix("hcvault://").partition("/")
    return hcvault.new_aead(key_path, import_module("hvac").Client(url=f"https://{server}"))
