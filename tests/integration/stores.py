"""Builders for tests of the stores: plainly invented people, entries and turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import psycopg
from uuid_utils.compat import uuid7

from safety.text import NO_RISK, Domain, Risk, ScreenedText, Severity
from storage.addresses import Address, Identity, Platform
from storage.conversations import (
    AssistantMessage,
    Committed,
    Conversations,
    Lease,
    Outgoing,
    TurnCommit,
)
from storage.encryption import Vault
from storage.engine import Database
from storage.escalations import Escalations
from storage.flags import Flags
from storage.inbox import Entry, Inbox, Taken
from storage.outbox import Outbox
from storage.people import People, Person
from storage.records import RiskFound, RiskSource
from tests.integration.stopped_commits import StoppedCommits

HERE = Address(platform=Platform.TELEGRAM, chat="chat-1", workspace="bot-1")
HIGH = Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=0.9, reasons=("plan",))
NOW = datetime.now(UTC).replace(microsecond=0)


def identity(subject: str = "person-1") -> Identity:
    return Identity(platform=Platform.TELEGRAM, subject=subject, workspace="bot-1")


def words(masked: str, **originals: str) -> ScreenedText:
    return ScreenedText.screened(masked, {f"<{tag}>": value for tag, value in originals.items()})


def entry(text: str | ScreenedText | None = "hello", **changes: Any) -> Entry:
    said = Entry(
        key=f"telegram:1:update:{uuid7()}",
        message_id=uuid7(),
        kind="said",
        address=HERE,
        text=words(text) if isinstance(text, str) else text,
        press=None,
        message_ref=None,
        query=None,
        other=None,
        locale="en",
        at=NOW,
        risk=NO_RISK,
    )
    return replace(said, **changes)


def found(risk: Risk = HIGH, **changes: Any) -> RiskFound:
    event = RiskFound(id=uuid7(), source=RiskSource.TEXT, risk=risk, alert=risk.calls_for_humans)
    return replace(event, **changes)


def outgoing(text: str = "a reply", *, safety: bool = False, said: UUID | None = None) -> Outgoing:
    payload = {"text": text, "buttons": []}
    return Outgoing(id=uuid7(), message_id=said, address=HERE, payload=payload, safety=safety)


@dataclass(frozen=True, kw_only=True)
class Stores:
    """Every store over one database, and a look past row security at what is stored."""

    database: Database
    vault: Vault
    admin_url: str
    people: People
    inbox: Inbox
    conversations: Conversations
    outbox: Outbox
    escalations: Escalations
    flags: Flags
    worker: UUID = field(default_factory=uuid7)

    @classmethod
    def over(
        cls,
        database: Database,
        vault: Vault,
        admin_url: str,
        *,
        lease_seconds: float = 30.0,
    ) -> Self:
        return cls(
            database=database,
            vault=vault,
            admin_url=admin_url,
            people=People(database, vault),
            inbox=Inbox(database, vault, lease_seconds=lease_seconds),
            conversations=Conversations(database, vault, lease_seconds=lease_seconds),
            outbox=Outbox(database, vault),
            escalations=Escalations(database),
            flags=Flags(database),
        )

    async def take_in(
        self,
        person: Person,
        said: Entry,
        *,
        findings: tuple[RiskFound, ...] = (),
        preempt: bool = False,
        worker: UUID | None = None,
    ) -> Taken:
        return await self.inbox.take_in(
            person, said, findings=findings, worker=worker or self.worker, preempt=preempt
        )

    async def held(self, person: Person, said: Entry, **more: Any) -> Lease:
        """Take an entry in and win the lease."""
        taken = await self.take_in(person, said, **more)
        assert taken.lease is not None
        return taken.lease

    async def commit(
        self, lease: Lease, said: Entry, *replies: str | Outgoing, **changes: Any
    ) -> Committed:
        rows = [outgoing(reply) if isinstance(reply, str) else reply for reply in replies]
        messages = [AssistantMessage(id=uuid7(), text=row.payload["text"]) for row in rows]
        turn = TurnCommit(
            lease=lease,
            entry=said,
            state={},
            heard=None,
            said=tuple(messages),
            outgoing=tuple(
                replace(row, message_id=message.id)
                for row, message in zip(rows, messages, strict=True)
            ),
            records=(),
            sender=self.worker,
        )
        return await self.conversations.commit(replace(turn, **changes))

    async def turn(self, person: Person, *replies: str | Outgoing, **changes: Any) -> Committed:
        """A whole turn of somebody whose conversation is free."""
        said = entry()
        return await self.commit(await self.held(person, said), said, *replies, **changes)

    def stored(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What is in the tables, as the administrator sees it."""
        with psycopg.connect(self.admin_url) as connection:
            return connection.execute(query.encode(), parameters).fetchall()

    def alter(self, statement: str, *parameters: object) -> None:
        """Change rows behind the stores' back: let time pass, tamper."""
        with psycopg.connect(self.admin_url) as connection:
            connection.execute(statement.encode(), parameters)

    def commits_of(self, *tables: str) -> StoppedCommits:
        return StoppedCommits(admin_url=self.admin_url, tables=tables)

    def count(self, table: str) -> int:
        [(count,)] = self.stored(f"SELECT count(*) FROM app.{table}")
        return int(count)

    def counts(self, *tables: str) -> Sequence[int]:
        return [self.count(table) for table in tables]

    def pass_time(self, table: str) -> None:
        """Let every lease of a table run out."""
        self.alter(
            f"UPDATE app.{table} SET lease_until = now() - interval '1 second'"
            " WHERE lease_until > '-infinity'"
        )
