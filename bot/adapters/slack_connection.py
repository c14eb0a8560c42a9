"""How slack-bolt and the SDK are set up, so that they lose nothing, send nothing twice and print
nothing that anyone said."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeAlias

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack_errors import BAD_TOKEN, code_of, status_of
from bot.errors import ConfigurationError

log = logging.getLogger(__name__)
API_URL = "https://slack.com/api/"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_TOKEN = re.compile(r"[\w.-]+", re.ASCII)

TakeIn: TypeAlias = Callable[[Mapping[str, object]], Awaitable[int]]
"""Takes a payload in; returns the HTTP status to answer with."""


def check_tokens(bot_token: str, signing_secret: str | None, app_token: str | None) -> None:
    """Raise ConfigurationError when what Slack needs is missing or was put in the wrong place."""
    for name, token in (("SLACK_BOT_TOKEN", bot_token), ("SLACK_APP_TOKEN", app_token or "-")):
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError(
                f"{name} is empty or has characters that no token has: copy it again from the "
                "app's settings."
            )
    if bot_token.startswith("xapp-"):
        raise ConfigurationError(
            "SLACK_BOT_TOKEN holds an app-level token (xapp-); it needs the bot token (xoxb-)."
        )
    if app_token and app_token.startswith("xoxb-"):
        raise ConfigurationError(
            "SLACK_APP_TOKEN holds a bot token (xoxb-); it needs an app-level token (xapp-)."
        )
    if not app_token and not signing_secret:
        raise ConfigurationError(
            "Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP events)."
        )


def web_client(bot_token: str, api_url: str | None) -> AsyncWebClient:
    """The SDK would send a message again when the connection broke, delivered or not; so it is
    given no retries, and the outbox decides. A server other than Slack's is reached directly,
    never through the proxy of the environment."""
    url = f"{(api_url or API_URL).rstrip('/')}/"
    if not url.startswith(("https://", "http://")):
        raise ConfigurationError("SLACK_API_URL must begin with https:// or http://.")
    web = AsyncWebClient(token=bot_token, base_url=url, retry_handlers=[], logger=_quiet_log())
    if url != API_URL:
        web.proxy = None
    return web


def bolt_app(web: AsyncWebClient, take_in: TakeIn) -> AsyncApp:
    return AsyncApp(
        name="evenkeel",
        client=web,
        logger=_quiet_log(),
        before_authorize=_Door(take_in),
        request_verification_enabled=False,  # the adapter has checked the signature before
        ssl_check_enabled=False,
    )


@contextlib.asynccontextmanager
async def socket_mode(app: AsyncApp, app_token: str) -> AsyncIterator[None]:
    """A web socket over which Slack hands payloads to `app`, kept up by the SDK."""
    web = app.client
    opened = await until_answered(
        "SLACK_APP_TOKEN", lambda: web.apps_connections_open(app_token=app_token)
    )
    handler = AsyncSocketModeHandler(app, app_token)
    socket = handler.client
    socket.proxy = web.proxy
    socket.wss_uri = opened["url"]
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


async def until_answered(
    setting: str, call: Callable[[], Awaitable[AsyncSlackResponse]]
) -> AsyncSlackResponse:
    """Slack's answer to a call without which we cannot begin; an outage is waited out. Raises
    ConfigurationError when waiting cannot help."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await call()
        except SlackApiError as exc:
            _check_setting(setting, code_of(exc), status_of(exc))
            log.warning("Slack is not ready (HTTP %d); trying again.", status_of(exc))
        except (aiohttp.ClientError, TimeoutError) as exc:
            log.warning("Slack cannot be reached (%s); trying again.", type(exc).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _check_setting(setting: str, code: str, status: int) -> None:
    if code in BAD_TOKEN:
        raise ConfigurationError(
            f"Slack refuses {setting} ({code}): copy it again from the app's settings."
        ) from None
    if status == 404:
        raise ConfigurationError(
            "SLACK_API_URL does not answer like Slack's Web API; it should end in /api/."
        ) from None


class _Door(AsyncMiddleware):
    """Sees every payload before bolt's own middleware does. Bolt would first ask Slack who we
    are, and where that is refused answer 200 for an update that nobody took in."""

    def __init__(self, take_in: TakeIn) -> None:
        self._take_in = take_in

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - bolt's name
    ) -> BoltResponse:
        if req.body.get("type") == "url_verification":
            return await next()
        return BoltResponse(status=await self._take_in(req.body))


class _WithoutSecrets(logging.Filter):
    """The SDK prints the addresses it connects to, and Slack puts a ticket into them."""

    SECRET = re.compile(r"xox[a-z.]*-[\w-]+|xapp-[\w-]+|(?<=ticket=)[^&\s\"')]+")

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.SECRET.sub("…", record.getMessage()), ()
        record.exc_info = record.exc_text = None
        return True


def _quiet_log() -> logging.Logger:
    """The log that bolt and the SDK write to. Below warnings they print what people said, and
    they ask this very logger for its level, so it is set here and not inherited."""
    quiet = logging.getLogger("slack_sdk")
    quiet.setLevel(logging.WARNING)
    if not any(isinstance(each, _WithoutSecrets) for each in quiet.filters):
        quiet.addFilter(_WithoutSecrets())
    return quiet
