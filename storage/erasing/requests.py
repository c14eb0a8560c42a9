"""The wish to be erased, as statements for whoever commits it: a turn, a sweep, an operator."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, LiteralString
from uuid import UUID

from storage.addresses import Address
from storage.encryption import Vault
from storage.errors import SealBrokenError
from storage.statements import statement

Reason = Literal["asked", "operator", "never_agreed", "case_closed", "replayed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Farewell:
    """Where to send a receipt, in which language, with the helplines of which region."""

    address: Address
    locale: str
    region: str | None


def asking(
    vault: Vault, user_id: UUID, reason: Reason, farewell: Farewell | None
) -> Iterator[tuple[LiteralString, dict[str, Any]]]:
    """Makes the wish durable, fences the conversation, and takes back every consent."""
    asked = {
        "user_id": user_id,
        "reason": reason,
        "locale": farewell.locale if farewell else None,
        "address": _sealed(vault, user_id, farewell) if farewell else None,
    }
    for step in ("ask", "hold", "withdraw"):
        yield statement("erasure", step), asked


def _sealed(vault: Vault, user_id: UUID, farewell: Farewell) -> bytes:
    """With the one key that outlives a person's own and that no rotation replaces."""
    where = {"address": dataclasses.asdict(farewell.address), "region": farewell.region}
    return vault.lookup(_purpose(user_id), json.dumps(where))


def opened(vault: Vault, user_id: UUID, locale: str, address: bytes | None) -> Farewell | None:
    """None also when the address does not open: then nobody can be told."""
    if address is None:
        return None
    try:
        where = json.loads(vault.open_lookup(_purpose(user_id), address))
    except SealBrokenError:
        return None
    return Farewell(
        address=Address.from_json(where["address"]), locale=locale, region=where["region"]
    )


def _purpose(user_id: UUID) -> str:
    return f"farewell:{user_id}"
