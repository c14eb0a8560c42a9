"""People: who stands behind an identity, what they agreed to, how they want to be spoken to."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from uuid_utils.compat import uuid7

from storage.addresses import Identity, Platform
from storage.encryption import Vault
from storage.engine import Database
from storage.errors import (
    KeyErasedError,
    PersonUnknownError,
    StorageUnavailableError,
    UpdateSpentError,
)
from storage.records import Purpose
from storage.row_security import SYSTEM_USER
from storage.statements import statement

MOST_KNOWN: Final = 4096
DEFAULT_LOCALE: Final = "en"
DEFAULT_TIMEZONE: Final = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """`locale` is BCP 47, `region` ISO 3166 alpha-2 or None when unknown, `timezone` an IANA
    name. `consents` are the purposes granted now."""

    id: UUID
    conversation_id: UUID
    locale: str = DEFAULT_LOCALE
    region: str | None = None
    timezone: str = DEFAULT_TIMEZONE
    consents: frozenset[Purpose] = frozenset()
    is_new: bool = False

    def agreed_to(self, purpose: Purpose) -> bool:
        return purpose in self.consents


class People:
    """Finds the person behind an identity and signs up those who write for the first time."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._known: OrderedDict[Identity, Person] = OrderedDict()

    async def of(
        self,
        identity: Identity,
        *,
        locale: str | None = None,
        region: str | None = None,
        update: str | None = None,
    ) -> Person:
        """The person behind an identity; `locale` and `region` are for somebody new. Who was met
        before comes from memory, with settings and without consents as of then: a turn loads
        them anew. Nobody is signed up by an `update` (its key) that somebody sent who was erased
        since: that raises UpdateSpentError."""
        known = self._known.get(identity)
        if known is not None:
            self._known.move_to_end(identity)
            return known
        user_id = await self.find(identity)
        is_new = user_id is None
        if user_id is None:
            await self._refuse_spent(update)
            user_id = await self._sign_up(identity, _preferences(locale, region))
        person = await self._meet(user_id)
        self._remember(identity, person)
        return replace(person, is_new=is_new)

    def forget(self, identity: Identity) -> None:
        """Drop an identity from memory, such as one that was erased."""
        self._known.pop(identity, None)

    async def find(self, identity: Identity) -> UUID | None:
        """Whose an identity is, if anybody's; signs nobody up."""
        async with self._database.sign_in() as connection:
            found = await connection.execute(statement("people", "find"), self._key(identity))
        row = await found.fetchone()
        return row[0] if row else None

    async def _refuse_spent(self, update: str | None) -> None:
        if update is None:
            return
        async with self._database.sign_in() as connection:
            spent = await connection.execute(
                statement("people", "spent"), {"key": self._vault.fingerprint(update)}
            )
        if await spent.fetchone() is not None:
            raise UpdateSpentError

    async def _sign_up(self, identity: Identity, preferences: Mapping[str, str]) -> UUID:
        """Make the person, unless another worker was faster: then theirs is found. When the
        answer to the commit is lost the key stays, since the person may exist."""
        user_id = uuid7()
        await self._vault.new_user_key(user_id)
        async with self._database.sign_in(user_id) as connection:
            signed_up = await connection.execute(
                statement("people", "sign_up"),
                {
                    **self._key(identity),
                    "user_id": user_id,
                    "identity_id": uuid7(),
                    "profile_id": uuid7(),
                    "conversation_id": uuid7(),
                    "preferences": Jsonb(preferences),
                },
            )
        [(won,)] = await signed_up.fetchall()
        if won:
            return user_id
        await self._vault.drop_user_key(user_id)
        found = await self.find(identity)
        if found is None:  # and was erased again in this very moment
            raise StorageUnavailableError
        return found

    async def _meet(self, user_id: UUID) -> Person:
        """The person with their conversation, which is opened when the last one ended. Raises
        KeyErasedError when they were erased in this very moment."""
        met = await self._run(user_id, "meet")
        if not met:
            await self._run(user_id, "open_conversation", conversation_id=uuid7())
            met = await self._run(user_id, "meet")
        if not met:
            raise KeyErasedError
        conversation_id, preferences = met[0]
        return person_from(user_id, conversation_id, preferences)

    async def _run(self, user_id: UUID, name: str, **more: object) -> list[tuple[Any, ...]]:
        parameters = {"user_id": user_id, **more}
        return await self._database.run_for(user_id, statement("people", name), parameters)

    def _key(self, identity: Identity) -> dict[str, object]:
        named = json.dumps([identity.workspace, identity.subject])
        platform = identity.platform.value
        return {
            "provider": platform,
            "provider_id": self._vault.lookup(f"identity:{platform}", named),
        }

    def _remember(self, identity: Identity, person: Person) -> None:
        self._known[identity] = person
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


async def find_user(
    database: Database, vault: Vault, named: str, *, telegram_bot: str = ""
) -> UUID:
    """Whom an operator means: by user id, or by `telegram:12345`, `slack:T0123:U0456`,
    `console:name`. `telegram_bot` is the id of this deployment's bot, the digits before the colon
    of its token, unless it is named too (`telegram:BOT:12345`). Somebody who was erased is found
    by user id alone. Raises PersonUnknownError."""
    try:
        user_id = UUID(named)
    except ValueError:
        identity = _identity(named, telegram_bot)
        found = await People(database, vault).find(identity) if identity else None
    else:
        async with database.sign_in() as connection:
            known = await connection.execute(statement("people", "known"), {"user_id": user_id})
        found = user_id if await known.fetchone() and user_id != SYSTEM_USER else None
    if found is None:
        raise PersonUnknownError
    return found


def _identity(named: str, telegram_bot: str) -> Identity | None:
    platform, *within = named.split(":")
    if platform not in set(Platform) or len(within) not in (1, 2):
        return None
    subject = within.pop()
    bots = {Platform.TELEGRAM.value: telegram_bot}
    workspace = within[0] if within else bots.get(platform, "")
    return Identity(platform=Platform(platform), subject=subject, workspace=workspace)


def person_from(
    user_id: UUID, conversation_id: UUID, preferences: Mapping[str, Any] | None
) -> Person:
    """A person with the settings of their profile and without consents."""
    settings = preferences or {}
    return Person(
        id=user_id,
        conversation_id=conversation_id,
        locale=settings.get("locale", DEFAULT_LOCALE),
        region=settings.get("region"),
        timezone=settings.get("timezone", DEFAULT_TIMEZONE),
    )


def _preferences(locale: str | None, region: str | None) -> dict[str, str]:
    given = {"locale": locale, "region": region}
    return {name: value for name, value in given.items() if value is not None}
