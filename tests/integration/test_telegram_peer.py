"""python-telegram-bot, as the adapter drives it, against a Bot API on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.adapters.adapter import Button, Message
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram_polling import Backoff
from bot.errors import (
    ConfigurationError,
    SendLaterError,
    SendRefusedError,
    SendUnknownError,
)
from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.addresses import Address, Platform
from storage.errors import StorageUnavailableError
from tests.peers.bot_api import BotApiPeer, Fault, bot_api

QUICK = Backoff(first=0.01, most=0.05)
ROOT = Path(__file__).parents[2]
SECRET_WORDS = "the lighthouse keeper sings"


class Received:
    """Stands where the engine is: what it has taken in counts as committed."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.before: Callable[[Update], Awaitable[None]] | None = None
        self.turn: Callable[[Update], Awaitable[None]] | None = None

    async def __call__(self, update: Update) -> asyncio.Task[None]:
        if self.before is not None:
            await self.before(update)
        self.updates.append(update)
        return asyncio.create_task(self._turn(update))

    async def _turn(self, update: Update) -> None:
        if self.turn is not None:
            await self.turn(update)

    @property
    def words(self) -> list[str]:
        return [each.content.text for each in self.updates if isinstance(each.content, Said)]


@pytest.fixture
async def peer() -> AsyncIterator[BotApiPeer]:
    async with bot_api() as running_peer:
        yield running_peer


@pytest.fixture
async def adapter(peer: BotApiPeer) -> AsyncIterator[TelegramAdapter]:
    adapter = TelegramAdapter(peer.token, peer.url, counselor_chat="900", backoff=QUICK)
    yield adapter
    await adapter.close()


@pytest.fixture
def received() -> Received:
    return Received()


@contextlib.asynccontextmanager
async def running(adapter: TelegramAdapter, received: Received) -> AsyncIterator[None]:
    polling = asyncio.create_task(adapter.run(received))
    try:
        yield
    finally:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)


async def all_confirmed(peer: BotApiPeer) -> None:
    await peer.wait_for(lambda: not peer.world.pending and peer.polls)


def to(chat: int) -> Address:
    return Address(platform=Platform.TELEGRAM, chat=str(chat), workspace="81234")


def question(text: str = "How often?", *labels: str, replaces: str | None = None) -> Message:
    buttons = tuple(Button(label=label, data=f"phq9:a1:{label}"[:64]) for label in labels)
    return Message(text=text, buttons=buttons, replaces=replaces)


# Receiving


async def test_words_arrive_with_who_said_them_where_and_in_which_language(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    async with running(adapter, received):
        await peer.say(7, "/mood 7 slept well", language="pt-BR")
        await all_confirmed(peer)
    [update] = received.updates
    assert update.content == Said("/mood 7 slept well")
    assert (update.identity.subject, update.identity.workspace) == ("7", "81234")
    assert (update.address.chat, update.locale) == ("7", "pt-BR")
    assert update.key == "telegram:81234:update:50001"


async def test_nothing_is_confirmed_before_it_is_committed(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    begun, may_commit = asyncio.Event(), asyncio.Event()

    async def slow_commit(update: Update) -> None:
        begun.set()
        await may_commit.wait()

    received.before = slow_commit
    await peer.say(7, "hello")
    async with running(adapter, received):
        await begun.wait()
        assert peer.polls == 1
        assert len(peer.world.pending) == 1
        may_commit.set()
        await all_confirmed(peer)
    assert received.words == ["hello"]


async def test_what_could_not_be_stored_comes_again_in_order_and_nothing_else_twice(
    peer: BotApiPeer,
    adapter: TelegramAdapter,
    received: Received,
    caplog: pytest.LogCaptureFixture,
) -> None:
    failures = iter(range(3))

    async def fails_for_seven(update: Update) -> None:
        if update.identity.subject == "7" and next(failures, None) is not None:
            raise StorageUnavailableError

    received.before = fails_for_seven
    for person, words in ((7, "one"), (8, "other"), (7, "two"), (8, "last")):
        await peer.say(person, words)
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["other", "last", "one", "two"]
    assert caplog.text.count("could not be stored yet. Trying again in") == 3


async def test_one_person_is_not_held_up_by_another_and_keeps_their_own_order(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    other_is_done = asyncio.Event()

    async def seven_waits_for_eight(update: Update) -> None:
        if update.identity.subject == "7":
            await other_is_done.wait()
        elif update.content == Said("second"):
            other_is_done.set()

    received.before = seven_waits_for_eight
    for person, words in ((7, "one"), (7, "two"), (8, "first"), (8, "second")):
        await peer.say(person, words)
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words[:1] == ["first"]
    assert [word for word in received.words if word in ("one", "two")] == ["one", "two"]


async def test_a_turn_that_takes_long_holds_up_nobody_and_is_let_finish(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    may_answer, answered = asyncio.Event(), asyncio.Event()

    async def answers_late(update: Update) -> None:
        await may_answer.wait()
        answered.set()

    received.turn = answers_late
    async with running(adapter, received):
        await peer.say(7, "one")
        await peer.say(7, "two")
        await all_confirmed(peer)
    assert received.words == ["one", "two"]
    asyncio.get_running_loop().call_soon(may_answer.set)
    await adapter.close()
    assert answered.is_set()


async def test_a_turn_that_fails_is_named_in_the_log_by_its_type_only(
    peer: BotApiPeer,
    adapter: TelegramAdapter,
    received: Received,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def breaks(update: Update) -> None:
        raise LookupError(SECRET_WORDS)

    received.turn = breaks
    async with running(adapter, received):
        await peer.say(7, "hello")
        await all_confirmed(peer)
        await adapter.close()
    assert "LookupError" in caplog.text
    assert SECRET_WORDS not in caplog.text


async def test_an_update_that_cannot_be_read_is_skipped_and_named_without_its_text(
    peer: BotApiPeer,
    adapter: TelegramAdapter,
    received: Received,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = {"message_id": "not a number", "text": SECRET_WORDS}
    number = await peer.push(message=broken)
    await peer.say(7, "after it")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["after it"]
    assert adapter.parked == 1
    assert f"Update {number} was skipped: ValidationError." in caplog.text
    assert SECRET_WORDS not in caplog.text


async def test_an_update_that_the_engine_cannot_take_is_tried_again_before_it_is_given_up(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    tries = []

    async def breaks_on_seven(update: Update) -> None:
        if update.identity.subject == "7":
            tries.append(update)
            raise RuntimeError

    received.before = breaks_on_seven
    await peer.say(7, "hello")
    await peer.say(8, "and me")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["and me"]
    assert (len(tries), adapter.parked) == (3, 1)


async def test_what_asks_for_no_answer_is_confirmed_and_forgotten(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    channel_post = {**peer.world.message(-1001, text="news"), "chat": {"id": 5, "type": "channel"}}
    await peer.push(edited_message=peer.world.message(7, text="hello, corrected"))
    await peer.push(channel_post=channel_post)
    await peer.push(my_chat_member={"chat": {"id": 7, "type": "private"}, "date": 1})
    await peer.push(message_reaction={"chat": {"id": 7, "type": "private"}, "message_id": 1})
    await peer.push(invented_kind={"of": "the future"})
    await peer.push(message=peer.world.message(900, text="a counselor speaks"))
    await peer.say(7, "/help")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["/help"]
    assert adapter.parked == 0


async def test_only_the_kinds_that_are_read_are_asked_for(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    async with running(adapter, received):
        await all_confirmed(peer)
        await peer.wait_for(lambda: peer.world.wanted)
    assert peer.world.wanted == ["message", "callback_query"]


async def test_a_picture_and_a_group_that_calls_us_are_told_apart(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    await peer.push(message=peer.world.message(7, photo=[{"file_id": "f"}]))
    await peer.push(message=peer.world.message(7, chat_id=-55, text="/mood@evenkeel_test_bot"))
    await peer.push(message=peer.world.message(7, chat_id=-55, text="nothing to do with us"))
    async with running(adapter, received):
        await all_confirmed(peer)
    assert [each.content for each in received.updates] == [
        Other(OtherKind.PHOTO),
        Other(OtherKind.GROUP),
    ]


# Button presses


async def test_a_press_arrives_with_its_message_and_stops_spinning(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    await peer.say(7, "/phq9")
    sent = await adapter.send(to(7), question("How often?", "Never", "Daily"))
    query = await peer.press(7, "Daily")
    async with running(adapter, received):
        await peer.wait_for(lambda: peer.calls("answerCallbackQuery"))
    assert received.updates[-1].content == Pressed(data="phq9:a1:Daily", message=sent, query=query)
    [answer] = peer.calls("answerCallbackQuery")
    assert (answer.params["callback_query_id"], answer.status) == (query, 200)


async def test_a_press_that_telegram_has_forgotten_still_counts(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    await peer.say(7, "/phq9")
    await adapter.send(to(7), question("How often?", "Never"))
    await peer.press(7, "Never")
    peer.world.forget_queries()
    async with running(adapter, received):
        answer = await peer.wait_for(lambda: peer.calls("answerCallbackQuery"))
        await peer.say(7, "still here")
        await all_confirmed(peer)
    assert answer[0].status == 400
    assert isinstance(received.updates[1].content, Pressed)
    assert received.words == ["/phq9", "still here"]


async def test_a_press_that_is_ignored_stops_spinning_too(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    await peer.push(callback_query={"id": "42", "from": {"id": 7}, "game_short_name": "chess"})
    await peer.push(callback_query={"id": "43", "from": "nobody", "data": "x"})
    async with running(adapter, received):
        await peer.wait_for(lambda: len(peer.calls("answerCallbackQuery")) == 2)
    assert received.updates == []


# What gets in the way of polling


@pytest.mark.parametrize("fault", list(Fault))
async def test_polling_goes_on_after_a_fault_and_nothing_is_lost(
    fault: Fault, peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    peer.fail(fault, method="getUpdates", retry_after=0)
    await peer.say(7, "hello")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["hello"]


@pytest.mark.parametrize("fault", [Fault.BAD_GATEWAY, Fault.GARBLED, Fault.ANSWER_LOST])
async def test_signing_in_is_tried_until_telegram_answers(
    fault: Fault, peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    peer.fail(fault, method="getMe", times=2)
    await peer.say(7, "hello")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert received.words == ["hello"]


async def test_a_server_that_is_not_there_yet_is_waited_for(received: Received) -> None:
    async with bot_api() as gone:
        port = int(gone.url.rpartition(":")[2])
    adapter = TelegramAdapter(gone.token, gone.url, backoff=QUICK)
    async with running(adapter, received):
        with pytest.raises(SendLaterError):
            await adapter.send(to(7), question())
        async with bot_api(port=port) as peer:
            await peer.say(7, "hello")
            await all_confirmed(peer)
    await adapter.close()
    assert received.words == ["hello"]


async def test_a_second_poller_is_named_as_the_trouble_and_outlasted(
    peer: BotApiPeer,
    adapter: TelegramAdapter,
    received: Received,
    caplog: pytest.LogCaptureFixture,
) -> None:
    second = TelegramAdapter(peer.token, peer.url, backoff=QUICK)
    async with running(adapter, received):
        await peer.wait_for(lambda: peer.polls)
        async with running(second, Received()):
            await peer.wait_for(lambda: "Another process fetches" in caplog.text)
        await second.close()
        await peer.say(7, "hello")
        await all_confirmed(peer)
        await peer.wait_for(lambda: received.words)
    assert received.words == ["hello"]


async def test_a_webhook_left_from_before_is_taken_away(
    peer: BotApiPeer, adapter: TelegramAdapter, received: Received
) -> None:
    peer.world.webhook = "https://bot.example.org/telegram/webhook"
    await peer.say(7, "hello")
    async with running(adapter, received):
        await all_confirmed(peer)
    assert (peer.world.webhook, received.words) == ("", ["hello"])


@pytest.mark.parametrize("token", ["81234:someone-elses", "no_token_at_all"])
async def test_a_token_that_telegram_does_not_know_ends_the_run_saying_what_to_do(
    token: str, peer: BotApiPeer, received: Received
) -> None:
    adapter = TelegramAdapter(token, peer.url, backoff=QUICK)
    with pytest.raises(ConfigurationError, match="TELEGRAM_BOT_TOKEN") as raised:
        await adapter.run(received)
    await adapter.close()
    assert token not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_the_api_address_may_end_in_a_slash(peer: BotApiPeer, received: Received) -> None:
    adapter = TelegramAdapter(peer.token, f"{peer.url}/", backoff=QUICK)
    async with running(adapter, received):
        await all_confirmed(peer)
    await adapter.close()


@pytest.mark.parametrize("token", ["", "  ", "81234:with a space", "81234:ünïcode"])
def test_a_token_that_cannot_be_one_is_refused_at_once(token: str) -> None:
    with pytest.raises(ConfigurationError, match="TELEGRAM_BOT_TOKEN"):
        TelegramAdapter(token, None)


@pytest.mark.parametrize("url", ["127.0.0.1:8081", "ftp://127.0.0.1", "http://", "http://[::1"])
def test_an_api_address_that_cannot_be_one_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigurationError, match="TELEGRAM_API_URL"):
        TelegramAdapter("81234:abc", url)


async def test_no_log_holds_the_token_or_a_persons_words(
    peer: BotApiPeer,
    adapter: TelegramAdapter,
    received: Received,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.fail(Fault.GARBLED, method="getUpdates")
    peer.fail(Fault.GARBLED, method="sendMessage")
    await peer.say(7, SECRET_WORDS)
    async with running(adapter, received):
        await all_confirmed(peer)
        with pytest.raises(SendUnknownError):
            await adapter.send(to(7), question(SECRET_WORDS))
    assert received.words == [SECRET_WORDS]
    assert peer.token not in caplog.text
    assert SECRET_WORDS not in caplog.text


# Sending


async def test_a_message_is_plain_text_without_previews_and_its_id_comes_back(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    sent = await adapter.send(to(7), Message(text="5 < 6 & *so* on https://example.org"))
    shown = peer.chat(7)[-1]
    assert (str(shown.id), shown.text) == (sent, "5 < 6 & *so* on https://example.org")
    [call] = peer.calls("sendMessage")
    assert "parse_mode" not in call.params
    assert json.loads(call.params["link_preview_options"]) == {"is_disabled": True}


async def test_an_edit_takes_the_place_of_the_message_and_of_its_buttons(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/phq9")
    first = await adapter.send(to(7), question("First", "Never", "Daily"))
    assert await adapter.send(to(7), question("Second", "Yes", replaces=first)) == first
    assert peer.chat(7)[-1].labels == ("Yes",)
    assert await adapter.send(to(7), question("Finished", replaces=first)) == first
    shown = peer.chat(7)[-1]
    assert (shown.text, shown.labels, shown.edits) == ("Finished", (), 2)


async def test_an_edit_that_was_made_already_is_a_success(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/phq9")
    first = await adapter.send(to(7), question("First", "Never"))
    assert await adapter.send(to(7), question("First", "Never", replaces=first)) == first
    assert peer.calls("editMessageText")[-1].status == 400


async def test_an_edit_whose_answer_was_lost_can_be_made_again(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/phq9")
    first = await adapter.send(to(7), question("First", "Never"))
    edit = question("Second", "Yes", replaces=first)
    peer.fail(Fault.ANSWER_LOST, method="editMessageText")
    with pytest.raises(SendLaterError):
        await adapter.send(to(7), edit)
    assert await adapter.send(to(7), edit) == first
    assert [shown.text for shown in peer.chat(7)] == ["/phq9", "Second"]


@pytest.mark.parametrize("gone", ["deleted", "the person's own", "from elsewhere"])
async def test_what_cannot_be_edited_is_sent_anew(
    gone: str, peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    own = await peer.say(7, "/phq9")
    first = await adapter.send(to(7), question("First", "Never"))
    assert first is not None
    if gone == "deleted":
        peer.world.delete(7, int(first))
    replaces = {"deleted": first, "the person's own": str(own["message_id"])}.get(gone, "C1.2")
    sent = await adapter.send(to(7), question("Second", "Yes", replaces=replaces))
    assert sent not in (first, replaces)
    assert (peer.chat(7)[-1].text, peer.chat(7)[-1].by_bot) == ("Second", True)


async def test_a_flood_limit_names_the_seconds_to_wait(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    peer.fail(Fault.FLOOD, method="sendMessage", retry_after=17)
    with pytest.raises(SendLaterError) as raised:
        await adapter.send(to(7), question())
    assert raised.value.seconds == 17


async def test_a_flood_limit_of_a_proxy_that_names_no_seconds_is_waited_for_too(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    peer.fail(Fault.FLOOD, method="sendMessage", retry_after=None)
    with pytest.raises(SendLaterError):
        await adapter.send(to(7), question())


async def test_who_blocked_the_bot_is_told_from_a_chat_that_is_gone(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/stop")
    peer.block(7)
    with pytest.raises(SendRefusedError) as blocked:
        await adapter.send(to(7), question())
    with pytest.raises(SendRefusedError) as gone:
        await adapter.send(to(12345), question())
    assert (blocked.value.reason, gone.value.reason) == ("blocked", "gone")


@pytest.mark.parametrize(
    ("text", "data", "reason"),
    [
        ("How often?", "x" * 65, "bad request"),
        ("   ", "x", "bad request"),
        ("half a pair \ud83d", "x", "bad characters"),
        ("\N{GRINNING FACE}" * 2049, "x", "too long"),
    ],
)
async def test_a_message_that_telegram_would_never_take_is_refused(
    text: str, data: str, reason: str, peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    message = Message(text=text, buttons=(Button(label="Never", data=data),))
    with pytest.raises(SendRefusedError) as raised:
        await adapter.send(to(7), message)
    assert raised.value.reason == reason
    assert [shown.by_bot for shown in peer.chat(7)] == [False]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBLED])
async def test_a_lost_answer_leaves_it_unknown_whether_the_message_was_sent(
    fault: Fault, peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    peer.fail(fault, method="sendMessage")
    with pytest.raises(SendUnknownError) as raised:
        await adapter.send(to(7), question("Once"))
    assert [shown.text for shown in peer.chat(7)] == ["/start", "Once"]
    assert raised.value.__suppress_context__


async def test_a_message_that_was_not_taken_can_be_sent_again(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    peer.fail(Fault.BAD_GATEWAY, method="sendMessage")
    with pytest.raises(SendLaterError):
        await adapter.send(to(7), question("Once"))
    await adapter.send(to(7), question("Once"))
    assert [shown.text for shown in peer.chat(7)] == ["/start", "Once"]


async def test_a_token_that_was_revoked_keeps_messages_for_later(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/start")
    peer.token = "81234:a-new-one"
    with pytest.raises(SendLaterError):
        await adapter.send(to(7), question())


async def test_typing_is_shown_and_never_raises(peer: BotApiPeer, adapter: TelegramAdapter) -> None:
    await peer.say(7, "/start")
    for chat in (7, 12345):
        await adapter.typing(to(chat))
    assert [call.status for call in peer.calls("sendChatAction")] == [200, 400]


async def test_the_menu_is_set_by_language_and_one_that_is_refused_only_logged(
    peer: BotApiPeer, adapter: TelegramAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    await adapter.set_commands(
        {
            "": [("/mood", "How are you?")],
            "english": [("/mood", "How are you?")],
            "es": [("/mood", "¿Cómo estás?")],
        }
    )
    assert set(peer.world.menus) == {"", "es"}
    assert peer.world.menus["es"] == [{"command": "mood", "description": "¿Cómo estás?"}]
    assert "menu (BadRequest)" in caplog.text


# The peer in a process of its own


@contextlib.asynccontextmanager
async def peer_process() -> AsyncIterator[dict[str, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.peers.bot_api", "--port", "0"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_another_process_can_lead_the_peer_over_http(received: Received) -> None:
    async with peer_process() as started, aiohttp.ClientSession(started["url"]) as http:

        async def control(what: str, **body: Any) -> Any:
            async with http.post(f"/control/{what}", json=body) as answer:
                return await answer.json()

        adapter = TelegramAdapter(started["token"], started["url"], backoff=QUICK)
        replied = asyncio.Event()

        async def reply(update: Update) -> None:
            await adapter.send(update.address, question("Well?", "Yes"))
            replied.set()

        received.turn = reply
        async with running(adapter, received):
            await control("say", user_id=7, text="hello")
            await asyncio.wait_for(replied.wait(), 10)
            assert "query" in await control("press", user_id=7, label="Yes")
            shown = await control("chat", chat_id=7)
        await adapter.close()
    assert [message["text"] for message in shown] == ["hello", "Well?"]
