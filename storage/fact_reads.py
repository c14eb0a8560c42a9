"""Reads facts: the rows of one person, opened with their key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeAlias
from uuid import UUID

from safety.text import ScreenedText
from storage.encryption import UserKey
from storage.engine import Database
from storage.errors import SealBrokenError
from storage.facts import NO_FACTS, Facts, JournalFact, MessageFact, MoodFact, Need, ScoreFact
from storage.sealed_text import open_text
from storage.statements import statement

log = logging.getLogger(__name__)

Read: TypeAlias = Callable[[UserKey, Any], object]


async def read_facts(
    database: Database, key: UserKey, conversation_id: UUID, needs: frozenset[Need]
) -> Facts:
    """The facts of these kinds, in one round trip."""
    if not needs:
        return NO_FACTS
    parameters = {"user_id": key.user_id, "conversation_id": conversation_id}
    wanted = sorted(needs)
    found = await database.run_all_for(
        key.user_id, [(statement("facts", need.value), parameters) for need in wanted]
    )
    opened: dict[str, Any] = {
        need.value: tuple(_opened(_READS[need], key, rows))
        for need, rows in zip(wanted, found, strict=True)
    }
    return Facts(**opened)


def _opened(read: Read, key: UserKey, rows: Iterable[Any]) -> Iterator[object]:
    """A row that does not open is left out: one that was tampered with must not silence the bot."""
    for row in rows:
        try:
            yield read(key, row)
        except SealBrokenError as exc:
            log.error("A fact was left out: %s", exc)


def _mood(key: UserKey, row: tuple[Any, ...]) -> MoodFact:
    id_, score, context, at = row
    return MoodFact(score=score, note=_note(key, id_, context), at=at)


def _note(key: UserKey, id_: UUID, context: bytes | None) -> str | None:
    if context is None:
        return None
    opened: dict[str, Any] = key.open_json("mood_entries", "context_data", id_, context)
    return ScreenedText.stored(opened["note"], opened["originals"]).restored()


def _score(_: UserKey, row: tuple[Any, ...]) -> ScoreFact:
    attempt_id, form_id, score_type, value, band, at = row
    return ScoreFact(
        attempt_id=attempt_id,
        form_id=form_id,
        score_type=score_type,
        value=value,
        band=band,
        at=at,
    )


def _journal(key: UserKey, row: tuple[Any, ...]) -> JournalFact:
    id_, content, originals, at = row
    text = open_text(key, "journal_entries", id_, content, originals)
    return JournalFact(text=text.restored(), at=at)


def _message(key: UserKey, row: tuple[Any, ...]) -> MessageFact:
    id_, role, content, at = row
    return MessageFact(role=role, text=key.open_text("messages", "content", id_, content), at=at)


_READS: Final[dict[Need, Read]] = {
    Need.MOODS: _mood,
    Need.SCORES: _score,
    Need.JOURNAL: _journal,
    Need.MESSAGES: _message,
}
