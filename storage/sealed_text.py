"""A screened text in its two sealed columns: `content` and the `originals` of what it masks."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from safety.text import ScreenedText
from storage.encryption import UserKey

NOT_KEPT: Final = ScreenedText.authored("[a message that was not kept]")
"""Stands as a message of the system where a record needs a message and none was stored."""


def seal_text(key: UserKey, table: str, row_id: UUID, text: ScreenedText) -> bytes:
    return key.seal(table, "content", row_id, text.masked)


def seal_originals(key: UserKey, table: str, row_id: UUID, text: ScreenedText) -> bytes | None:
    """None when nothing was masked, or when this deployment drops originals (the caller's
    `text.without_originals()`)."""
    if not text.originals:
        return None
    return key.seal(table, "originals", row_id, dict(text.originals))


def open_text(
    key: UserKey, table: str, row_id: UUID, content: bytes, originals: bytes | None
) -> ScreenedText:
    masked = key.open_text(table, "content", row_id, content)
    if originals is None:
        return ScreenedText.stored(masked)
    opened = key.open_json(table, "originals", row_id, originals)
    return ScreenedText.stored(masked, {tag: str(value) for tag, value in opened.items()})
