"""The audit chain on a real database: appended under load, verified, tampered with."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from storage.audit import AuditEntry, AuditLog
from storage.audit_chain import AuditChain, Examined
from storage.encryption import Vault
from storage.engine import Database

ENTRY = AuditEntry(action="exported", resource_type="messages", new={"rows": 3})


@pytest.fixture
def person(admin_url: str) -> UUID:
    user_id = uuid7()
    with psycopg.connect(admin_url) as connection:
        connection.execute("INSERT INTO app.users (id) VALUES (%s)", (user_id,))
    return user_id


@pytest.fixture
def log(database: Database, vault: Vault) -> AuditLog:
    return AuditLog(database, vault)


@pytest.fixture
def chain(database: Database, vault: Vault) -> AuditChain:
    return AuditChain(database, vault, entries_at_once=3)


async def test_a_chain_holds(log: AuditLog, chain: AuditChain, person: UUID) -> None:
    for _ in range(7):
        await log.append(person, ENTRY)
    assert await chain.examine(person) == Examined(entries=7, finding=None)
    assert await log.checkpoint_before(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert await log.checkpoint_before(datetime(2120, 1, 1, tzinfo=UTC)) == 1
    assert await log.checkpoint_before(datetime(2120, 1, 1, tzinfo=UTC)) == 0
    assert await chain.examine(person) == Examined(entries=0, finding=None)
    await log.append(person, ENTRY)
    assert await chain.examine(person) == Examined(entries=1, finding=None)
