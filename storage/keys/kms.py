"""A master key that never leaves its key management service, named by an address.

The clouds' clients are no dependencies of ours, hence imported by name; they look for credentials
where each is used to. What they raise may quote an address or an answer, so none of it goes on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import tink
from tink import aead

from storage.errors import StorageConfigurationError

if TYPE_CHECKING:
    from tink.aead import Aead

KMS_PACKAGES: Final = {
    "aws-kms://": "tink[awskms]",
    "gcp-kms://": "tink[gcpkms]",
    "hcvault://": "tink[hcvault]",
}
KMS_NAMES: Final = {
    "aws-kms://": "AWS KMS",
    "gcp-kms://": "Google Cloud KMS",
    "hcvault://": "Vault",
}
SECONDS_TO_ANSWER: Final = 5

_NOT_OF_THIS_KEY: Final = {
    "InvalidCiphertextException",  # AWS
    "IncorrectKeyException",
    "InvalidArgument",  # Google
    "InvalidRequest",  # Vault
}
_REFUSED: Final = {
    "AccessDeniedException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "InvalidSignatureException",
    "NotFoundException",
    "DisabledException",
    "NoCredentialsError",
    "PermissionDenied",
    "Unauthenticated",
    "NotFound",
    "DefaultCredentialsError",
    "Forbidden",
    "Unauthorized",
    "InvalidPath",
}


def is_kms(configured: str) -> bool:
    return "://" in configured.split("{", 1)[0]


def kms_name(uri: str) -> str:
    return KMS_NAMES.get(_scheme(uri), "a KMS")


def kms_key(uri: str) -> Aead:
    """The key at an address. Whether it answers shows when it is first used."""
    scheme = _scheme(uri)
    package = KMS_PACKAGES.get(scheme)
    if package is None:
        known = ", ".join(KMS_PACKAGES)
        raise StorageConfigurationError(
            f"EVENKEEL_MASTER_KEY names an unknown kind of KMS; it may begin with {known}."
        )
    try:
        return KmsKey(_connect(scheme, uri), scheme)
    except ImportError as exc:
        raise StorageConfigurationError(
            f"EVENKEEL_MASTER_KEY begins with {scheme}, which needs another package: "
            f"pip install '{package}'."
        ) from exc
    except Exception:  # noqa: BLE001 - whatever the cloud's own client raises
        raise StorageConfigurationError(
            f"The address of EVENKEEL_MASTER_KEY ({scheme}) is not one of a key there, or its "
            "client did not answer with credentials; see docs/operations.md for how they look."
        ) from None


class KmsKey(aead.Aead):  # type: ignore[misc]
    """Asks the service. Raises TinkError only when the bytes are not of this key."""

    def __init__(self, key: Aead, scheme: str) -> None:
        self._key = key
        self._scheme = scheme

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        with _explained(self._scheme):
            sealed: bytes = self._key.encrypt(plaintext, associated_data)
        return sealed

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        with _explained(self._scheme):
            opened: bytes = self._key.decrypt(ciphertext, associated_data)
        return opened


@contextmanager
def _explained(scheme: str) -> Iterator[None]:
    try:
        yield
    except Exception as exc:  # noqa: BLE001 - as many families as there are clients
        reason = _reason(exc)
    else:
        return
    if reason in _NOT_OF_THIS_KEY:
        raise tink.TinkError("not of this key")
    if reason in _REFUSED:
        raise StorageConfigurationError(
            f"The key of EVENKEEL_MASTER_KEY ({scheme}) was refused by its service: give Evenkeel "
            "the right to encrypt and decrypt with it, and check that the key is there and enabled."
        )
    raise StorageConfigurationError(
        f"The key management service of EVENKEEL_MASTER_KEY ({scheme}) did not answer; check "
        "the address, the network and the credentials in the environment."
    )


def _reason(exc: BaseException) -> str:
    """The service's own word for what went wrong, which Tink wraps."""
    cause = exc.args[0] if isinstance(exc, tink.TinkError) and exc.args else exc
    if isinstance(cause, ValueError):  # not even the encoding of this service
        return "InvalidRequest"
    response: Any = getattr(cause, "response", None)
    if isinstance(response, dict):
        return str(response.get("Error", {}).get("Code", ""))
    return type(cause).__name__


def _scheme(uri: str) -> str:
    return uri.partition("://")[0] + "://"


def _connect(scheme: str, uri: str) -> Aead:
    if scheme == "aws-kms://":
        from tink.integration import awskms

        patience = import_module("botocore.config").Config(
            connect_timeout=SECONDS_TO_ANSWER, read_timeout=SECONDS_TO_ANSWER
        )
        region = uri.split(":")[4]
        client = import_module("boto3").client("kms", region_name=region, config=patience)
        return awskms.new_client(boto3_client=client, key_uri=uri).get_aead(uri)
    if scheme == "gcp-kms://":
        from tink.integration import gcpkms

        cloud = import_module("google.cloud.kms_v1").KeyManagementServiceClient()
        return gcpkms.new_client(kms_v1_client=cloud, key_uri=uri).get_aead(uri)
    from tink.integration import hcvault

    server, _, key_path = uri.removeprefix("hcvault://").partition("/")
    client = import_module("hvac").Client(url=_vault_url(server), timeout=SECONDS_TO_ANSWER)
    return hcvault.new_aead(key_path, client)


def _vault_url(server: str) -> str:
    """HTTPS, unless VAULT_ADDR says otherwise of this very server: an agent on loopback speaks
    plain HTTP."""
    usual = urlsplit(os.environ.get("VAULT_ADDR", ""))
    return f"{usual.scheme}://{server}" if usual.netloc == server else f"https://{server}"
