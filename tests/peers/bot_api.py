"""A Telegram Bot API server on loopback, with people on the other side of it.

In a test: `async with bot_api() as peer:` and then `await peer.say(7, "hello")`,
`await peer.press(7, "Yes")`, `peer.chat(7)`. In a process of its own:
`python -m tests.peers.bot_api --port 0`, which prints its address as a JSON line and is led by
POST requests to `/control/...`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import enum
import json
import re
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from tests.peers.bot_api_methods import METHODS, Params, RefusalError, bad_request, not_found
from tests.peers.bot_api_world import Json, Shown, TelegramWorld, Upload

TOKEN = "81234:TEST-token_of_a_bot_that_does_not_exist"
LONGEST_POLL = 50

T = TypeVar("T")


class Fault(enum.StrEnum):
    FLOOD = "flood"  # 429 with retry_after; nothing is done
    BAD_GATEWAY = "bad_gateway"  # 502 with a page of HTML; nothing is done
    ANSWER_LOST = "answer_lost"  # done, then the connection is cut
    GARBLED = "garbled"  # done, then answered with half a JSON document


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request of the bot. `status` is the HTTP code of our answer, 0 when it got none."""

    method: str
    params: Json
    status: int


@dataclass(kw_only=True)
class _Planned:
    fault: Fault
    left: int
    method: str | None
    retry_after: int | None


class BotApiPeer:
    """`sent` is every request so far but the polling ones, `polls` counts those. `world` has the
    rarer things a test may want: any kind of update, deleted messages, old queries."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self.world = TelegramWorld(bot_id=int(token.partition(":")[0]))
        self.sent: list[Call] = []
        self.polls = 0
        self._faults: list[_Planned] = []
        self._poller: object | None = None
        self._closed = False
        self._change = asyncio.Event()

    # What a test does

    async def say(self, user_id: int, text: str, language: str = "en") -> Json:
        message = self.world.say(user_id, text, language)
        self._changed()
        return message

    async def press(self, user_id: int, label: str, language: str = "en") -> str:
        """Press the newest button with that label; LookupError when the person sees none."""
        query = self.world.press(user_id, label, language)
        self._changed()
        return query

    async def push(self, **content: Any) -> int:
        """Send any kind of update, such as `push(edited_message=...)`; one of a kind that the bot
        did not ask for in its last poll is dropped. Returns its number."""
        number = self.world.push(**content)
        self._changed()
        return number

    async def push_raw(self, update: object) -> None:
        """Deliver this very JSON value as an update, however wrong it is."""
        self.world.pending.append(update)
        self._changed()

    def chat(self, chat_id: int) -> list[Shown]:
        return self.world.chat(chat_id)

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.sent if call.method == method]

    def fail(
        self,
        fault: Fault,
        *,
        method: str | None = None,
        times: int = 1,
        retry_after: int | None = 1,
    ) -> None:
        """Answer the next `times` requests (of that method, or of any) with a fault. A flood
        without `retry_after` is one that a proxy in between declares."""
        self._faults.append(
            _Planned(fault=fault, left=times, method=method, retry_after=retry_after)
        )

    def block(self, user_id: int, *, blocked: bool = True) -> None:
        (self.world.blocked.add if blocked else self.world.blocked.discard)(user_id)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 10.0) -> T:
        """Wait until the predicate holds; it is asked again after everything that happens here.
        Returns what it returned."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self._change.wait()
        return found

    # The Bot API

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        fault = self._next_fault(method)
        if fault is not None and fault.fault in (Fault.FLOOD, Fault.BAD_GATEWAY):
            answer: web.Response = _failure(fault)
        else:
            answer = await self._answer(request.match_info["token"], method, params)
        lost = fault is not None and fault.fault is Fault.ANSWER_LOST
        if method != "getUpdates":
            status = 0 if lost else answer.status
            self.sent.append(Call(method=method, params=params.values, status=status))
        self._changed()
        if lost and request.transport is not None:
            request.transport.abort()
        if fault is not None and fault.fault is Fault.GARBLED:
            return web.Response(text=(answer.text or "")[:-2])
        return answer

    async def _answer(self, token: str, method: str, params: Params) -> web.Response:
        try:
            self._check_token(token)
            if method == "getUpdates":
                result: object = await self._updates(params)
            else:
                result = METHODS.get(method, not_found)(self.world, params)
        except RefusalError as refusal:
            return _refused(refusal)
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise RefusalError(404, "Not Found")
        if token != self.token:
            raise RefusalError(401, "Unauthorized")

    async def _updates(self, params: Params) -> list[Any]:
        """The newest poller wins: the one that waits already is sent away, as Telegram does."""
        if self.world.webhook:
            raise RefusalError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook "
                "to delete the webhook first",
            )
        self.polls += 1
        poller = self._poller = object()
        self._changed()
        self.world.confirm(params.integer("offset"))
        self.world.wanted = params.parsed("allowed_updates", self.world.wanted)
        limit = params.integer("limit", 100)
        if not 1 <= limit <= 100:
            raise bad_request("limit must be between 1 and 100")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(params.integer("timeout"), LONGEST_POLL)):
                await self._until_pending(poller)
        if self._poller is not poller:
            raise RefusalError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot "
                "instance is running",
            )
        self._poller = None
        return self.world.pending[:limit]

    async def _until_pending(self, poller: object) -> None:
        while not self.world.pending and self._poller is poller and not self._closed:
            await self._change.wait()

    def _next_fault(self, method: str) -> _Planned | None:
        for planned in self._faults:
            if planned.left > 0 and planned.method in (None, method):
                planned.left -= 1
                return planned
        return None

    def _changed(self) -> None:
        event, self._change = self._change, asyncio.Event()
        event.set()

    # The same for another process

    async def control(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        try:
            result = await self._controlled(request.match_info["what"], body)
        except LookupError as exc:
            return web.json_response({"error": str(exc)}, status=404)
        return web.json_response(result, dumps=partial(json.dumps, default=repr))

    async def _controlled(self, what: str, body: Json) -> object:
        match what:
            case "say":
                return await self.say(**body)
            case "press":
                return {"query": await self.press(**body)}
            case "push":
                return {"update_id": await self.push(**body)}
            case "fail":
                self.fail(Fault(body.pop("fault")), **body)
            case "block":
                self.block(**body)
            case "chat":
                return [asdict(shown) for shown in self.chat(body["chat_id"])]
            case "sent":
                return [asdict(call) for call in self.sent]
            case "pending":
                return self.world.pending
            case _:
                raise LookupError(f"There is no control {what!r}.")
        return {}

    async def close(self) -> None:
        self._closed = True
        self._changed()


@contextlib.asynccontextmanager
async def bot_api(*, port: int = 0, token: str = TOKEN) -> AsyncIterator[BotApiPeer]:
    """A running peer. `peer.url` is what TELEGRAM_API_URL takes, `peer.token` the bot's token."""
    peer = BotApiPeer(token)
    app = web.Application(client_max_size=60 * 2**20)
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", peer.handle)
    app.router.add_post("/control/{what}", peer.control)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        peer.url = "http://{}:{}".format(*runner.addresses[0][:2])
        yield peer
    finally:
        await peer.close()
        await runner.cleanup()


async def _params(request: web.Request) -> Params:
    if request.content_type == "application/json":
        return Params({**request.query, **await request.json()})
    form = await request.post()
    return Params({**request.query, **{name: _part(value) for name, value in form.items()}})


def _part(value: object) -> object:
    if not isinstance(value, web.FileField):
        return value
    with value.file as file:
        return Upload(name=value.filename, kind=value.content_type, content=file.read())


def _refused(refusal: RefusalError) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


def _failure(planned: _Planned) -> web.Response:
    if planned.fault is Fault.BAD_GATEWAY:
        return web.Response(status=502, text="<html>502 Bad Gateway</html>")
    seconds = planned.retry_after
    if seconds is None:
        return web.Response(status=429, text="<html>429 Too Many Requests</html>")
    return _refused(
        RefusalError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    )


async def _serve(port: int, token: str) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with bot_api(port=port, token=token) as peer:
        print(json.dumps({"url": peer.url, "token": peer.token}), flush=True)
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Telegram Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.token))
