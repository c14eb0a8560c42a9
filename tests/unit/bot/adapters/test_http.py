import asyncio
import signal
import socket
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from bot.adapters.http import LARGEST_BODY, build_app, build_local_app, listen, serve_http
from bot.errors import ConfigurationError


class Platform:
    """A webhook that keeps what it is given."""

    def __init__(self, status: int = 200, text: str = "", error: Exception | None = None) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[Mapping[str, str]] = []
        self._answer = (status, text)
        self._error = error

    async def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
        self.headers.append(headers)
        self.bodies.append(body)
        if self._error is not None:
            raise self._error
        return self._answer


def client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")


def local(ready: bool | Exception = True, registry: CollectorRegistry | None = None) -> Any:
    async def is_ready() -> bool:
        if isinstance(ready, Exception):
            raise ready
        return ready

    return build_local_app(ready=is_ready, registry=registry or CollectorRegistry())


async def test_an_event_goes_to_slack_with_lower_case_headers_and_its_answer_comes_back() -> None:
    slack = Platform(200, '{"challenge": "x"}')
    async with client(build_app(slack=slack)) as asking:
        answer = await asking.post("/slack/events", content=b"{}", headers={"X-Slack-Id": "1"})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "x"})
    assert slack.bodies == [b"{}"]
    assert slack.headers[0]["x-slack-id"] == "1"


@pytest.mark.parametrize("status", [400, 401, 500, 503])
async def test_a_refusal_says_no_more_than_its_number(status: int) -> None:
    async with client(build_app(slack=Platform(status))) as asking:
        answer = await asking.post("/slack/events", content=b"{}")
    assert (answer.status_code, answer.content) == (status, b"")


async def test_an_error_is_a_500_without_details(caplog: pytest.LogCaptureFixture) -> None:
    slack = Platform(error=RuntimeError("I want to die"))
    async with client(build_app(slack=slack)) as asking:
        answer = await asking.post("/slack/events", content=b"{}")
    assert (answer.status_code, answer.content) == (500, b"")
    assert "RuntimeError" in caplog.text
    assert "want to die" not in caplog.text


async def test_a_body_of_the_largest_size_is_taken_and_one_byte_more_is_not() -> None:
    slack = Platform()
    async with client(build_app(slack=slack)) as asking:
        taken = await asking.post("/slack/events", content=b"x" * LARGEST_BODY)
        refused = await asking.post("/slack/events", content=b"x" * (LARGEST_BODY + 1))
    assert (taken.status_code, refused.status_code) == (200, 413)
    assert len(slack.bodies) == 1


async def test_a_large_body_of_unannounced_length_is_not_read_to_its_end() -> None:
    slack, chunks, answers = Platform(), 0, []

    async def endless() -> dict[str, Any]:
        nonlocal chunks
        chunks += 1
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": chunks < 1000}

    async def answered(message: Any) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/slack/events", "headers": []}
    await build_app(slack=slack)(scope, endless, answered)
    assert answers[0]["status"] == 413
    assert chunks == LARGEST_BODY // 100_000 + 1
    assert slack.bodies == []


async def test_a_body_announced_as_too_large_is_not_read_at_all() -> None:
    answers = []

    async def unread() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def answered(message: Any) -> None:
        answers.append(message)

    length = (b"content-length", str(LARGEST_BODY + 1).encode())
    scope = {"type": "http", "method": "POST", "path": "/slack/events", "headers": [length]}
    await build_app(slack=Platform())(scope, unread, answered)
    assert answers[0]["status"] == 413


async def test_a_caller_that_hangs_up_is_no_error() -> None:
    slack, answers = Platform(), []

    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def answered(message: Any) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "POST", "path": "/slack/events", "headers": []}
    await build_app(slack=slack)(scope, gone, answered)
    assert slack.bodies == []


async def test_only_posts_to_known_paths_are_answered() -> None:
    async with client(build_app(slack=Platform())) as asking:
        assert (await asking.get("/slack/events")).status_code == 405
        assert (await asking.post("/telegram/webhook")).status_code == 404
    async with client(build_app()) as asking:
        assert (await asking.post("/slack/events")).status_code == 404


async def test_the_public_app_shows_no_health_and_no_metrics() -> None:
    async with client(build_app(slack=Platform())) as asking:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await asking.get(path)).status_code == 404


async def test_health_is_that_the_process_answers() -> None:
    async with client(local(ready=False)) as asking:
        assert (await asking.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("ready", "status"), [(True, 200), (False, 503), (OSError("db at 10.0.0.1"), 503)]
)
async def test_readiness_is_what_the_worker_says(ready: bool | Exception, status: int) -> None:
    async with client(local(ready)) as asking:
        answer = await asking.get("/readyz")
    assert answer.status_code == status
    assert b"10.0.0.1" not in answer.content


async def test_metrics_are_those_of_the_registry() -> None:
    registry = CollectorRegistry()
    Counter("evenkeel_test", "Counted.", registry=registry).inc(3)
    async with client(local(registry=registry)) as asking:
        answer = await asking.get("/metrics")
    assert "evenkeel_test_total 3.0" in answer.text


async def test_serving_answers_over_a_real_socket_and_stops_when_cancelled() -> None:
    handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    listening = listen("127.0.0.1:0")
    port = listening.getsockname()[1]
    serving = asyncio.create_task(serve_http(local(), listening))
    async with httpx.AsyncClient() as asking:
        answer = await asking.get(f"http://127.0.0.1:{port}/healthz")
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == handlers
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


async def test_a_request_under_way_is_finished_before_serving_stops() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    class Slow(Platform):
        async def answer(self, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
            began.set()
            await may_end.wait()
            return 200, ""

    listening = listen("127.0.0.1:0")
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
    serving = asyncio.create_task(serve_http(build_app(slack=Slow()), listening))
    async with httpx.AsyncClient() as asking:
        asked = asyncio.create_task(asking.post(url, content=b"{}"))
        await began.wait()
        serving.cancel()
        await asyncio.sleep(0)
        may_end.set()
        assert (await asked).status_code == 200
    with pytest.raises(asyncio.CancelledError):
        await serving


@pytest.mark.parametrize("bind", ["8080", ":8080", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_said_so(bind: str) -> None:
    with pytest.raises(ConfigurationError, match="HOST:PORT"):
        listen(bind)


def test_an_address_that_is_taken_is_said_so() -> None:
    with listen("127.0.0.1:0") as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ConfigurationError, match=bind):
            listen(bind)


def test_an_ipv6_address_may_stand_in_brackets() -> None:
    try:
        with listen("[::1]:0") as listening:
            assert listening.family == socket.AF_INET6
    except ConfigurationError as exc:  # a machine without IPv6
        assert "::1" in str(exc)
