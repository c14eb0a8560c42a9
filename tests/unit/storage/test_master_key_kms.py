"""A master key that never leaves its KMS, over fakes of the clouds' own clients."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from storage.encryption import Vault
from storage.errors import StorageConfigurationError

AWS = "aws-kms://arn:aws:kms:eu-west-1:123:key/42"
VAULT = "hcvault://vault.example:8200/transit/keys/evenkeel"


class FakeClientError(Exception):
    """What botocore raises."""


class FakeKms:
    """AWS KMS: encrypts under one key, in a context."""

    def __init__(self, service: str, region_name: str, config: dict[str, int]) -> None:
        assert config["connect_timeout"] > 0
        assert (service, region_name) == ("kms", "eu-west-1")

    def encrypt(self, **call: Any) -> dict[str, bytes]:
        context = repr(sorted(call["EncryptionContext"].items())).encode()
        return {"CiphertextBlob": base64.b64encode(context + b"|" + call["Plaintext"])}

    def decrypt(self, **call: Any) -> dict[str, bytes]:
        context, plain = base64.b64decode(call["CiphertextBlob"]).split(b"|", 1)
        if context != repr(sorted(call["EncryptionContext"].items())).encode():
            raise FakeClientError
        return {"Plaintext": plain}


class FakeTransit:
    """Vault's transit engine, as hvac gives it."""

    def encrypt_data(self, **call: Any) -> dict[str, dict[str, str]]:
        assert (call["name"], call["mount_point"]) == ("evenkeel", "transit")
        return {"data": {"ciphertext": "vault:v1:" + call["plaintext"]}}

    def decrypt_data(self, **call: Any) -> dict[str, dict[str, str]]:
        return {"data": {"plaintext": call["ciphertext"].removeprefix("vault:v1:")}}


def fake_module(name: str, **attributes: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(attributes)
    return module


@pytest.fixture
def clouds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The packages that an operator would install."""

    def client(url: str, timeout: int) -> SimpleNamespace:
        assert timeout > 0
        assert url == "https://vault.example:8200"
        return SimpleNamespace(secrets=SimpleNamespace(transit=FakeTransit()))

    exceptions = fake_module("botocore.exceptions", ClientError=FakeClientError)
    fakes = {
        "boto3": fake_module("boto3", client=FakeKms),
        "botocore": fake_module("botocore", exceptions=exceptions),
        "botocore.config": fake_module("botocore.config", Config=dict),
        "botocore.exceptions": exceptions,
        "hvac": fake_module("hvac", Client=client),
    }
    for name, module in fakes.items():
        monkeypatch.setitem(sys.modules, name, module)
    yield
    for name in [name for name in sys.modules if name.startswith("tink.integration.")]:
        del sys.modules[name]


@pytest.mark.usefixtures("clouds")
@pytest.mark.parametrize("uri", [AWS, VAULT])
async def test_a_key_in_a_kms_opens_what_it_wrapped(tmp_path: Path, uri: str) -> None:
    user, row = uuid4(), uuid4()
    first = await Vault.open(master_key=uri, data_dir=tmp_path, key_store_url=None)
    sealed = (await first.new_user_key(user)).seal("goals", "title", row, "walk")
    await first.close()
    again = await Vault.open(master_key=uri, data_dir=tmp_path, key_store_url=None)
    assert (await again.user_key(user)).open_text("goals", "title", row, sealed) == "walk"
    await again.close()
    assert [path.name for path in tmp_path.iterdir()] == ["keys.sqlite"]


@pytest.mark.usefixtures("clouds")
async def test_an_address_that_makes_no_sense_is_reported_without_it(tmp_path: Path) -> None:
    with pytest.raises(StorageConfigurationError, match="did not answer") as caught:
        await Vault.open(master_key="aws-kms://canary", data_dir=tmp_path, key_store_url=None)
    assert "canary" not in str(caught.value)
