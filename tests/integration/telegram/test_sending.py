"""How messages leave, and what becomes of those that Telegram does not take."""

from __future__ import annotations

import json

import pytest

from bot.adapters.adapter import Button, Message
from bot.adapters.telegram import TelegramAdapter
from bot.errors import (
    SendLaterError,
    SendRefusedError,
    SendUnknownError,
)
from tests.integration.telegram.running import (
    question,
    to,
)
from tests.peers.bot_api import BotApiPeer, Fault

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
