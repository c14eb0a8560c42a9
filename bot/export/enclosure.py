"""A file on its way to a person, or the words that go in its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.adapters.adapter import File
from storage.outbox import OutboxRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """`otherwise` is what the person is told when there is no file, or when the platform will not
    take it: that a file was promised must not end in silence."""

    file: File | None
    otherwise: str


Enclose: TypeAlias = Callable[[OutboxRow, str], Awaitable[Enclosure]]
"""Makes the document that an outbox row promises, now that the row is sent. Never raises."""
