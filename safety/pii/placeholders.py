"""What stands in the place of personal data: `<PERSON_1>`, numbered left to right."""

from __future__ import annotations

import re
from typing import Final

from safety.text import EntityType

_TYPED: Final = re.compile(rf"<(({'|'.join(EntityType)})_\d{{1,9}})>", re.IGNORECASE)


def escape(text: str) -> str:
    """A placeholder that the person typed, in other brackets, so that it can neither be mistaken
    for one of ours nor be replaced by what ours stands for. As long as it was."""
    return _TYPED.sub(r"‹\1›", text) if "<" in text else text


def without_placeholders(text: str) -> str:
    """The text with typed placeholders blank: what they hold is nobody's data."""
    return _TYPED.sub(lambda match: " " * len(match.group()), text) if "<" in text else text


class Placeholders:
    """Gives the same value the same placeholder, and a first name that of its full name."""

    def __init__(self) -> None:
        self._tags: dict[tuple[EntityType, str], str] = {}
        self._numbers: dict[EntityType, int] = {}
        self.originals: dict[str, str] = {}

    def for_value(self, kind: EntityType, value: str) -> str:
        key = (kind, _folded(value))
        tag = self._tags.get(key) or self._known_name(kind, key[1]) or self._new(kind)
        self._tags[key] = tag
        self._keep_fullest(tag, escape(value))
        return tag

    def _new(self, kind: EntityType) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"<{kind}_{self._numbers[kind]}>"

    def _keep_fullest(self, tag: str, value: str) -> None:
        """Where a first name stands for a full name, the owner is shown the full one."""
        if len(value) > len(self.originals.get(tag, "")):
            self.originals[tag] = value

    def _known_name(self, kind: EntityType, value: str) -> str | None:
        """The placeholder of a person whose full name contains this name as a word."""
        if kind is not EntityType.PERSON:
            return None
        words = set(value.split())
        for (known_kind, known), tag in self._tags.items():
            others = set(known.split())
            if known_kind is kind and (words <= others or others <= words):
                return tag
        return None


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())
