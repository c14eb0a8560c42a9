"""What a person in danger gets while the database is down.

Nothing can be stored then, so the platform is not acknowledged and will deliver the message
again, which brings the real crisis dialog. Until then the helplines go out directly, once.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

from bot.adapters.adapter import Adapter, Message
from bot.dialogs.dialog import Reply
from bot.dialogs.help_card import card_lines
from bot.errors import SendError
from bot.hearing import words_of
from bot.rendering import Renderer
from bot.updates import Update
from safety.text import Context, Screening
from storage.addresses import Platform

log = logging.getLogger(__name__)
REMEMBERED = 1000


class Lifeline:
    def __init__(
        self,
        adapters: Mapping[Platform, Adapter],
        renderer: Renderer,
        screen: Callable[[str, Context], Awaitable[Screening]],
        *,
        region: str,
        locale: str,
    ) -> None:
        self._adapters = adapters
        self._renderer = renderer
        self._screen = screen
        self._region = region
        self._locale = locale
        self._thrown: OrderedDict[str, None] = OrderedDict()

    async def throw(self, update: Update) -> None:
        """Send the helplines if this update calls for humans and did not get them yet."""
        if update.key in self._thrown or not words_of(update):
            return
        screening = await self._screen(words_of(update), Context())
        adapter = self._adapters.get(update.address.platform)
        if adapter is None or not screening.risk.calls_for_humans:
            return
        locale = update.locale or self._locale
        lines = card_lines(None, screening.risk.domain, self._region, locale=locale)
        text = self._renderer.text(Reply(lines=lines), locale)
        try:
            await adapter.send(update.address, Message(text=text, dialog="crisis", safety=True))
        except SendError as exc:
            log.warning("The helplines could not be sent while the database is down: %s", exc)
            return
        self._thrown[update.key] = None
        if len(self._thrown) > REMEMBERED:
            self._thrown.popitem(last=False)
