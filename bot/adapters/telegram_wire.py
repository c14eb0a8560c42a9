"""The Bot API as python-telegram-bot speaks it, with what that library leaves open settled here:
updates as raw JSON, requests that were never taken told apart from answers that were lost, and
nothing that a person wrote, nor the token, in a log."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

API_URL = "https://api.telegram.org"
POLL_SECONDS = 25
ANSWER_SECONDS = 10.0
WANTED_UPDATES = ("message", "callback_query")

_NEVER_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_FAILED_THERE = (500, 502, 503)
_UNNAMED_WAIT = 5.0


class NotTakenError(TelegramError):
    """Telegram never saw the request, or answered that it could not take it."""


class FloodError(TelegramError):
    """Telegram did not take the request and names the `seconds` to wait. The library's own
    RetryAfter cannot be made without a deprecation warning."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Flood limit")
        self.seconds = seconds


class TooLargeError(TelegramError):
    """Telegram, or a proxy on the way, takes no file of this size."""


class Wire(HTTPXRequest):
    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            code, body = await super().do_request(*args, **kwargs)
        except TelegramError as exc:
            if isinstance(exc.__cause__, _NEVER_WRITTEN):
                raise NotTakenError(type(exc.__cause__).__name__) from None
            raise
        if code in _FAILED_THERE:
            raise NotTakenError(f"HTTP {code}")
        if code == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after(body))
        if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise TooLargeError("Too large")
        return code, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The library's own version logs an answer that it cannot read, with all that is in it."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("The answer is not a JSON object.")
        return answer


class WiredBot(Bot):
    """A Bot whose own `get_updates` is replaced by one that takes each update as it came: the
    library's raises for the whole batch when one update in it does not parse."""

    def __init__(self, token: str, api_url: str) -> None:
        keep_quiet()
        self._wires = (_wire(connections=2), _wire(connections=64))
        super().__init__(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            get_updates_request=self._wires[0],
            request=self._wires[1],
        )

    async def raw_updates(self, offset: int | None) -> Sequence[object]:
        """Wait for updates from `offset` on; asking confirms all below it. `do_api_request` would
        be the public way, but warns about every method that Bot has by name."""
        updates = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": WANTED_UPDATES},
            read_timeout=POLL_SECONDS + ANSWER_SECONDS,
        )
        if not isinstance(updates, list):
            raise TelegramError("The updates are not a list.")
        return updates

    async def hang_up(self) -> None:
        for wire in self._wires:
            await wire.shutdown()


def keep_quiet() -> None:
    """httpx logs every URL, and with it the token, at INFO; the others log messages at DEBUG."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _retry_after(body: bytes) -> float:
    try:
        return float(Wire.parse_json_payload(body)["parameters"]["retry_after"])
    except (TelegramError, KeyError, TypeError, ValueError):
        return _UNNAMED_WAIT  # a proxy's answer, not Telegram's


def _wire(connections: int) -> Wire:
    return Wire(
        connection_pool_size=connections,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        connect_timeout=ANSWER_SECONDS,
        pool_timeout=ANSWER_SECONDS,
        httpx_kwargs={"verify": _certificates()},
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Reading the authorities takes 80 ms; every connection of the process can share them."""
    return httpx.create_ssl_context()
