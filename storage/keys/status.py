"""What may be told of keys: which there are, how many, how old. No key material."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from storage.keys.deployment import TEMPLATES, WRAPPING
from storage.keys.keysets import key_ids, primary_id
from storage.keys.store import KeyStore
from storage.keys.tables import DEPLOYMENT_KEYS, USER_KEYS


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyAge:
    """One of the deployment's keysets: the id of the key that it seals with, how many older keys
    it still opens with, and when the newest was made."""

    name: str
    id: int
    older: int
    made_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyStatus:
    """`people` have a key, the newest of each made between `oldest` and `newest` (None without
    people); `erased` have a tombstone."""

    deployment: tuple[KeyAge, ...]
    people: int
    oldest: datetime | None
    newest: datetime | None
    erased: int

    @property
    def unfinished(self) -> bool:
        """Whether a rotation was cut short, or left keys behind that do not open."""
        return any(key.name == WRAPPING and key.older for key in self.deployment)


async def key_status(store: KeyStore) -> KeyStatus:
    return await store.read(_status)


def _status(connection: sa.Connection) -> KeyStatus:
    stored = {row.name: row for row in connection.execute(sa.select(DEPLOYMENT_KEYS))}
    people = connection.execute(
        sa.select(
            sa.func.count(USER_KEYS.c.wrapped),
            sa.func.count(USER_KEYS.c.erased_at),
        )
    ).one()
    living = sa.select(
        sa.func.min(USER_KEYS.c.created_at), sa.func.max(USER_KEYS.c.created_at)
    ).where(USER_KEYS.c.wrapped.is_not(None))
    oldest, newest = connection.execute(living).one()
    return KeyStatus(
        deployment=tuple(
            _age(name, stored[name].wrapped, stored[name].created_at)
            for name in TEMPLATES
            if name in stored
        ),
        people=people[0],
        erased=people[1],
        oldest=_utc(oldest),
        newest=_utc(newest),
    )


def _age(name: str, wrapped: bytes, made_at: datetime) -> KeyAge:
    return KeyAge(
        name=name,
        id=primary_id(wrapped),
        older=max(0, len(key_ids(wrapped)) - 1),
        made_at=_utc(made_at) or made_at,
    )


def _utc(at: datetime | None) -> datetime | None:
    """A file stores no time zone: it was UTC."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
