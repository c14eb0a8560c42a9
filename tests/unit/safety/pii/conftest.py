"""One masker for all tests of this folder, since loading it takes seconds, and no network."""

from __future__ import annotations

import socket

import pytest

from safety.pii.masking import Masker


@pytest.fixture(scope="session")
def masker() -> Masker:
    return Masker.load()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuses every connection and name look-up, and remembers who asked."""
    asked: list[object] = []

    def refuse(*where: object, **_: object) -> None:
        asked.append(where)
        raise OSError("the network is refused")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return asked
