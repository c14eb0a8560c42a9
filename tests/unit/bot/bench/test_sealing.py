"""The clock around the ciphers."""

from __future__ import annotations

from uuid import UUID

import pytest
import tink
from tink import aead

from bot.bench.sealing import clocked
from storage.encryption import UserKey
from storage.errors import SealBrokenError

SOMEBODY = UUID(int=7)


@pytest.fixture
def key() -> UserKey:
    aead.register()
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    return UserKey(SOMEBODY, handle.primitive(aead.Aead))


def test_sealing_and_opening_are_counted_and_do_what_they_did(key: UserKey) -> None:
    with clocked() as clock:
        sealed = key.seal("goals", "title", SOMEBODY, "walk")
        sealing = clock.take()
        assert key.open_text("goals", "title", SOMEBODY, sealed) == "walk"
        opening = clock.take()
        assert clock.take() == 0.0
    assert sealing > 0.0
    assert opening > 0.0


def test_what_cannot_be_opened_is_counted_too(key: UserKey) -> None:
    with clocked() as clock, pytest.raises(SealBrokenError):
        key.open("goals", "title", SOMEBODY, b"noise")
    assert clock.take() > 0.0


def test_nothing_is_counted_afterwards(key: UserKey) -> None:
    with clocked() as clock:
        pass
    key.seal("goals", "title", SOMEBODY, "walk")
    assert clock.take() == 0.0
