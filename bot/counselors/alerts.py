"""Tells counselors that somebody needs them, without a word of what that person wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.adapters.adapter import Adapter, Message
from bot.errors import SendError
from prompts.catalog import Catalog, Say
from storage.addresses import Address
from storage.escalations import DueEscalation, Escalations

log = logging.getLogger(__name__)
AT_ONCE = 50
HOLD_SECONDS = 30.0
RETRY_SECONDS = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A place where counselors look: a Slack channel, a Telegram group, the terminal."""

    adapter: Adapter
    address: Address


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """Delivers escalations to every post. One that no post took is tried again: an alert may come
    twice, it may not get lost. Without any post escalations stay open for `evenkeel flags`."""

    posts: Sequence[Post]
    escalations: Escalations
    catalog: Catalog
    locale: str
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def raise_due(self) -> None:
        if not self.posts:
            return
        for escalation in await self.escalations.due(AT_ONCE):
            if await self.escalations.take(escalation, HOLD_SECONDS):
                await self._raise(escalation)

    async def _raise(self, escalation: DueEscalation) -> None:
        message = Message(text=self._text(escalation), dialog="alert", safety=True)
        taken = [await self._posted(post, message) for post in self.posts]
        if any(taken):
            await self.escalations.alerted(escalation)
        else:
            await self.escalations.later(
                escalation, RETRY_SECONDS * 2 ** min(escalation.attempts, 4)
            )

    async def _posted(self, post: Post, message: Message) -> bool:
        try:
            await post.adapter.send(post.address, message)
        except SendError as exc:
            log.error("No alert reached %s: %s", post.address.platform, exc)
            return False
        return True

    def _text(self, escalation: DueEscalation) -> str:
        age = max(0, int((self.now() - escalation.created_at).total_seconds() // 60))
        say = Say(
            "alert-crisis",
            {
                "priority": escalation.priority,
                "domain": escalation.flag_type,
                "alias": escalation.alias,
                "minutes": age,
            },
        )
        return self.catalog.render(say, self.locale)
