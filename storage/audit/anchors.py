"""How far people's audit chains had come when they were last verified, noted in the key store.

A database alone could be set back, entries and heads together, and would look whole: what is
noted in another database says that there was more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.audit.chain import Place
from storage.errors import StorageError
from storage.keys.store import KeyStore

ANCHORS: Final = sa.Table(
    "audit_anchors",
    sa.MetaData(),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("mac", sa.LargeBinary, nullable=False),
    sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
)


class AuditAnchors:
    def __init__(self, store: KeyStore) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the table where it is missing. Not one of the store's own, since a copy of the
        keys must not bring old anchors back."""
        with suppress(StorageError):  # a twin was faster; what else is wrong shows at the next use
            await self._store.write(lambda connection: ANCHORS.create(connection, checkfirst=True))

    async def of(self, user_ids: Sequence[UUID]) -> dict[UUID, Place]:
        """The newest place noted of each chain, for those that have one."""
        query = sa.select(ANCHORS).where(ANCHORS.c.user_id.in_(user_ids))
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return {row.user_id: Place(seq=row.seq, mac=row.mac) for row in rows}

    async def users(self, *, after: UUID, most: int) -> list[UUID]:
        """Whose chains have an anchor, in order, a page at a time."""
        query = (
            sa.select(ANCHORS.c.user_id)
            .where(ANCHORS.c.user_id > after)
            .order_by(ANCHORS.c.user_id)
            .limit(most)
        )
        return await self._store.read(lambda connection: list(connection.scalars(query)))

    async def note(self, places: Mapping[UUID, Place]) -> None:
        """Note how far chains have come; an anchor never goes back."""
        now = datetime.now(UTC)
        rows = [
            {"user_id": user_id, "seq": place.seq, "mac": place.mac, "noted_at": now}
            for user_id, place in places.items()
        ]
        if rows:
            await self._store.write(
                lambda connection: connection.execute(_noting(connection), rows)
            )

    async def forget(self) -> None:
        """For a database that was restored to an earlier moment on purpose."""
        await self._store.write(lambda connection: connection.execute(sa.delete(ANCHORS)))


def _noting(connection: sa.Connection) -> sqlite.Insert | postgresql.Insert:
    """A file and a server know the same clause, under two names."""
    insert: sqlite.Insert | postgresql.Insert
    if connection.dialect.name == "sqlite":
        insert = sqlite.insert(ANCHORS)
    else:
        insert = postgresql.insert(ANCHORS)
    new = insert.excluded
    return insert.on_conflict_do_update(
        index_elements=[ANCHORS.c.user_id],
        set_={"seq": new.seq, "mac": new.mac, "noted_at": new.noted_at},
        where=new.seq > ANCHORS.c.seq,
    )
