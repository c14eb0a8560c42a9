"""Records as statements: what `storage.records` has one value for, one or more rows here.

They run after the turn's own statement, in its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString, TypeAlias, assert_never
from uuid import UUID

from psycopg.types.json import Jsonb

from storage.addresses import Address
from storage.compiled import insert_into, merge_preferences, message_if_missing, update_attempt
from storage.encryption import UserKey, Vault
from storage.erasing.requests import Farewell, asking
from storage.findings import FindingRow, finding_rows, misread_row
from storage.records import (
    Answer,
    AttemptAnswered,
    AttemptBegun,
    AttemptClosed,
    ConsentRecorded,
    ErasureAsked,
    JournalWritten,
    MisreadReported,
    ModelRan,
    MoodRecorded,
    ProfileChanged,
    Record,
    ReplyRefused,
    RiskFound,
    ScoreCalculated,
)
from storage.sealed_text import NOT_KEPT, seal_originals, seal_text
from storage.statements import statement

Write: TypeAlias = tuple[LiteralString, dict[str, Any]]
"""A statement and its parameters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a turn's records belong. `address` is where it came from."""

    user_id: UUID
    conversation_id: UUID
    message_id: UUID
    address: Address
    key: UserKey
    vault: Vault


def writes(records: Iterable[Record], place: Place) -> Iterator[Write]:
    """What to run after the turn's messages are written, in this order."""
    records = tuple(records)
    if any(isinstance(record, RiskFound | ModelRan | ReplyRefused) for record in records):
        yield _parent(place)
    for record in records:
        yield from _writes(record, place)


def _writes(record: Record, place: Place) -> Iterator[Write]:  # noqa: C901 - one case a record
    match record:
        case ConsentRecorded():
            yield _consent(record, place)
        case ProfileChanged():
            yield from _profile(record, place)
        case MoodRecorded():
            yield _mood(record, place)
        case JournalWritten():
            yield _journal(record, place)
        case AttemptBegun():
            yield _attempt(record, place)
        case AttemptAnswered():
            yield _answers(record, place)
        case AttemptClosed():
            yield from _closing(record, place)
        case RiskFound():
            for row in finding_rows([record], place.key):
                yield from _finding(row, place)
        case MisreadReported():
            yield statement("misread", "report"), misread_row(record, place.key)
        case ModelRan():
            yield _model_run(record, place)
        case ReplyRefused():
            yield _refusal(record, place)
        case ErasureAsked():
            farewell = Farewell(address=place.address, locale=record.locale, region=record.region)
            yield from asking(place.vault, place.user_id, "asked", farewell)
        case _:
            assert_never(record)


def _parent(place: Place) -> Write:
    """The turn's message exists already, unless nothing of it could be kept."""
    id_ = place.message_id
    return message_if_missing(), {
        "message_id": id_,
        "user_id": place.user_id,
        "conversation_id": place.conversation_id,
        "role": "system",
        "content": seal_text(place.key, "messages", id_, NOT_KEPT),
    }


def _consent(record: ConsentRecorded, place: Place) -> Write:
    """`created_at` is the server's: which consent is the latest must not hang on our clocks."""
    return _insert(
        "consents",
        id=record.id,
        user_id=place.user_id,
        consent_type=record.purpose.value,
        version=record.version,
        consent_text=record.text,
        granted=record.granted,
        granted_at=record.at if record.granted else None,
    )


def _profile(record: ProfileChanged, place: Place) -> Iterator[Write]:
    settings = {"locale": record.locale, "region": record.region, "timezone": record.timezone}
    changes = {name: value for name, value in settings.items() if value is not None}
    if changes:
        yield merge_preferences(), {"of_user": place.user_id, "changes": Jsonb(changes)}


def _mood(record: MoodRecorded, place: Place) -> Write:
    context = None
    if record.note is not None:
        note = record.note
        context = place.key.seal(
            "mood_entries",
            "context_data",
            record.id,
            {"note": note.masked, "originals": dict(note.originals)},
        )
    return _insert(
        "mood_entries",
        id=record.id,
        user_id=place.user_id,
        mood_score=record.score,
        context_data=context,
        entry_timestamp=record.at,
    )


def _journal(record: JournalWritten, place: Place) -> Write:
    text = record.text
    return _insert(
        "journal_entries",
        id=record.id,
        user_id=place.user_id,
        content=seal_text(place.key, "journal_entries", record.id, text),
        originals=seal_originals(place.key, "journal_entries", record.id, text),
        entry_date=record.at,
    )


def _attempt(record: AttemptBegun, place: Place) -> Write:
    return _insert(
        "assessment_attempts",
        id=record.id,
        user_id=place.user_id,
        form_id=record.form_id,
        started_at=record.at,
    )


def _answers(record: AttemptAnswered, place: Place) -> Write:
    answers = {item: _answer(answer) for item, answer in record.answers.items()}
    return update_attempt("responses"), {
        "of_user": place.user_id,
        "of_id": record.id,
        "responses": place.key.seal("assessment_attempts", "responses", record.id, answers),
    }


def _answer(answer: Answer) -> dict[str, object]:
    return {"value": answer.value, "at": answer.at.isoformat(), "edits": answer.edits}


def _closing(record: AttemptClosed, place: Place) -> Iterator[Write]:
    yield (
        update_attempt("status", "completed_at"),
        {
            "of_user": place.user_id,
            "of_id": record.id,
            "status": record.status,
            "completed_at": record.at if record.status == "completed" else None,
        },
    )
    for score in record.scores:
        yield _score(score, record, place)


def _score(score: ScoreCalculated, record: AttemptClosed, place: Place) -> Write:
    seal = place.key.seal
    return _insert(
        "assessment_scores",
        id=score.id,
        user_id=place.user_id,
        attempt_id=record.id,
        score_type=score.score_type,
        score_value=score.value,
        score_data=Jsonb({"band": score.band}),
        interpretation=seal("assessment_scores", "interpretation", score.id, score.interpretation),
        calculated_at=record.at,
    )


def _finding(row: FindingRow, place: Place) -> Iterator[Write]:
    yield _insert(
        "safety_events",
        id=row.event_id,
        user_id=place.user_id,
        conversation_id=place.conversation_id,
        message_id=place.message_id,
        source=row.source,
        event_type=row.event_type,
        event_data=row.event_data,
        severity=row.severity,
    )
    if row.alert is None:
        return
    yield _insert(
        "crisis_flags",
        id=row.alert.flag_id,
        user_id=place.user_id,
        safety_event_id=row.event_id,
        flag_type=row.alert.flag_type,
        priority=row.alert.priority,
    )
    yield _insert(
        "escalations",
        id=row.alert.escalation_id,
        user_id=place.user_id,
        flag_id=row.alert.flag_id,
        alias=row.alert.alias,
        priority=row.alert.priority,
        flag_type=row.alert.flag_type,
    )


def _model_run(record: ModelRan, place: Place) -> Write:
    seal = place.key.seal
    response = record.response
    return _insert(
        "ai_runs",
        id=record.id,
        user_id=place.user_id,
        conversation_id=place.conversation_id,
        message_id=place.message_id,
        model_name=record.model,
        prompt_name=record.prompt_name,
        prompt_version=record.prompt_version,
        prompt_data=seal("ai_runs", "prompt_data", record.id, record.prompt),
        response_data=None
        if response is None
        else seal("ai_runs", "response_data", record.id, response),
        finish_reason=record.finish_reason,
        error=record.error,
        tokens_used=record.tokens,
        response_time=record.seconds,
    )


def _refusal(record: ReplyRefused, place: Place) -> Write:
    """Of low severity: it says something of the model, not of the person."""
    seal = place.key.seal
    return _insert(
        "safety_events",
        id=record.id,
        user_id=place.user_id,
        conversation_id=place.conversation_id,
        message_id=place.message_id,
        source="reply",
        event_type="reply_refused",
        event_data=seal("safety_events", "event_data", record.id, {"reasons": [*record.reasons]}),
        severity="low",
    )


def _insert(table: str, **values: object) -> Write:
    return insert_into(table, tuple(values)), values
