"""Slack on loopback: its Web API, Socket Mode and event delivery, as strict as documented.

    async with SlackPeer() as peer:
        ...                                   # an app connects to peer.api_url
        await peer.say("UANN", "hello")
        message = await peer.reply("UANN")
        await peer.press("UANN", "Not at all")

Payloads reach the app over Socket Mode when it has connected, otherwise over HTTP at
`peer.events_url`. Events come again until they are acknowledged, at most four times in all;
commands and presses come once.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.peers.slack_blocks import elements
from tests.peers.slack_delivery import Delivery, Kind, Sockets, post
from tests.peers.slack_workspace import (
    APP,
    BOT_USER,
    TEAM,
    Posted,
    Workspace,
    as_json,
    direct,
    escaped,
    event_of,
    refused,
    unescaped,
)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How a call goes wrong. Only `answer_lost` does what was asked before it does."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    body: str | None = None
    answer_lost: bool = False
    stalls: bool = False


class SlackPeer:
    """`calls` has every call of the Web API as (method, arguments)."""

    def __init__(self, *, ack_seconds: float = 3.0) -> None:
        self.api_url = ""
        self.events_url: str | None = None
        self.sockets = Sockets()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.workspace = Workspace(self._new_connection, self._upload_url)
        self._ack_seconds = ack_seconds
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/api/{method}", self._serve)
        app.router.add_post("/upload/v1/{file_id}", self._upload)
        app.router.add_get("/link", self.sockets.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{self._port}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self.sockets.close()
        await self._runner.cleanup()

    # What a person does.

    async def say(
        self, user: str, text: str, *, thread: str | None = None, **more: Any
    ) -> Delivery:
        """Write in the direct channel. `more` are further fields of the event."""
        channel = direct(user)
        message = self.workspace.add(channel, user, escaped(text), thread=thread)
        direct_message = {"channel_type": "im", "client_msg_id": f"c-{message.ts}"}
        return await self.event({**event_of(message), **direct_message, **more})

    async def mention(self, user: str, text: str, *, channel: str) -> Delivery:
        message = self.workspace.add(channel, user, f"<@{BOT_USER}> {escaped(text)}")
        return await self.event({**event_of(message), "type": "app_mention"})

    async def command(self, user: str, line: str, *, channel: str | None = None) -> Delivery:
        command, _, text = line.partition(" ")
        payload = {
            "team_id": TEAM,
            "team_domain": "loopback",
            "channel_id": channel or direct(user),
            "channel_name": "general" if channel else "directmessage",
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": escaped(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": f"http://127.0.0.1:{self._port}/commands/1",
            "trigger_id": self.workspace.trigger(),
        }
        return await self.deliver("slash_commands", payload, attempts=1)

    async def press(self, user: str, label: str) -> Delivery:
        """Press the newest button with this label in the direct channel."""
        for message in reversed(self.chat(user)):
            for element in elements(message.blocks):
                if unescaped(element["text"]["text"]) == label:
                    return await self._press(user, message, element)
        shown = [each.labels for each in self.chat(user) if each.labels]
        raise AssertionError(f"there is no button {label!r} among {shown}")

    # What a test sees.

    def chat(self, user: str) -> tuple[Posted, ...]:
        """The direct channel of a person, oldest first."""
        return self.workspace.channel(direct(user))

    def channel(self, channel: str) -> tuple[Posted, ...]:
        return self.workspace.channel(channel)

    async def reply(self, user: str, *, seconds: float = 5.0) -> Posted:
        """The next message of the bot, posted or edited, that was not asked for before."""
        async with asyncio.timeout(seconds):
            return await self.workspace.news[direct(user)].get()

    def will(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` go wrong like this, in order."""
        self._faults[method].extend(faults)

    # What Slack does.

    async def event(self, event: Mapping[str, Any]) -> Delivery:
        number = self.workspace.number()
        about_us = {"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        payload = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "event_id": f"Ev{number:08d}",
            "event_time": 1_700_000_000 + number,
            "authorizations": [{**about_us, "enterprise_id": None, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
        }
        return await self.deliver("events_api", payload)

    async def deliver(
        self, kind: Kind, payload: Mapping[str, Any], *, attempts: int = 4
    ) -> Delivery:
        """Hand over a payload, again while it is not acknowledged, without Slack's pauses."""
        delivery = Delivery(kind=kind, payload=payload)
        while len(delivery.answers) < attempts and not delivery.accepted:
            retry = len(delivery.answers)
            delivery.answers.append(await self._attempt(delivery, retry))
        return delivery

    async def _attempt(self, delivery: Delivery, retry: int) -> int:
        if self.events_url is not None:
            return await post(self.events_url, delivery, retry=retry, seconds=self._ack_seconds)
        await self.sockets.connected()
        return await self.sockets.send(delivery, retry=retry, seconds=self._ack_seconds)

    async def _press(self, user: str, message: Posted, element: Mapping[str, Any]) -> Delivery:
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        action = {**element, "block_id": "b", "action_ts": self.workspace.ts()}
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": {"id": user, "username": user.lower(), "team_id": TEAM},
            "api_app_id": APP,
            "container": {**container, "is_ephemeral": False},
            "trigger_id": self.workspace.trigger(),
            "team": {"id": TEAM, "domain": "loopback"},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": message.channel, "name": "directmessage"},
            "message": as_json(message),
            "state": {"values": {}},
            "actions": [action],
        }
        return await self.deliver("interactive", payload, attempts=1)

    # The Web API.

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method, arguments = request.match_info["method"], await _arguments(request)
        self.calls.append((method, arguments))
        fault = self._faults[method].popleft() if self._faults[method] else Fault()
        if fault.stalls:
            await self._closing.wait()
        if fault.retry_after is not None:
            headers = {"Retry-After": str(fault.retry_after)}
            return web.json_response(refused("ratelimited"), status=429, headers=headers)
        if fault.body is not None:
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        if fault.error or fault.status != 200:
            return web.json_response(refused(fault.error), status=fault.status)
        bearer = request.headers.get("Authorization", "")
        answer = self.workspace.answer(method, arguments, bearer)
        if fault.answer_lost:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(answer)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """Where a file's bytes go, as they are or in a form. The address is all it needs: a token
        would be one too many. Its faults are those of the method `upload`."""
        self.calls.append(("upload", {"authorization": request.headers.get("Authorization")}))
        fault = self._faults["upload"].popleft() if self._faults["upload"] else Fault()
        if fault.status != 200:
            return web.Response(status=fault.status)
        taken = self.workspace.uploaded(request.match_info["file_id"], await request.read())
        if fault.answer_lost:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(text="OK") if taken else web.Response(status=400)

    def _upload_url(self, file_id: str) -> str:
        return f"http://127.0.0.1:{self._port}/upload/v1/{file_id}"

    def _new_connection(self) -> str:
        return f"ws://127.0.0.1:{self._port}/link?ticket={self.sockets.ticket()}"


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        found = await request.json()
        return {**request.query, **found} if isinstance(found, dict) else {}
    return {**request.query, **await request.post()}
