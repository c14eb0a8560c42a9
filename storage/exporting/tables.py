"""What an export holds: every table and column about a person, or the reason why not.

A test walks the schema and fails when a table or a column is neither here nor left out.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from storage.exporting.values import (
    Opening,
    answers,
    either,
    identity,
    lookup,
    own_words,
    value,
    words,
)


class Reason(enum.StrEnum):
    """Why something is left out."""

    OWNER = "owner"  # whose row it is: the person's in every row
    RESTORED = "restored"  # is put back into the text it belongs to
    REPEATED = "repeated"  # says the same as another column or table
    WORK = "work"  # how workers share their work: leases, attempts, counters
    KEYED_HASH = "keyed_hash"  # random to everybody, us included
    STAFF = "staff"  # about somebody of the staff
    ADDRESS = "address"  # where one last message goes; emptied once it is sent


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportTable:
    """`columns` in their order, under the names of the schema; `opened` how those are read that
    are sealed; `added` those that come from the catalogue. Seals are bound to `row_id`."""

    name: str
    columns: tuple[str, ...]
    opened: Mapping[str, Opening] = field(default_factory=dict)
    added: tuple[str, ...] = ()
    left_out: Mapping[str, Reason] = field(default_factory=dict)
    row_id: str = "id"


LEFT_OUT_TABLES: Final[Mapping[str, Reason]] = {
    "auth_identity_keys": Reason.REPEATED,
    "audit_heads": Reason.KEYED_HASH,
}
"""Tables of persons that are not in an export at all."""

_OWNER: Final = {"user_id": Reason.OWNER}


def _table(
    name: str,
    columns: str,
    *,
    left_out: Mapping[str, Reason] | None = None,
    added: str = "",
    row_id: str = "id",
    **opened: Opening,
) -> ExportTable:
    return ExportTable(
        name=name,
        columns=tuple(columns.split()),
        opened=opened,
        added=tuple(added.split()),
        left_out={**_OWNER, **(left_out or {})},
        row_id=row_id,
    )


EXPORT_TABLES: Final[tuple[ExportTable, ...]] = (
    _table(
        "users",
        "id email username is_active created_at updated_at",
        email=lookup,
        username=lookup,
    ),
    _table(
        "profiles",
        "id display_name bio preferences metadata created_at updated_at",
        display_name=words,
        bio=words,
    ),
    _table(
        "auth_identities",
        "id provider provider_id provider_data created_at",
        provider_id=identity,
        provider_data=either,
    ),
    _table(
        "consents",
        "id consent_type version consent_text granted granted_at expires_at created_at",
    ),
    _table(
        "flag_assignments",
        "id feature description is_enabled override_value created_at updated_at",
        added="feature description",
        left_out={
            "flag_id": Reason.REPEATED,
            "target_type": Reason.OWNER,
            "target_id": Reason.OWNER,
        },
    ),
    _table(
        "journal_entries",
        "id entry_date title content mood_data tags is_private created_at updated_at",
        title=words,
        content=own_words,
        mood_data=either,
        left_out={"originals": Reason.RESTORED},
    ),
    _table(
        "mood_entries",
        "id entry_timestamp mood_score mood_label context_data created_at",
        context_data=value,
    ),
    _table(
        "assessment_attempts",
        "id form_id assessment title version status responses started_at completed_at created_at"
        " updated_at",
        added="assessment title version",
        responses=answers,
    ),
    _table(
        "assessment_scores",
        "id attempt_id assessment score_type score_value score_data interpretation calculated_at"
        " created_at",
        added="assessment",
        interpretation=words,
    ),
    _table(
        "goals",
        "id title description category status target_date progress_data created_at updated_at",
        title=words,
        description=words,
    ),
    _table(
        "recommendations",
        "id recommendation_type content metadata status delivered_at created_at",
        content=words,
    ),
    _table(
        "conversations",
        "id title status state metadata started_at last_activity created_at updated_at",
        title=words,
        state=value,
        left_out=dict.fromkeys(("epoch", "lease_owner", "lease_until", "out_seq"), Reason.WORK),
    ),
    _table(
        "messages",
        "id conversation_id role content metadata created_at",
        content=own_words,
        left_out={"originals": Reason.RESTORED},
    ),
    _table(
        "safety_events",
        "id conversation_id message_id source event_type severity event_data reviewed created_at",
        event_data=value,
        left_out={"message_created_at": Reason.REPEATED},
    ),
    _table(
        "crisis_flags",
        "id safety_event_id flag_type priority resolved resolved_at created_at",
        left_out={"resolved_by": Reason.STAFF},
    ),
    _table(
        "escalations",
        "id flag_id alias priority flag_type level state alerted_at created_at",
        left_out=dict.fromkeys(("attempts", "due_at", "lease_until"), Reason.WORK),
    ),
    _table(
        "ai_runs",
        "id conversation_id message_id model_name prompt_name prompt_version prompt_data"
        " response_data finish_reason error tokens_used response_time created_at",
        prompt_data=words,
        response_data=words,
        left_out={"message_created_at": Reason.REPEATED},
    ),
    _table(
        "inbox",
        "message_id conversation_id kind entry received_at done_at",
        row_id="message_id",
        entry=value,
        left_out={"key": Reason.KEYED_HASH},
    ),
    _table(
        "outbox",
        "id conversation_id seq message_id class platform payload state platform_ref sent_at"
        " created_at",
        payload=value,
        platform_ref=words,
        left_out=dict.fromkeys(("attempts", "due_at", "lease_until"), Reason.WORK),
    ),
    _table(
        "audit_logs",
        "id seq actor action resource_type resource_id old_values new_values ip_address user_agent"
        " created_at",
        added="actor",
        left_out={"actor_id": Reason.STAFF, "mac": Reason.KEYED_HASH},
    ),
    _table(
        "erasures",
        "reason locale receipt requested_at erased_at told_at",
        left_out={"address": Reason.ADDRESS, "lease_until": Reason.WORK},
    ),
)
"""In the order in which a person would want to read them."""
