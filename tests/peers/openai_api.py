"""A small server that speaks OpenAI's chat completions on loopback, and misbehaves on request.

async with OpenAIPeer() as peer:
    peer.will(Answer(status=503), Answer(text="Good evening."))
    ...  # call peer.base_url; peer.requests holds what was asked
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. `body` replaces the JSON as raw bytes; `stalls` never answers; `hangs_up`
    closes the connection; `cut` sends that many bytes of the body and then hangs up."""

    text: str | None = "I am listening."
    finish_reason: str | None = "stop"
    refusal: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    stalls: bool = False
    hangs_up: bool = False
    cut: int | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    body: dict[str, Any]
    headers: Mapping[str, str]


class OpenAIPeer:
    """Gives the scripted answers in order, then a good one for ever. `strays` counts the
    requests that were for anything else than a completion."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.base_url = ""
        self.strays = 0
        self._script: deque[Answer] = deque()
        self._closing = asyncio.Event()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_route("*", "/{anything:.*}", self._note)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    def will(self, *answers: Answer) -> None:
        self._script.extend(answers)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _note(self, _: web.Request) -> web.Response:
        self.strays += 1
        return web.Response(status=404)

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Request(body=body, headers=dict(request.headers)))
        answer = self._script.popleft() if self._script else Answer()
        if answer.stalls:
            await self._closing.wait()
        if answer.hangs_up or answer.stalls:
            return _hang_up(request)
        if answer.cut is not None:
            return await _send_part(request, answer, body["model"])
        if answer.body is not None:
            return web.Response(
                body=answer.body,
                status=answer.status,
                headers={"Content-Type": "application/json", **answer.headers},
            )
        content = _completion(answer, body["model"]) if answer.status == 200 else _error(answer)
        return web.json_response(content, status=answer.status, headers=answer.headers)


def _hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def _send_part(request: web.Request, answer: Answer, model: str) -> web.StreamResponse:
    whole = web.json_response(_completion(answer, model)).body
    assert isinstance(whole, bytes)
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: answer.cut])
    assert request.transport is not None
    request.transport.close()
    return response


def _completion(answer: Answer, model: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": f"{model}-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": answer.finish_reason}],
        "usage": {"prompt_tokens": 30, "completion_tokens": 12, "total_tokens": 42},
    }


def _error(answer: Answer) -> dict[str, Any]:
    return {"error": {"message": f"status {answer.status}", "type": "error", "code": None}}
