"""Sealed columns as their owner reads them: opened, with the originals put back.

Each function is given a row as it was read and a column's name. It raises when the value does not
open; who calls marks it as unreadable and goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from safety.text import ScreenedText
from storage.encryption import UserKey, Vault
from storage.errors import SealBrokenError

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opener:
    """What opens one row: the person's key, and which table and row the seals are bound to."""

    key: UserKey
    vault: Vault
    table: str
    row_id: UUID

    def text(self, row: Row, column: str) -> str:
        return self.key.open_text(self.table, column, self.row_id, row[column])


class OriginalsLostError(Exception):
    """A text that opens, while what its masks stand for does not."""

    def __init__(self, masked: str) -> None:
        super().__init__("the originals of a text do not open")
        self.masked = masked


Opening: TypeAlias = Callable[[Opener, Row, str], object]


def words(opener: Opener, row: Row, column: str) -> object:
    """A text. What a language model was asked stays masked: that is what it saw."""
    return opener.text(row, column)


def own_words(opener: Opener, row: Row, column: str) -> object:
    """A text with the originals that are sealed beside it."""
    masked = opener.text(row, column)
    if row["originals"] is None:
        return masked
    try:
        originals = json.loads(opener.text(row, "originals"))
    except (SealBrokenError, ValueError):
        raise OriginalsLostError(masked) from None
    return _restored(masked, originals)


def value(opener: Opener, row: Row, column: str) -> object:
    """A JSON value. Wherever it holds a masked text with its originals, these are put back."""
    return _with_originals(json.loads(opener.text(row, column)))


def either(opener: Opener, row: Row, column: str) -> object:
    """A text, or a JSON value where it is one."""
    opened = opener.text(row, column)
    return _with_originals(json.loads(opened)) if opened.startswith(("{", "[")) else opened


def answers(opener: Opener, row: Row, column: str) -> object:
    """The answers to a form in its order, with the words of questions and options."""
    given: dict[str, Any] = json.loads(opener.text(row, column))
    items = {item["key"]: item for item in row["items"] or ()}
    order = [key for key in items if key in given] + [key for key in given if key not in items]
    return [_answer(key, given[key], items.get(key, {})) for key in order]


def identity(opener: Opener, row: Row, column: str) -> object:
    """How a platform knows the person."""
    purpose = f"identity:{row['provider']}"
    workspace, subject = json.loads(opener.vault.open_lookup(purpose, row[column]))
    return {"workspace": workspace, "id": subject}


def lookup(opener: Opener, row: Row, column: str) -> object:
    return opener.vault.open_lookup(f"{opener.table}.{column}", row[column])


def _answer(key: str, given: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, object]:
    labels = {option["value"]: option["label"] for option in item.get("options") or ()}
    return {
        "item": key,
        "question": item.get("text"),
        "answer": labels.get(given.get("value")),
        **given,
    }


def _with_originals(stored: Any) -> Any:
    if isinstance(stored, list):
        return [_with_originals(each) for each in stored]
    if not isinstance(stored, dict):
        return stored
    originals = stored.get("originals")
    if not isinstance(originals, dict):
        return {name: _with_originals(each) for name, each in stored.items()}
    return {
        "text" if name == "masked" else name: _restored(each, originals)
        for name, each in stored.items()
        if name != "originals"
    }


def _restored(masked: Any, originals: Mapping[str, str]) -> Any:
    if not isinstance(masked, str):
        return _with_originals(masked)
    return ScreenedText.stored(masked, originals).restored()
