"""Taking back a consent acts on what was kept for its purpose, in the commit that records it.

service     nothing more is kept (`bot.hearing`); without a new yes all is erased (`erasing`)
ai_chat     what a language model was asked and answered is deleted here
check_ins   nothing is sent first; nothing was kept for it
teaching    messages that were misread are no candidates for the screener's corpus any more
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, LiteralString
from uuid import UUID

from storage.audit.log import AuditEntry
from storage.record_writes import Write
from storage.records import ConsentRecorded, Purpose, Record
from storage.statements import statement


@dataclass(frozen=True, kw_only=True, slots=True)
class _Undoing:
    """A statement that says how many rows of a table it undid; the audit log calls that `done`."""

    file: str
    name: str
    table: str
    done: str

    @property
    def statement(self) -> LiteralString:
        return statement(self.file, self.name)


_UNDOING: Final[Mapping[Purpose, _Undoing]] = {
    Purpose.AI_CHAT: _Undoing(
        file="erasure", name="delete_ai_runs", table="ai_runs", done="deleted"
    ),
    Purpose.TEACHING: _Undoing(file="misread", name="let_go", table="safety_events", done="let_go"),
}


def taken_back(records: Iterable[Record]) -> tuple[Purpose, ...]:
    """Purposes for which something was kept, and the consent to which ends with these records."""
    return tuple(
        record.purpose
        for record in records
        if isinstance(record, ConsentRecorded) and not record.granted and record.purpose in _UNDOING
    )


def undoing(purpose: Purpose, user_id: UUID) -> Write:
    """Says how many rows there were."""
    return _UNDOING[purpose].statement, {"user_id": user_id}


def undone(purpose: Purpose, count: int) -> AuditEntry:
    what = _UNDOING[purpose]
    new = {"purpose": purpose.value, what.done: count}
    return AuditEntry(action="withdrew", resource_type=what.table, new=new)
