"""Taking back a consent acts on what was kept for its purpose, in the commit that records it.

service     nothing more is kept (`bot.hearing`); without a new yes all is erased (`erasing`)
ai_chat     what a language model was asked and answered is deleted here
check_ins   nothing is sent first; nothing was kept for it
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from storage.audit.log import AuditEntry
from storage.record_writes import Write
from storage.records import ConsentRecorded, Purpose, Record
from storage.statements import statement


def took_back_model(records: Iterable[Record]) -> bool:
    return any(
        isinstance(record, ConsentRecorded)
        and record.purpose is Purpose.AI_CHAT
        and not record.granted
        for record in records
    )


def model_runs_gone(user_id: UUID) -> Write:
    """Says how many there were."""
    return statement("erasure", "delete_ai_runs"), {"user_id": user_id}


def model_runs_deleted(count: int) -> AuditEntry:
    new = {"purpose": Purpose.AI_CHAT.value, "deleted": count}
    return AuditEntry(action="withdrew", resource_type="ai_runs", new=new)
