"""People: who stands behind an identity, what they agreed to, how they want to be spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from storage.records import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`locale` is BCP 47, `region` ISO 3166 alpha-2 or None when unknown, `timezone` an IANA
    name. `consents` are the purposes granted now."""

    id: UUID
    conversation_id: UUID
    locale: str = "en"
    region: str | None = None
    timezone: str = "UTC"
    consents: frozenset[Purpose] = frozenset()
    is_new: bool = False

    def agreed_to(self, purpose: Purpose) -> bool:
        return purpose in self.consents
