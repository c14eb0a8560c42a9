"""What the placeholders of a conversation stand for, without saying it: fingerprints.

A conversation's `Known` is given to each screening and comes back with what that found, so that
`<PERSON_1>` stands for the same person in every message. It holds no personal data, only salted
fingerprints; but whoever holds one can try names against it, so it is kept as sealed as messages.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

MOST_TAGS: Final = 500
"""A conversation remembers so many placeholders; of more it forgets the oldest, but never which
numbers are taken."""

_SALT_BYTES: Final = 16
_FINGERPRINT_BYTES: Final = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`marks` are the fingerprints of what a placeholder stands for: of a person those of each word
    of the name, of anything else one. `last` is the highest number given out for each kind."""

    salt: bytes = b""
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    last: Mapping[str, int] = field(default_factory=dict)

    def salted(self) -> Self:
        """With a salt, drawn once for a conversation: the same name has another fingerprint in
        another conversation."""
        if self.salt:
            return self
        return type(self)(salt=secrets.token_bytes(_SALT_BYTES), marks=self.marks, last=self.last)

    def fingerprint(self, kind: str, value: str) -> str:
        digest = hashlib.blake2b(
            f"{kind}\n{value}".encode("utf-8", "surrogatepass"),
            digest_size=_FINGERPRINT_BYTES,
            key=self.salt,
        )
        return digest.hexdigest()

    def words(self, kind: str) -> frozenset[str]:
        """The fingerprints of everything of one kind."""
        of_kind = (prints for tag, prints in self.marks.items() if tag.startswith(f"<{kind}_"))
        return frozenset().union(*of_kind)

    def to_json(self) -> str:
        """Text to seal and to store; a few dozen bytes a placeholder."""
        marks = [[tag, sorted(prints)] for tag, prints in self.marks.items()]
        return json.dumps({"salt": self.salt.hex(), "last": dict(self.last), "marks": marks})

    @classmethod
    def from_json(cls, stored: str) -> Self:
        """Raises ValueError when the text is not what `to_json` wrote."""
        try:
            read: Mapping[str, Any] = json.loads(stored)
            return cls(
                salt=bytes.fromhex(read["salt"]),
                marks={str(tag): frozenset(map(str, prints)) for tag, prints in read["marks"]},
                last={str(kind): int(number) for kind, number in read["last"].items()},
            )
        except (KeyError, TypeError, AttributeError) as exc:
            raise ValueError("This is no memory of placeholders.") from exc


NOTHING_KNOWN: Final = Known()
