"""What stands in the place of personal data: `<PERSON_1>`, numbered left to right."""

from __future__ import annotations

import re
from typing import Final

from safety.known import MOST_TAGS, NOTHING_KNOWN, Known
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
    """Gives the same value the same placeholder, and a first name that of its full name, going on
    from what is `known` of the conversation."""

    def __init__(self, known: Known = NOTHING_KNOWN) -> None:
        self._before = known
        self._known = known
        self._marks = dict(known.marks)
        self._last = dict(known.last)
        self.originals: dict[str, str] = {}

    def for_value(self, kind: EntityType, value: str, *, written: str) -> str:
        """The placeholder of a value; `written` is how its owner wrote it."""
        self._known = self._known.salted()
        prints = self._prints(kind, value)
        tag = self._tag_of(kind, prints) or self._new(kind)
        self._marks[tag] = self._marks.get(tag, frozenset()) | prints
        self._keep_fullest(tag, escape(written))
        return tag

    def known(self) -> Known:
        """What is known of the conversation now."""
        if self._known is self._before:
            return self._before
        kept = dict(list(self._marks.items())[-MOST_TAGS:])
        return Known(salt=self._known.salt, marks=kept, last=self._last)

    def _prints(self, kind: EntityType, value: str) -> frozenset[str]:
        words = value.casefold().split()
        if kind is not EntityType.PERSON:
            words = ["".join(filter(str.isalnum, "".join(words))) or value]
        return frozenset(self._known.fingerprint(kind, word) for word in words)

    def _tag_of(self, kind: EntityType, prints: frozenset[str]) -> str | None:
        """The placeholder of the same value, or else of a person whose name holds this one's
        words or whose words this one holds."""
        alike = [tag for tag in self._marks if tag.startswith(f"<{kind}_")]
        same = next((tag for tag in alike if self._marks[tag] == prints), None)
        if same or kind is not EntityType.PERSON:
            return same
        return next(
            (tag for tag in alike if prints <= self._marks[tag] or self._marks[tag] <= prints), None
        )

    def _new(self, kind: EntityType) -> str:
        self._last[kind] = self._last.get(kind, 0) + 1
        return f"<{kind}_{self._last[kind]}>"

    def _keep_fullest(self, tag: str, value: str) -> None:
        """Where a first name stands for a full name, the owner is shown the full one."""
        if len(value) > len(self.originals.get(tag, "")):
            self.originals[tag] = value
