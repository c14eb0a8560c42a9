"""The web side: webhooks on the public address; health, readiness and metrics on a loopback one.

Nothing in here tells a caller why it was turned away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Protocol

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.errors import ConfigurationError
from bot.logs import where

log = logging.getLogger(__name__)
LARGEST_BODY = 1_000_000
BODY_SECONDS = 10.0
READY_SECONDS = 5.0
GRACE_SECONDS = 5


class Webhook(Protocol):
    """A platform that posts its updates to us."""

    async def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        """The status and, if any, the JSON to answer with. Header names are lower case."""
        ...


class _TooLargeError(Exception):
    """The body is larger than anything a platform sends."""


def build_app(*, slack: Webhook | None = None) -> Starlette:
    """The public app: a route for each platform that posts to us, and nothing else."""
    routes = []
    if slack is not None:
        routes.append(Route("/slack/events", _endpoint(slack), methods=["POST"]))
    return Starlette(routes=routes)


def build_local_app(
    *, ready: Callable[[], Awaitable[bool]], registry: CollectorRegistry
) -> Starlette:
    """For the loopback address. `ready` says whether updates can be taken in now."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        return PlainTextResponse("ok\n") if await _holds(ready) else _empty(503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(
        routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    )


def listen(bind: str) -> socket.socket:
    """A socket that listens on `HOST:PORT`. Raises ConfigurationError when it cannot."""
    host, _, port = bind.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ConfigurationError(f"{bind!r} is not HOST:PORT, such as 127.0.0.1:8080.")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family, backlog=256)
    except OSError as exc:
        raise ConfigurationError(
            f"Cannot listen on {bind}: {exc.strerror}. Choose another address or free this one."
        ) from None


async def serve_http(app: ASGIApp, bind: str | socket.socket) -> None:
    """Serve until cancelled; then requests under way get a few seconds to end. `bind` is
    `HOST:PORT`, or what `listen` returned."""
    listening = listen(bind) if isinstance(bind, str) else bind
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=512,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """Leaves signals alone: the worker decides when to stop, and stops all its parts."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _endpoint(webhook: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def receive(request: Request) -> Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _body(request)
        except _TooLargeError:
            return _empty(413)
        except (TimeoutError, ClientDisconnect):
            return _empty(408)
        return await _answer(webhook, request, body)

    return receive


async def _answer(webhook: Webhook, request: Request, body: bytes) -> Response:
    try:
        status, text = await webhook.answer(request.headers, body)
    except Exception as exc:  # noqa: BLE001 - the caller learns nothing, the log where it was
        log.error("A webhook failed: %s.", where(exc))
        return _empty(500)
    return Response(text, status, media_type="application/json" if text else None)


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit whatever its announced length says."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > LARGEST_BODY:
        raise _TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
    return bytes(body)


async def _holds(ready: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(READY_SECONDS):
            return await ready()
    except Exception as exc:  # noqa: BLE001 - not ready, whatever the reason
        log.warning("Not ready: %s.", where(exc))
        return False


def _empty(status: int) -> Response:
    return Response(status_code=status)
