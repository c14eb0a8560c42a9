"""The real slack-bolt and slack_sdk clients against a Slack on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.adapters.adapter import Button, Message
from bot.adapters.http import build_app, listen, serve_http
from bot.adapters.slack import SlackAdapter
from bot.errors import (
    ConfigurationError,
    SendLaterError,
    SendRefusedError,
    SendUnknownError,
)
from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.addresses import Address, Platform
from tests.peers.slack_api import Fault, SlackPeer
from tests.peers.slack_delivery import SIGNING_SECRET, Delivery, as_body, signed
from tests.peers.slack_workspace import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, event_of

ANN, BEN = "U0ANN", "U0BEN"
QUESTION = Message(
    text="Little interest or pleasure in doing things?",
    buttons=(Button(label="Not at all", data="p:n:0"), Button(label="Several days", data="p:n:1")),
    progress=(1, 9),
)


class Engine:
    """Stands for the engine: keeps each update once by its key, and answers it with `answer`.
    It refuses the next `failures` updates, as if the database were down."""

    def __init__(self, answer: Callable[[Update], Message | None] = lambda _: None) -> None:
        self.adapter: SlackAdapter
        self.updates: dict[str, Update] = {}
        self.deliveries = 0
        self.failures = 0
        self._answer = answer

    @property
    def contents(self) -> list[Said | Pressed | Other]:
        return [each.content for each in self.updates.values()]

    async def receive(self, update: Update) -> "asyncio.Task[None]":
        self.deliveries += 1
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is down")
        new = update.key not in self.updates
        self.updates.setdefault(update.key, update)
        return asyncio.create_task(self._turn(update, new))

    async def _turn(self, update: Update, new: bool) -> None:
        message = self._answer(update) if new else None
        if message is not None:
            await self.adapter.send(update.address, message)


@asynccontextmanager
async def over_socket_mode(engine: Engine, **settings: Any) -> AsyncIterator[SlackPeer]:
    async with SlackPeer(**settings) as peer:
        engine.adapter = _adapter(peer, app_token=APP_TOKEN)
        async with _running(engine):
            await peer.sockets.connected()
            yield peer


@asynccontextmanager
async def over_http(engine: Engine, **settings: Any) -> AsyncIterator[SlackPeer]:
    async with SlackPeer(**settings) as peer:
        engine.adapter = _adapter(peer, signing_secret=SIGNING_SECRET)
        listening = listen("127.0.0.1:0")
        peer.events_url = f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events"
        app = build_app(slack=engine.adapter)
        serving = asyncio.create_task(serve_http(app, listening))
        async with _running(engine):
            try:
                yield peer
            finally:
                await _cancelled(serving)


BOTH = pytest.mark.parametrize("connected", [over_socket_mode, over_http])


def _adapter(peer: SlackPeer, **settings: Any) -> SlackAdapter:
    return SlackAdapter(bot_token=BOT_TOKEN, api_url=peer.api_url, **settings)


@asynccontextmanager
async def _running(engine: Engine) -> AsyncIterator[None]:
    run = asyncio.create_task(engine.adapter.run(engine.receive))
    try:
        yield
    finally:
        await _cancelled(run)
        await engine.adapter.close()


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def place(chat: str = "D0ANN", *, thread: str | None = None) -> Address:
    return Address(platform=Platform.SLACK, chat=chat, workspace=TEAM, thread=thread)


@asynccontextmanager
async def sending(**settings: Any) -> AsyncIterator[tuple[SlackPeer, SlackAdapter]]:
    """An adapter that only sends, into a direct channel where Ann has written before."""
    async with SlackPeer() as peer:
        peer.workspace.add("D0ANN", ANN, "hello")
        adapter = _adapter(peer, app_token=APP_TOKEN, **settings)
        try:
            yield peer, adapter
        finally:
            await adapter.close()


@BOTH
async def test_a_conversation_goes_from_word_to_question_to_press_to_edit(connected: Any) -> None:
    def answer(update: Update) -> Message:
        if isinstance(update.content, Pressed):
            return Message(text="Thank you.", replaces=update.content.message)
        return QUESTION

    engine = Engine(answer)
    async with connected(engine) as peer:
        assert (await peer.say(ANN, "I feel <low> & tired")).accepted
        asked = await peer.reply(ANN)
        assert asked.shown == QUESTION.text
        assert asked.labels == ("Not at all", "Several days")
        assert (await peer.press(ANN, "Several days")).accepted
        thanked = await peer.reply(ANN)
    assert (thanked.ts, thanked.edits, thanked.labels) == (asked.ts, 1, ())
    assert thanked.shown == "Thank you."
    assert engine.contents == [
        Said("I feel <low> & tired"),
        Pressed(data="p:n:1", message=asked.ts),
    ]


@BOTH
async def test_a_command_in_a_channel_is_answered_in_private(connected: Any) -> None:
    engine = Engine(lambda _: Message(text="Noted."))
    async with connected(engine) as peer:
        delivery = await peer.command(ANN, "/mood 7 slept well", channel="C0GENERAL")
        answered = await peer.reply(ANN)
        assert peer.channel("C0GENERAL") == ()
    assert delivery.answers == [200]
    assert answered.channel == "D0ANN"
    assert engine.contents == [Said("/mood 7 slept well")]


@BOTH
async def test_a_command_whose_words_hold_payload_is_not_lost(connected: Any) -> None:
    engine = Engine()
    async with connected(engine) as peer:
        await peer.command(ANN, "/journal the payload was heavy")
    assert engine.contents == [Said("/journal the payload was heavy")]


@BOTH
async def test_an_event_that_was_not_committed_comes_again(connected: Any) -> None:
    engine = Engine()
    async with connected(engine, ack_seconds=0.3) as peer:
        engine.failures = 2
        delivery = await peer.say(ANN, "hello")
    assert delivery.accepted
    assert len(delivery.answers) == engine.deliveries == 3
    assert engine.contents == [Said("hello")]


@BOTH
async def test_a_redelivery_has_the_key_of_the_first(connected: Any) -> None:
    engine = Engine()
    async with connected(engine) as peer:
        first = await peer.say(ANN, "hello")
        await peer.deliver("events_api", first.payload)
    assert engine.deliveries == 2
    assert len(engine.updates) == 1


@BOTH
async def test_one_persons_words_arrive_in_order(connected: Any) -> None:
    engine = Engine()
    async with connected(engine) as peer:
        for number in range(10):
            await peer.say(ANN, str(number))
    assert engine.contents == [Said(str(number)) for number in range(10)]


@BOTH
async def test_what_the_bot_itself_posts_is_acknowledged_and_left(connected: Any) -> None:
    engine = Engine(lambda _: Message(text="Hello."))
    async with connected(engine) as peer:
        await peer.say(ANN, "hello")
        own = await peer.reply(ANN)
        assert own.user == BOT_USER
        assert (await peer.event({**event_of(own), "channel_type": "im"})).accepted
    assert engine.contents == [Said("hello")]


async def test_the_bot_knows_itself_even_where_slack_does_not_say_that_it_is_a_bot() -> None:
    engine = Engine()
    async with over_socket_mode(engine) as peer:
        own = {**event_of(peer.workspace.add("D0ANN", BOT_USER, "Hello.")), "channel_type": "im"}
        assert (await peer.event({**own, "bot_id": None})).accepted
    assert engine.updates == {}


@BOTH
async def test_a_mention_in_a_channel_is_answered_under_it(connected: Any) -> None:
    engine = Engine(lambda _: Message(text="Write to me in private."))
    async with connected(engine) as peer:
        await peer.mention(ANN, "help", channel="C0GENERAL")
        asked = peer.channel("C0GENERAL")[0]
        async with asyncio.timeout(5):
            hint = await peer.workspace.news["C0GENERAL"].get()
    assert engine.contents == [Other(OtherKind.GROUP)]
    assert hint.thread == asked.ts


@BOTH
async def test_kinds_of_payload_nobody_asked_for_are_acknowledged(connected: Any) -> None:
    engine = Engine()
    async with connected(engine) as peer:
        odd = [
            await peer.say(ANN, "edited", subtype="message_changed", hidden=True),
            await peer.event({"type": "reaction_added", "user": ANN, "item": {"channel": "D0ANN"}}),
            await peer.event({"type": "app_home_opened", "user": ANN, "channel": "D0ANN"}),
            await peer.deliver("interactive", {"type": "view_submission", "team": {"id": TEAM}}),
            await peer.deliver("interactive", {"type": "shortcut", "user": {"id": ANN}}),
        ]
    assert all(each.answers == [200] for each in odd)
    assert engine.updates == {}


async def test_socket_mode_goes_on_over_a_new_connection_when_slack_asks_for_it() -> None:
    engine = Engine()
    async with over_socket_mode(engine) as peer:
        await peer.say(ANN, "before")
        await peer.sockets.refresh()
        await peer.say(ANN, "after")
        opened = [method for method, _ in peer.calls].count("apps.connections.open")
        assert peer.sockets.strays == []
    assert engine.contents == [Said("before"), Said("after")]
    assert opened == 2


async def test_forged_late_and_oversized_requests_are_refused_and_do_nothing() -> None:
    engine = Engine()
    async with over_http(engine) as peer, aiohttp.ClientSession() as outside:
        await peer.say(ANN, "hello")
        delivery = Delivery(kind="events_api", payload={"type": "event_callback"})
        body, _ = as_body(delivery.kind, delivery.payload)
        now = datetime.now(UTC)
        late = signed(body, at=(now - timedelta(minutes=6)).timestamp())
        attempts: list[tuple[bytes, dict[str, str], int]] = [
            (body, {}, 401),
            (body, signed(body, secret="another"), 401),
            (body, late, 401),
            (body, signed(body) | {"X-Slack-Request-Timestamp": "soon"}, 401),
            (body, signed(body) | {"X-Slack-Signature": "v0=ünïcode"}, 401),
            (b"x" * 10_000_000, {}, 413),
            (b"\xff{", signed(b"\xff{"), 400),
            (b'{"a":' * 50_000, signed(b'{"a":' * 50_000), 400),
        ]
        assert peer.events_url is not None
        for content, headers, expected in attempts:
            async with outside.post(
                peer.events_url, data=BytesIO(content), headers=headers
            ) as answer:
                assert (answer.status, await answer.read()) == (expected, b"")
    assert engine.contents == [Said("hello")]


async def test_whatever_a_person_wrote_is_shown_and_not_interpreted() -> None:
    words = "*I* told <!channel> & <@U0BEN>: `x` _y_ ~z~ <https://example.org|safe>"
    async with sending() as (peer, adapter):
        await adapter.send(place(), Message(text=words))
        shown = await peer.reply(ANN)
    assert shown.shown == words
    assert "<" not in shown.text
    assert {each["text"]["type"] for each in shown.blocks} == {"plain_text"}


@pytest.mark.parametrize("text", ["x" * 3000, "&" * 3000, "🙂" * 1500, "a\nb", "שלום"])
async def test_text_of_any_kind_within_the_limit_is_taken_whole(text: str) -> None:
    async with sending() as (peer, adapter):
        assert await adapter.send(place(), Message(text=text)) is not None
        assert (await peer.reply(ANN)).shown == text


async def test_a_message_goes_into_the_thread_of_its_address() -> None:
    async with sending() as (peer, adapter):
        await adapter.send(place(thread="1700000001.000001"), QUESTION)
        assert (await peer.reply(ANN)).thread == "1700000001.000001"


async def test_a_message_that_cannot_be_edited_is_posted_anew() -> None:
    async with sending() as (peer, adapter):
        gone = await adapter.send(place(), Message(text="Done.", replaces="1.000001"))
        anns = await adapter.send(place(), Message(text="Done.", replaces=peer.chat(ANN)[0].ts))
        in_private = await adapter.send(place(BEN), Message(text="Done.", replaces="1.000001"))
    assert [each.ts for each in peer.chat(ANN)[1:]] == [gone, anns]
    assert [each.ts for each in peer.chat(BEN)] == [in_private]


async def test_an_empty_message_is_refused_before_it_is_sent() -> None:
    async with sending() as (peer, adapter):
        for text in ("", " \n"):
            with pytest.raises(SendRefusedError):
                await adapter.send(place(), Message(text=text))
        assert peer.calls == []


async def test_a_rate_limit_is_reported_with_its_seconds_and_is_not_retried_inside() -> None:
    async with sending() as (peer, adapter):
        peer.will("chat.postMessage", Fault(retry_after=9))
        with pytest.raises(SendLaterError) as caught:
            await adapter.send(place(), QUESTION)
        assert caught.value.seconds == 9
        assert len(peer.calls) == 1
        assert await adapter.send(place(), QUESTION) == peer.chat(ANN)[-1].ts


async def test_a_message_whose_answer_was_lost_is_sent_once_and_unknown() -> None:
    async with sending() as (peer, adapter):
        peer.will("chat.postMessage", Fault(answer_lost=True))
        with pytest.raises(SendUnknownError):
            await adapter.send(place(), QUESTION)
        assert len(peer.chat(ANN)) == 2


async def test_an_edit_whose_answer_was_lost_may_be_made_again() -> None:
    async with sending() as (peer, adapter):
        ts = await adapter.send(place(), QUESTION)
        peer.will("chat.update", Fault(answer_lost=True))
        edit = Message(text="Done.", replaces=ts)
        with pytest.raises(SendLaterError):
            await adapter.send(place(), edit)
        assert await adapter.send(place(), edit) == ts
        assert [each.shown for each in peer.chat(ANN)] == ["hello", "Done."]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, error="internal_error"),
        Fault(status=502, body="<html>Bad gateway</html>"),
        Fault(body="<html>Please log in</html>"),
        Fault(error="fatal_error"),
    ],
)
async def test_an_answer_that_says_nothing_leaves_the_message_unknown(fault: Fault) -> None:
    async with sending() as (peer, adapter):
        peer.will("chat.postMessage", fault)
        with pytest.raises(SendUnknownError):
            await adapter.send(place(), QUESTION)


async def test_an_answer_that_never_comes_leaves_the_message_unknown() -> None:
    async with sending(answer_seconds=0.2) as (peer, adapter):
        peer.will("chat.postMessage", Fault(stalls=True))
        with pytest.raises(SendUnknownError):
            await adapter.send(place(), QUESTION)


async def test_a_channel_that_is_closed_refuses_for_good() -> None:
    async with sending() as (peer, adapter):
        peer.workspace.archived.add("D0ANN")
        for chat, reason in (("D0ANN", "is_archived"), ("C0NOWHERE", "channel_not_found")):
            with pytest.raises(SendRefusedError) as caught:
                await adapter.send(place(chat), QUESTION)
            assert caught.value.reason == reason


async def test_while_slack_cannot_be_reached_messages_wait() -> None:
    async with sending() as (peer, _):
        pass
    adapter = _adapter(peer, app_token=APP_TOKEN)
    with pytest.raises(SendLaterError):
        await adapter.send(place(), QUESTION)
    await adapter.close()


@pytest.mark.parametrize(
    ("tokens", "named"),
    [
        ({"bot_token": "xoxb-wrong", "app_token": APP_TOKEN}, "SLACK_BOT_TOKEN"),
        ({"bot_token": BOT_TOKEN, "app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
    ],
)
async def test_a_token_slack_does_not_know_ends_the_run_with_its_setting(
    tokens: Any, named: str
) -> None:
    async with SlackPeer() as peer:
        adapter = SlackAdapter(api_url=peer.api_url, **tokens)
        with pytest.raises(ConfigurationError, match=named) as caught:
            await asyncio.wait_for(adapter.run(Engine().receive), 5)
        await adapter.close()
    assert "wrong" not in str(caught.value)


async def test_an_address_without_a_web_api_ends_the_run() -> None:
    async with SlackPeer() as peer:
        adapter = SlackAdapter(
            bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=peer.api_url.replace("/api", "/app")
        )
        with pytest.raises(ConfigurationError, match="SLACK_API_URL"):
            await asyncio.wait_for(adapter.run(Engine().receive), 5)
        await adapter.close()


async def test_starting_outlasts_an_outage() -> None:
    engine = Engine()
    async with SlackPeer() as peer:
        peer.will("auth.test", Fault(status=503, error="service_unavailable"))
        engine.adapter = _adapter(peer, app_token=APP_TOKEN)
        async with _running(engine):
            await peer.sockets.connected()
            await peer.say(ANN, "hello")
    assert engine.contents == [Said("hello")]


async def test_nothing_secret_and_nothing_said_reaches_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = Engine(lambda _: Message(text="I am listening."))
    caplog.set_level(0)
    async with over_socket_mode(engine, ack_seconds=0.3) as peer:
        engine.failures = 1
        await peer.say(ANN, "I want to die")
        await peer.reply(ANN)
        peer.will("chat.postMessage", Fault(error="invalid_auth"))
        with suppress(SendLaterError):
            await engine.adapter.send(place(), Message(text="I am listening."))
        await peer.sockets.refresh()
        await peer.say(ANN, "I want to die")
    for secret in (BOT_TOKEN, APP_TOKEN, "secret-ticket", "want to die", "am listening", ANN):
        assert secret not in caplog.text


async def test_a_server_other_than_slacks_is_reached_without_the_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    engine = Engine(lambda _: Message(text="Hello."))
    async with over_socket_mode(engine) as peer:
        await peer.say(ANN, "hello")
        await peer.reply(ANN)


async def test_nothing_is_left_running_after_the_adapter_was_closed() -> None:
    async with over_socket_mode(Engine()) as peer:
        await peer.say(ANN, "hello")
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_turn_under_way_finishes_sending_before_the_adapter_hangs_up() -> None:
    may_answer = asyncio.Event()

    class Slow(Engine):
        async def _turn(self, update: Update, new: bool) -> None:
            await may_answer.wait()
            await self.adapter.send(update.address, Message(text="Goodbye."))

    async with SlackPeer() as peer:
        engine = Slow()
        engine.adapter = _adapter(peer, app_token=APP_TOKEN)
        async with _running(engine):
            await peer.sockets.connected()
            await peer.say(ANN, "bye")
            asyncio.get_running_loop().call_later(0.1, may_answer.set)
        assert peer.chat(ANN)[-1].shown == "Goodbye."


def test_the_port_of_a_peer_is_free_again() -> None:
    async def scenario() -> int:
        async with SlackPeer() as peer:
            return int(peer.api_url.split(":")[2].split("/")[0])

    port = asyncio.run(scenario())
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
