"""The receipt of an erasure in the person's language: what went, in human terms, what stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.dialogs.dialog import Verbatim
from bot.dialogs.help_card import card_lines
from bot.dialogs.question import say
from prompts.catalog import Catalog, Say
from safety.text import Domain
from storage.erasing.erasure import Receipt
from storage.erasing.requests import Farewell

TERMS: Final[Mapping[str, tuple[str, ...]]] = {
    "messages": ("messages",),
    "moods": ("mood_entries",),
    "journal": ("journal_entries",),
    "questionnaires": ("assessment_attempts",),
    "scores": ("assessment_scores",),
    "goals": ("goals",),
    "recommendations": ("recommendations",),
    "safety": ("safety_events", "crisis_flags", "escalations"),
    "model": ("ai_runs",),
    "consents": ("consents",),
    "settings": ("profiles", "flag_assignments", "auth_identities", "auth_identity_keys"),
    "conversation": ("conversations",),
    "post": ("inbox", "outbox"),
}
"""Which tables a person's word stands for."""


def receipt_text(
    receipt: Receipt,
    farewell: Farewell,
    *,
    catalog: Catalog,
    default_region: str,
    audit_days: int,
) -> str:
    def words(line: Say | Verbatim) -> str:
        return line.words if isinstance(line, Verbatim) else catalog.render(line, farewell.locale)

    gone = "\n".join(words(line) for line in (Say("forget-done"), *_gone(receipt)))
    rest = [words(line) for line in _rest(receipt, farewell, audit_days)]
    kept = [words(line) for line in _case(receipt, farewell, default_region)]
    return "\n\n".join([gone, *rest, *kept, words(Say("forget-again"))])


def _gone(receipt: Receipt) -> Iterator[Say]:
    for term, tables in TERMS.items():
        rows = sum(receipt.deleted.get(table, 0) for table in tables)
        if rows:
            yield say(f"forget-gone-{term}", rows=rows)


def _rest(receipt: Receipt, farewell: Farewell, audit_days: int) -> Iterator[Say]:
    yield Say("forget-key")
    yield say("forget-log", entries=receipt.audit_entries, days=audit_days)
    yield Say(f"forget-elsewhere-{farewell.address.platform.value}")


def _case(receipt: Receipt, farewell: Farewell, default_region: str) -> Iterator[Say | Verbatim]:
    """Somebody counselors still worry about is not let go without the helplines."""
    if receipt.case_kept:
        yield Say("forget-case")
        yield from card_lines(farewell.region, Domain.NONE, default_region, locale=farewell.locale)
