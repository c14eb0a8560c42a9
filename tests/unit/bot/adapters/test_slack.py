"""The adapter through real slack-bolt, without a network: `answer` is what HTTP brings."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import SlackAdapter
from bot.errors import ConfigurationError
from bot.updates import Said, Update
from tests.peers.slack_api import SlackPeer
from tests.peers.slack_delivery import SIGNING_SECRET, Kind, as_body, signed
from tests.peers.slack_workspace import BOT_TOKEN

SECRETS = ("xoxb-1", "I want to die", SIGNING_SECRET)


class Inbox:
    """Stands for the engine: keeps what it is given, unless it is `down`."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.down = False
        self.turn_fails = False
        self.gate: asyncio.Event | None = None
        self.entered = asyncio.Event()

    @property
    def texts(self) -> list[str]:
        return [each.content.text for each in self.updates if isinstance(each.content, Said)]

    async def receive(self, update: Update) -> "asyncio.Task[None]":
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise RuntimeError("I want to die")
        self.updates.append(update)
        return asyncio.create_task(self._turn())

    async def _turn(self) -> None:
        if self.turn_fails:
            raise RuntimeError("I want to die")


@asynccontextmanager
async def running(inbox: Inbox) -> AsyncIterator[SlackAdapter]:
    async with SlackPeer() as peer:
        adapter = SlackAdapter(
            bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET, api_url=peer.api_url
        )
        run = asyncio.create_task(adapter.run(inbox.receive))
        await asyncio.sleep(0)
        yield adapter
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        await adapter.close()


def message(text: str, *, number: int = 1, user: str = "U0ANN") -> dict[str, Any]:
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": user, "text": text}
    return {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}", "event": said}


async def post(adapter: SlackAdapter, payload: Mapping[str, Any], kind: Kind = "events_api") -> int:
    body, _ = as_body(kind, payload)
    status, _ = await adapter.answer(_headers(body), body)
    return status


def _headers(body: bytes) -> dict[str, str]:
    return {name.lower(): value for name, value in signed(body).items()}


async def test_an_update_is_acknowledged_once_it_was_received() -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        inbox.gate = asyncio.Event()
        answering = asyncio.create_task(post(adapter, message("hello")))
        await inbox.entered.wait()
        assert not answering.done()
        inbox.gate.set()
        assert await answering == 200
        assert inbox.texts == ["hello"]


async def test_an_update_that_could_not_be_committed_is_not_acknowledged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        inbox.down = True
        assert await post(adapter, message("I want to die")) == 500
        inbox.down = False
        assert await post(adapter, message("I want to die")) == 200
    assert not any(secret in caplog.text for secret in SECRETS)
    assert "RuntimeError" in caplog.text


async def test_before_it_runs_nothing_is_acknowledged() -> None:
    adapter = SlackAdapter(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
    assert await post(adapter, message("hello")) == 503


async def test_one_persons_updates_are_received_in_their_order() -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        gate = inbox.gate = asyncio.Event()
        first = asyncio.create_task(post(adapter, message("first", number=1)))
        await inbox.entered.wait()
        inbox.gate = None  # nothing but the first one's turn holds the others back
        more = [
            asyncio.create_task(post(adapter, message(f"{number}", number=number)))
            for number in range(2, 9)
        ]
        await asyncio.sleep(0)  # each comes as far as it can
        assert inbox.texts == []
        gate.set()
        await asyncio.gather(first, *more)
        assert inbox.texts == ["first", *(f"{number}" for number in range(2, 9))]


async def test_one_person_does_not_wait_for_another() -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        gate = inbox.gate = asyncio.Event()
        slow = asyncio.create_task(post(adapter, message("slow", number=1)))
        await inbox.entered.wait()
        inbox.gate = None
        assert await post(adapter, message("quick", number=2, user="U0BEN")) == 200
        assert inbox.texts == ["quick"]
        gate.set()
        await slow


async def test_the_counselors_channel_is_not_a_person_in_care() -> None:
    inbox = Inbox()
    adapter = SlackAdapter(
        bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET, counselor_channel="D1"
    )
    assert await post(adapter, message("taking the next one")) == 200
    assert inbox.updates == []


async def test_slack_may_check_the_address_it_was_given() -> None:
    adapter = SlackAdapter(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()
    status, answer = await adapter.answer(_headers(body), body)
    assert status == 200
    assert json.loads(answer) == {"challenge": "3eZbrw1a"}


async def test_what_slack_did_not_sign_is_turned_away() -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        body, _ = as_body("events_api", message("hello"))
        assert await adapter.answer({}, body) == (401, "")
        assert await adapter.answer(_headers(body + b" "), body) == (401, "")
    assert inbox.updates == []


async def test_without_a_signing_secret_nothing_is_taken_over_http() -> None:
    adapter = SlackAdapter(bot_token=BOT_TOKEN, app_token="xapp-1")
    body, _ = as_body("events_api", message("hello"))
    headers = {name.lower(): value for name, value in signed(body, secret="").items()}
    assert await adapter.answer(headers, body) == (401, "")


async def test_a_turn_that_fails_is_named_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox = Inbox()
    async with running(inbox) as adapter:
        inbox.turn_fails = True
        assert await post(adapter, message("I want to die")) == 200
    assert "A turn ended with RuntimeError" in caplog.text
    assert not any(secret in caplog.text for secret in SECRETS)


async def test_a_library_that_logs_a_ticket_or_token_is_cut_short(
    caplog: pytest.LogCaptureFixture,
) -> None:
    SlackAdapter(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
    url = "wss://wss.example.org/link/?ticket=abc-123&app_id=1"
    error = ValueError(url)
    logging.getLogger("slack_sdk").error("%s for xoxb-1-2 and xapp-1-A", url, exc_info=error)
    assert "abc-123" not in caplog.text
    assert "-1-" not in caplog.text
    assert "app_id=1" in caplog.text


@pytest.mark.parametrize(
    ("given_settings", "named"),
    [
        ({"bot_token": "xapp-1", "signing_secret": "s"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "xoxb-1\n", "signing_secret": "s"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "", "signing_secret": "s"}, "SLACK_BOT_TOKEN"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-2"}, "SLACK_APP_TOKEN"),
        ({"bot_token": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"bot_token": "xoxb-1", "signing_secret": "s", "api_url": "peer:80"}, "SLACK_API_URL"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(given_settings: Any, named: str) -> None:
    with pytest.raises(ConfigurationError, match=named) as caught:
        SlackAdapter(**given_settings)
    assert "xoxb-1" not in str(caught.value)
    assert "xoxb-2" not in str(caught.value)


SCALARS = st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["D1", "im", "message"])
NAMES = st.sampled_from(
    ["type", "event", "user", "team", "enterprise", "authorizations", "channel", "view", "actions"]
) | st.sampled_from(
    ["item", "message", "response_urls", "command", "text", "id", "team_id", "event_id"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=8,
)
STARTS = st.sampled_from([{}, message("hello"), {"type": "block_actions"}, {"command": "/mood"}])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STARTS, st.dictionaries(NAMES, JSON, max_size=6), st.sampled_from(["json", "form"]))
def test_no_signed_payload_is_an_error_of_ours(
    start: dict[str, Any], odd: dict[str, Any], shape: str
) -> None:
    async def scenario() -> int:
        adapter = SlackAdapter(bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET)
        return await post(adapter, start | odd, "events_api" if shape == "json" else "interactive")

    # 503: it was understood, and nobody is there to receive it.
    assert asyncio.run(scenario()) in (200, 400, 503)
