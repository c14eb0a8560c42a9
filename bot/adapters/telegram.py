"""Telegram by long polling. An update is confirmed to Telegram, by asking for the next one, only
after `receive` has returned, which is after its commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from telegram import InputFile, LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.adapters.adapter import File, Message, Receive
from bot.adapters.telegram_intake import Intake
from bot.adapters.telegram_polling import Backoff, Polling
from bot.adapters.telegram_sending import (
    LONGEST_CAPTION,
    NOT_EDITABLE,
    SOON,
    UNCHANGED,
    keyboard_of,
    says,
    send_error,
    text_of,
)
from bot.adapters.telegram_wire import API_URL, WiredBot
from bot.errors import ConfigurationError, SendLaterError, SendUnknownError
from storage.addresses import Address, Platform

log = logging.getLogger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
FINISHING_SECONDS = 5.0
FILE_SECONDS = 60.0


class TelegramAdapter:
    """One bot. Raises ConfigurationError, here or from `run`, when the token or the address of the
    Bot API cannot work. `counselor_chat` belongs to staff: who writes there is not a person in
    care and is not answered."""

    platform: ClassVar[Platform] = Platform.TELEGRAM
    limit: ClassVar[int] = 4096

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        *,
        counselor_chat: str | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._bot = WiredBot(_checked_token(token), _checked_url(api_url or API_URL))
        self._counselor_chat = counselor_chat
        self._backoff = backoff or Backoff()
        self._working: set[asyncio.Future[None]] = set()
        self._intake: Intake | None = None

    @property
    def parked(self) -> int:
        """How many updates were given up since the start; the log names each."""
        return self._intake.parked if self._intake else 0

    async def run(self, receive: Receive) -> None:
        polling = Polling(self._bot, self._backoff)
        self._intake = Intake(
            receive,
            bot=await polling.sign_in(),
            ignored_chat=self._counselor_chat,
            answer_query=self._answer_query,
            keep=self._keep,
        )
        await polling.run(self._intake)

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        if file is not None:
            return await self._sent_file(address, message, file)
        text = text_of(message, self.limit)
        if message.replaces is not None and await self._edited(address, message, text):
            return message.replaces
        try:
            sent = await self._bot.send_message(
                address.chat,
                text,
                reply_markup=keyboard_of(message.buttons),
                link_preview_options=NO_PREVIEW,
                message_thread_id=_number(address.thread),
            )
        except Exception as exc:  # noqa: BLE001 - the engine knows three errors of sending
            raise send_error(exc) from None
        return str(sent.message_id)

    async def typing(self, address: Address) -> None:
        with contextlib.suppress(Exception):
            await self._bot.send_chat_action(
                address.chat, ChatAction.TYPING, message_thread_id=_number(address.thread)
            )

    async def set_commands(self, menus: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """The menu beside the text field: (command, description) by two-letter language, "" for
        all others. It stays as it was when Telegram does not take it."""
        for language, commands in menus.items():
            menu = [(command.removeprefix("/"), about) for command, about in commands]
            try:
                await self._bot.set_my_commands(menu, language_code=language or None)
            except Exception as exc:  # noqa: BLE001 - a bot without a menu still works
                log.warning("Telegram did not take the menu (%s).", type(exc).__name__)

    async def close(self) -> None:
        """Let turns that are under way finish sending, then hang up."""
        if self._working:
            await asyncio.wait(self._working, timeout=FINISHING_SECONDS)
        await self._bot.hang_up()

    async def _sent_file(self, address: Address, message: Message, file: File) -> str:
        caption = text_of(message, LONGEST_CAPTION)
        try:
            sent = await self._bot.send_document(
                address.chat,
                InputFile(file.content, filename=file.name),
                caption=caption,
                reply_markup=keyboard_of(message.buttons),
                message_thread_id=_number(address.thread),
                disable_content_type_detection=True,
                read_timeout=FILE_SECONDS,
                write_timeout=FILE_SECONDS,
            )
        except Exception as exc:  # noqa: BLE001 - as in `send`
            raise send_error(exc) from None
        return str(sent.message_id)

    async def _edited(self, address: Address, message: Message, text: str) -> bool:
        """False when that message cannot be edited, so that a new one is called for. An edit can
        be repeated, so that a lost answer is only a reason to try again."""
        if (number := _number(message.replaces)) is None:
            return False
        try:
            await self._bot.edit_message_text(
                text,
                chat_id=address.chat,
                message_id=number,
                reply_markup=keyboard_of(message.buttons),
                link_preview_options=NO_PREVIEW,
            )
        except BadRequest as exc:
            if says(exc, *NOT_EDITABLE):
                return False
            if not says(exc, UNCHANGED):
                raise send_error(exc) from None
        except Exception as exc:  # noqa: BLE001 - as in `send`
            error = send_error(exc)
            raise (SendLaterError(SOON) if isinstance(error, SendUnknownError) else error) from None
        return True

    async def _answer_query(self, query: str) -> None:
        """Stops the button's spinner. A press may have waited longer than Telegram remembers it."""
        try:
            await self._bot.answer_callback_query(query)
        except Exception as exc:  # noqa: BLE001 - the answer itself reaches the person anyway
            log.info("A button press could not be acknowledged (%s).", type(exc).__name__)

    def _keep(self, work: asyncio.Future[None]) -> None:
        """asyncio alone holds tasks weakly: without a reference a turn could vanish half-way."""
        self._working.add(work)
        work.add_done_callback(self._finished)

    def _finished(self, work: asyncio.Future[None]) -> None:
        self._working.discard(work)
        if not work.cancelled() and (exc := work.exception()) is not None:
            log.error("A turn ended with %s.", type(exc).__name__)


def _checked_token(token: str) -> str:
    stripped = token.strip()
    if not re.fullmatch(r"[A-Za-z0-9_:-]+", stripped):
        raise ConfigurationError(
            "TELEGRAM_BOT_TOKEN is empty or has characters that no token has: copy it again "
            "from @BotFather."
        )
    return stripped


def _checked_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        raise ConfigurationError(
            "TELEGRAM_API_URL is not an address: write it like http://127.0.0.1:8081."
        )
    return url.rstrip("/")


def _number(written: str | None) -> int | None:
    try:
        return None if written is None else int(written)
    except ValueError:
        return None
