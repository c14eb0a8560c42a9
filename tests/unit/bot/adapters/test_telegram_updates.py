from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.telegram_updates import BotAccount, to_update
from bot.updates import Other, OtherKind, Pressed, Said, Update

BOT = BotAccount(id="81234", username="evenkeel_test_bot")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PERSON = {"id": 7, "is_bot": False, "first_name": "Person 7", "language_code": "es"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Person 7"}
GROUP = {"id": -55, "type": "supergroup", "title": "Group"}


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 11, "from": PERSON, "chat": PRIVATE, "date": 1, **content}


def read(**kinds: Any) -> Update | None:
    return to_update({"update_id": 5531, **kinds}, bot=BOT, at=NOW)


def content_of(**content: Any) -> object:
    update = read(message=message(**content))
    return update.content if update else None


def press(**fields: Any) -> dict[str, Any]:
    query = {"id": "4382", "from": PERSON, "chat_instance": "1", "data": "phq9:a1:2"}
    return {**query, **fields}


def test_the_key_names_bot_and_update_for_ever() -> None:
    update = read(message=message(text="hello"))
    assert update is not None
    assert update.key == "telegram:81234:update:5531"
    assert (update.at, update.locale) == (NOW, "es")


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("/mood@evenkeel_test_bot 7", "/mood 7"),
        ("/mood@Evenkeel_Test_Bot", "/mood"),
        ("/mood 7 met @someone", "/mood 7 met @someone"),
        ("write to me@example.org", "write to me@example.org"),
        ("/start LINK-4711", "/start LINK-4711"),
        ("", ""),
        ("half a pair: \ud83d", "half a pair: \N{REPLACEMENT CHARACTER}"),
        ("\N{GRINNING FACE} ok", "\N{GRINNING FACE} ok"),
    ],
)
def test_words_are_kept_but_for_the_bots_name_behind_a_command(sent: str, read_as: str) -> None:
    assert content_of(text=sent) == Said(read_as)


def test_words_under_a_picture_are_heard() -> None:
    assert content_of(photo=[], caption="I took them all") == Said("I took them all")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": {"file_id": "f"}}, OtherKind.VOICE),
        ({"photo": []}, OtherKind.PHOTO),
        ({"sticker": {}}, OtherKind.STICKER),
        ({"document": {}}, OtherKind.DOCUMENT),
        ({"animation": {}, "document": {}}, OtherKind.UNKNOWN),
        ({"venue": {}, "location": {}}, OtherKind.LOCATION),
        ({"contact": {"phone_number": "0"}}, OtherKind.CONTACT),
        ({"poll": {}}, OtherKind.POLL),
        ({"video_note": {}}, OtherKind.UNKNOWN),
        ({"dice": {"emoji": "x", "value": 1}}, OtherKind.UNKNOWN),
    ],
)
def test_what_is_not_text_is_kept_as_its_kind(content: dict[str, Any], kind: OtherKind) -> None:
    assert content_of(**content) == Other(kind)


def test_a_topic_is_the_thread_that_is_answered_in() -> None:
    in_topic = read(message=message(text="hi", message_thread_id=3, is_topic_message=True))
    reply_chain = read(message=message(text="hi", message_thread_id=3))
    assert in_topic is not None
    assert reply_chain is not None
    assert (in_topic.address.thread, reply_chain.address.thread) == ("3", None)


@pytest.mark.parametrize(
    "text",
    ["/mood", "/mood@evenkeel_test_bot 7", "hey @Evenkeel_Test_Bot, hello", "@evenkeel_test_bot"],
)
def test_a_group_that_speaks_to_us_is_told_apart_and_its_words_left(text: str) -> None:
    assert content_of(chat=GROUP, text=text) == Other(OtherKind.GROUP)


@pytest.mark.parametrize(
    "text",
    [
        "hello all",
        "/mood@another_bot",
        "@evenkeel_test_bot_2 hello",
        "mail me@evenkeel_test_bot",
        "see a/mood",
    ],
)
def test_a_group_that_speaks_to_others_is_left_alone(text: str) -> None:
    assert content_of(chat=GROUP, text=text) is None


def test_a_bot_without_a_name_is_not_called_by_every_mention() -> None:
    nameless = BotAccount(id="1", username="")
    raw = {"update_id": 1, "message": message(chat=GROUP, text="@someone hello")}
    assert to_update(raw, bot=nameless, at=NOW) is None


@pytest.mark.parametrize(
    "kinds",
    [
        {"edited_message": message(text="corrected")},
        {"channel_post": message(text="news")},
        {"business_message": message(text="for a shop")},
        {"my_chat_member": {"chat": PRIVATE}},
        {"message_reaction": {"chat": PRIVATE}},
        {"invented_kind": 1},
        {},
        {"message": message(pinned_message={})},
        {"message": message(text="beep", **{"from": {**PERSON, "is_bot": True}})},
        {"message": {"message_id": 1, "chat": PRIVATE, "text": "from nobody"}},
        {"message": message(text="/mood", chat={"id": -9, "type": "channel"})},
        {"message": message(photo=[], chat=GROUP)},
        {"callback_query": {"id": "1", "from": PERSON, "game_short_name": "chess"}},
        {"callback_query": press(message={"message_id": 1, "date": 0, "chat": GROUP})},
    ],
)
def test_what_asks_for_no_answer_gets_none(kinds: dict[str, Any]) -> None:
    assert read(**kinds) is None


def test_a_press_names_its_message_so_that_it_can_be_edited() -> None:
    update = read(callback_query=press(message=message(text="How often?")))
    assert update is not None
    assert update.content == Pressed(data="phq9:a1:2", message="11", query="4382")
    assert update.address.chat == "7"


def test_a_press_on_a_message_that_telegram_no_longer_shows_is_answered_in_the_persons_chat() -> (
    None
):
    update = read(callback_query=press())
    assert update is not None
    assert update.content == Pressed(data="phq9:a1:2", message=None, query="4382")
    assert update.address.chat == "7"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"update_id": "5531"},
        {"update_id": 1, "message": "hello"},
        {"update_id": 1, "message": message(text=["h", "i"])},
        {"update_id": 1, "message": message(text="hi", chat={"id": "7", "type": "private"})},
        {"update_id": 1, "message": message(text="hi", **{"from": {"id": True}})},
        {"update_id": 1, "callback_query": {"id": 4382, "from": PERSON, "data": "x"}},
    ],
)
def test_what_breaks_telegrams_own_rules_raises_without_showing_it(raw: object) -> None:
    with pytest.raises(ValueError, match="validation error") as raised:
        to_update(raw, bot=BOT, at=NOW)
    assert "hello" not in str(raised.value)
