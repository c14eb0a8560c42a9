"""Slack, through slack-bolt: Socket Mode when there is an app-level token, HTTP events otherwise.

Slack is answered 200, which is its acknowledgement, only once an update was taken in. On anything
else it delivers an event again at once, after a minute and after five.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import ClassVar
from weakref import WeakValueDictionary

import aiohttp
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.adapter import File, Message, Receive
from bot.adapters.slack_blocks import blocks_of
from bot.adapters.slack_connection import (
    bolt_app,
    check_tokens,
    socket_mode,
    until_answered,
    web_client,
)
from bot.adapters.slack_errors import GoneError, send_error
from bot.adapters.slack_files import send_file
from bot.adapters.slack_http import is_signed, payload_of
from bot.adapters.slack_text import escape
from bot.adapters.slack_updates import update_of
from bot.errors import SendRefusedError
from bot.logs import where
from bot.updates import Update
from storage.addresses import Address, Platform

log = logging.getLogger(__name__)
FINISHING_SECONDS = 5.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackAdapter:
    """`app_token` is needed for Socket Mode, `signing_secret` for HTTP; one of them must be
    there. `api_url` is another server than Slack's. `counselor_channel` belongs to staff: who
    writes there is not a person in care. `answer_seconds` is how long a call waits."""

    platform: ClassVar[Platform] = Platform.SLACK
    limit: ClassVar[int] = 3000

    def __init__(
        self,
        *,
        bot_token: str,
        signing_secret: str | None = None,
        app_token: str | None = None,
        api_url: str | None = None,
        counselor_channel: str | None = None,
        now: Callable[[], datetime] = _utc_now,
        answer_seconds: float = 30.0,
    ) -> None:
        check_tokens(bot_token, signing_secret, app_token)
        self._signing_secret = signing_secret
        self._app_token = app_token
        self._counselor_channel = counselor_channel
        self._now = now
        self._answer_seconds = answer_seconds
        self._receive: Receive | None = None
        self._bot_user = ""
        self._working: set[asyncio.Future[None]] = set()
        self._turnstiles: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._web = web_client(bot_token, api_url)
        self._app = bolt_app(self._web, self._take_in)

    async def run(self, receive: Receive) -> None:
        """Bring updates to `receive` until cancelled: over a web socket of our own with an
        app-level token, otherwise as `answer` is called. Raises ConfigurationError when Slack
        does not know one of the tokens."""
        self._receive = receive
        token = self._app_token
        source = socket_mode(self._app, token) if token else contextlib.nullcontext()
        try:
            about_us = await until_answered("SLACK_BOT_TOKEN", self._client().auth_test)
            self._bot_user = str(about_us.get("user_id") or "")
            async with source:
                await asyncio.Event().wait()
        finally:
            self._receive = None

    async def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """The status and body for what came in over HTTP. Header names are lower case."""
        secret = self._signing_secret
        if not secret or not is_signed(headers, body, secret=secret, now=self._now()):
            return 401, ""
        try:
            text = json.dumps(payload_of(body))
            request = AsyncBoltRequest(body=text, headers={"content-type": "application/json"})
        except Exception as exc:  # noqa: BLE001 - bolt reads fields without looking at their types
            log.warning("A signed request from Slack was not understood (%s).", type(exc).__name__)
            return 400, ""
        response = await self._app.async_dispatch(request)
        return response.status, response.body

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        """Post, or edit what `message.replaces` names; what cannot be edited is posted anew. Slack
        names no message that shows a file."""
        if not message.text.strip():
            raise SendRefusedError("no_text")
        if file is not None:
            text = escape(message.text)
            await send_file(self._client(), address.chat, address.thread, text, file)
            return None
        text, blocks = escape(message.text), blocks_of(message)
        chat, client = address.chat, self._client()
        if message.replaces is not None:
            edit = client.chat_update(channel=chat, ts=message.replaces, text=text, blocks=blocks)
            with contextlib.suppress(GoneError):
                return await _sent(edit, repeatable=True)
        post = client.chat_postMessage(
            channel=chat,
            thread_ts=address.thread,
            text=text,
            blocks=blocks,
            mrkdwn=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        return await _sent(post)

    async def typing(self, address: Address) -> None:
        """Slack shows no typing for bots."""

    async def close(self) -> None:
        """Let turns that are under way finish sending, then hang up."""
        if self._working:
            await asyncio.wait(self._working, timeout=FINISHING_SECONDS)
        if self._web.session is not None:
            await self._web.session.close()

    async def _take_in(self, payload: Mapping[str, object]) -> int:
        """The HTTP status for Slack: 200 once the update is committed, or when there is nothing
        to take in. Never raises, since bolt prints what does."""
        try:
            update = update_of(payload, at=self._now(), bot_user=self._bot_user)
            if update is None or update.address.chat == self._counselor_channel:
                return 200
            return await self._received(update)
        except Exception as exc:  # noqa: BLE001 - whatever it is, Slack must deliver again
            log.warning("An update from Slack was not taken in: %s.", where(exc))
            return 500

    async def _received(self, update: Update) -> int:
        """In each person's order. Payloads come as tasks of their own, in the order of their
        arrival, and an asyncio lock lets them through in that order."""
        if self._receive is None:
            return 503
        turnstile = self._turnstiles.setdefault(update.identity.subject, asyncio.Lock())
        async with turnstile:
            self._keep(await self._receive(update))
        return 200

    def _keep(self, turn: asyncio.Future[None]) -> None:
        """asyncio alone holds tasks weakly: without a reference a turn could vanish half-way."""
        self._working.add(turn)
        turn.add_done_callback(self._finished)

    def _finished(self, turn: asyncio.Future[None]) -> None:
        self._working.discard(turn)
        if not turn.cancelled() and (exc := turn.exception()) is not None:
            log.error("A turn ended with %s.", where(exc))

    def _client(self) -> AsyncWebClient:
        """The client with a session, which can only be made within a running loop. Without one
        the SDK opens a connection for every call."""
        if self._web.session is None:
            timeout = aiohttp.ClientTimeout(total=self._answer_seconds, sock_connect=10)
            self._web.session = aiohttp.ClientSession(timeout=timeout)
        return self._web


async def _sent(call: Awaitable[AsyncSlackResponse], *, repeatable: bool = False) -> str | None:
    """The id of the message. Raises the three errors that the outbox knows and no others."""
    try:
        ts = (await call).get("ts")
    except Exception as exc:  # noqa: BLE001 - see above
        raise send_error(exc, repeatable=repeatable) from None
    return ts if isinstance(ts, str) else None
