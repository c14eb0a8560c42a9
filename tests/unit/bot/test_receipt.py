"""The receipt names everything that went, in the person's words, and says what stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bot.receipt import TERMS, receipt_text
from prompts.catalog import Catalog
from storage.addresses import Address, Platform
from storage.erasing.erasure import DELETED, Receipt
from storage.erasing.requests import Farewell

CATALOG = Catalog.load()
THEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def text(
    platform: Platform = Platform.TELEGRAM,
    locale: str = "en",
    audit_days: int = 2190,
    **changes: Any,
) -> str:
    told: dict[str, Any] = {"deleted": {}, "audit_entries": 1, "case_kept": False, **changes}
    receipt = Receipt(
        user_id=UUID(int=1), reason="asked", requested_at=THEN, erased_at=THEN, **told
    )
    farewell = Farewell(address=Address(platform=platform, chat="c"), locale=locale, region="US")
    return receipt_text(
        receipt, farewell, catalog=CATALOG, default_region="US", audit_days=audit_days
    )


def test_every_table_that_is_deleted_has_one_word_for_it() -> None:
    named = [table for tables in TERMS.values() for table in tables]
    assert sorted(named) == sorted(DELETED)


@pytest.mark.parametrize("locale", ["en", "es"])
def test_counts_are_told_in_human_terms_and_nothing_that_was_not_there(locale: str) -> None:
    told = text(locale=locale, deleted={"messages": 42, "mood_entries": 1, "goals": 0})
    lines = [line for line in told.splitlines() if line.startswith("•")]
    assert [line.split()[1] for line in lines] == ["42", "1"]
    assert "mood_entries" not in told


def test_it_says_that_the_key_is_destroyed_and_what_the_law_keeps() -> None:
    assert "key is destroyed" in text()
    assert "1 entry and is deleted after 2,190 days" in text()
    assert "has no set end" in text(audit_days=0)


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        (Platform.TELEGRAM, "delete the chat"),
        (Platform.SLACK, "workspace"),
        (Platform.CONSOLE, "terminal"),
    ],
)
def test_it_says_how_to_clear_the_platforms_own_copy(platform: Platform, words: str) -> None:
    assert words in text(platform)


def test_a_case_that_stays_is_told_plainly_and_with_the_helplines() -> None:
    assert "988" not in text()
    kept = text(case_kept=True)
    assert "code name" in kept
    assert "988" in kept
