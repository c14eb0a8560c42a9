"""How updates reach the engine, through python-telegram-bot and a Bot API on loopback."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.adapters.telegram import TelegramAdapter
from bot.errors import (
    ConfigurationError,
    SendLaterError,
    SendUnknownError,
)
from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.errors import StorageUnavailableError
from tests.integration.telegram.running import (
    QUICK,
    SECRET_WORDS,
    Received,
    all_confirmed,
    question,
    running,
    to,
)
from tests.peers.bot_api import BotApiPeer, Fault, bot_api

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
