"""How Slack hands payloads to an app: signed HTTP requests, or envelopes over Socket Mode."""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

Kind = Literal["events_api", "slash_commands", "interactive"]
SIGNING_SECRET = "0123456789abcdef-loopback"


@dataclass
class Delivery:
    """`answers` has what each attempt got: an HTTP status, 200 for a socket's acknowledgement,
    0 for none in time."""

    kind: Kind
    payload: Mapping[str, Any]
    answers: list[int] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return bool(self.answers) and 200 <= self.answers[-1] < 300


def signed(body: bytes, *, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    """The headers Slack signs a body with."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def as_body(kind: Kind, payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """A payload as it is posted, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


async def post(url: str, delivery: Delivery, *, retry: int, seconds: float) -> int:
    body, content_type = as_body(delivery.kind, delivery.payload)
    headers = {**signed(body), "Content-Type": content_type}
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_error"}
    limit = aiohttp.ClientTimeout(total=seconds)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


class Sockets:
    """The open web sockets of an app. Each envelope goes to one of them, in turn. `strays` are
    acknowledgements that no envelope waited for."""

    def __init__(self) -> None:
        self.strays: list[str] = []
        self._open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._numbers = itertools.count(1)
        self._connected = asyncio.Event()

    def __len__(self) -> int:
        return len(self._open)

    async def connected(self) -> None:
        async with asyncio.timeout(5):
            await self._connected.wait()

    def ticket(self) -> str:
        ticket = f"secret-ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection. A ticket is good for one."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self._open) + 1})
        self._open.append(socket)
        self._connected.set()
        try:
            async for message in socket:
                self._acknowledge(json.loads(message.data))
        finally:
            self._open.remove(socket)
            if not self._open:
                self._connected.clear()
        return socket

    async def send(self, delivery: Delivery, *, retry: int, seconds: float) -> int:
        number = next(self._numbers)
        envelope_id = f"envelope-{number}"
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {
            "envelope_id": envelope_id,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            reason = "timeout" if retry else ""
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        try:
            await self._open[number % len(self._open)].send_json(envelope)
            await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return 0
        finally:
            del self._waiting[envelope_id]
        return 200

    async def refresh(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        self._connected.clear()
        for socket in self._open:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def close(self) -> None:
        for socket in list(self._open):
            await socket.close()

    def _acknowledge(self, message: Mapping[str, Any]) -> None:
        waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is None or waiting.done():
            self.strays.append(str(message.get("envelope_id")))
        else:
            waiting.set_result(None)
