"""Reads what Telegram delivers: one raw update in, an `Update` or nothing out. Pure.

Only the few fields that are used are read, straight from the JSON, so that a new kind of update
or a new field changes nothing here. Field names: https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.addresses import Address, Identity, Platform

KINDS = {
    "voice": OtherKind.VOICE,
    "photo": OtherKind.PHOTO,
    "sticker": OtherKind.STICKER,
    "animation": OtherKind.UNKNOWN,  # before document: an animation carries one as well
    "document": OtherKind.DOCUMENT,
    "location": OtherKind.LOCATION,
    "contact": OtherKind.CONTACT,
    "poll": OtherKind.POLL,
    "audio": OtherKind.UNKNOWN,
    "video": OtherKind.UNKNOWN,
    "video_note": OtherKind.UNKNOWN,
    "dice": OtherKind.UNKNOWN,
    "game": OtherKind.UNKNOWN,
    "story": OtherKind.UNKNOWN,
    "paid_media": OtherKind.UNKNOWN,
    "checklist": OtherKind.UNKNOWN,
}
"""What a person can send that is not text. A message with none of these is a service message
(pinned, timer changed, a payment): nobody wrote it, so nobody is answered."""

_COMMAND_FOR_A_BOT = re.compile(r"^(/[^\s@]+)@\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class BotAccount:
    """Who we are on Telegram. `username` is without the @."""

    id: str
    username: str


def update_number(raw: object) -> int | None:
    """The update's `update_id`, or None where it has none that could be confirmed."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    sound = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**53
    return number if sound else None


def query_id(raw: object) -> str | None:
    """The id of a button press that Telegram wants answered, whatever becomes of the press."""
    query = raw.get("callback_query") if isinstance(raw, dict) else None
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def to_update(raw: object, *, bot: BotAccount, at: datetime) -> Update | None:
    """None when there is nobody to answer. Raises ValueError when Telegram's own rules are broken;
    the error's text may hold what the person wrote, so show its type only."""
    envelope = _Envelope.model_validate(raw)
    if envelope.message is not None:
        return _from_message(envelope.update_id, envelope.message, bot, at)
    if envelope.callback_query is not None:
        return _from_query(envelope.update_id, envelope.callback_query, bot, at)
    return None


def _from_message(number: int, message: _Message, bot: BotAccount, at: datetime) -> Update | None:
    person = message.sender
    if person is None or person.is_bot:
        return None
    if message.chat.type == "private":
        content = _private_content(message)
    else:
        content = _group_content(message, bot)
    if content is None:
        return None
    return Update(
        key=_key(number, bot),
        identity=_identity(person, bot),
        address=_address(message, bot),
        content=content,
        at=at,
        locale=person.language_code,
    )


def _private_content(message: _Message) -> Said | Other | None:
    # Words under a picture are words: a cry for help there must be heard.
    words = message.text if message.text is not None else message.caption
    if words is not None:
        return Said(_COMMAND_FOR_A_BOT.sub(r"\1", words))
    fields = message.model_extra or {}
    kind = next((kind for field, kind in KINDS.items() if field in fields), None)
    return Other(kind) if kind is not None else None


def _group_content(message: _Message, bot: BotAccount) -> Other | None:
    """A group is answered only when it speaks to us, and its words are not read further."""
    if message.chat.type not in ("group", "supergroup") or message.text is None:
        return None
    name = re.escape(bot.username) or "(?!)"
    for_us = rf"^/\w+(?!\w|@)|^/\w+@{name}\b|(?<!\w)@{name}\b"
    found = re.search(for_us, message.text, re.IGNORECASE)
    return Other(OtherKind.GROUP) if found else None


def _from_query(number: int, query: _Query, bot: BotAccount, at: datetime) -> Update | None:
    """A press in a private chat. One in a group is nobody's: the answer would be seen by all."""
    message = query.message
    if query.data is None or (message is not None and message.chat.type != "private"):
        return None
    own_chat = Address(
        platform=Platform.TELEGRAM, chat=str(query.sender.id), workspace=bot.id
    )  # Telegram leaves the message out when it is too old to be shown
    return Update(
        key=_key(number, bot),
        identity=_identity(query.sender, bot),
        address=own_chat if message is None else _address(message, bot),
        content=Pressed(
            data=query.data,
            message=None if message is None else str(message.message_id),
            query=query.id,
        ),
        at=at,
        locale=query.sender.language_code,
    )


def _key(number: int, bot: BotAccount) -> str:
    return f"telegram:{bot.id}:update:{number}"


def _identity(person: _Person, bot: BotAccount) -> Identity:
    return Identity(platform=Platform.TELEGRAM, subject=str(person.id), workspace=bot.id)


def _address(placed: _Placed, bot: BotAccount) -> Address:
    topic = placed.message_thread_id if placed.is_topic_message else None
    return Address(
        platform=Platform.TELEGRAM,
        chat=str(placed.chat.id),
        workspace=bot.id,
        thread=None if topic is None else str(topic),
    )


def _whole_characters(text: object) -> object:
    """JSON can spell half a surrogate pair, which no encoder downstream would take."""
    if not isinstance(text, str) or text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


Words = Annotated[str, BeforeValidator(_whole_characters)]


class _Raw(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Person(_Raw):
    id: int
    is_bot: bool = False
    language_code: str | None = None


class _Chat(_Raw):
    id: int
    type: str


class _Placed(_Raw):
    message_id: int
    chat: _Chat
    message_thread_id: int | None = None
    is_topic_message: bool = False


class _Message(_Placed):
    model_config = ConfigDict(extra="allow")

    sender: _Person | None = Field(default=None, alias="from")
    text: Words | None = Field(default=None, repr=False)
    caption: Words | None = Field(default=None, repr=False)


class _Query(_Raw):
    id: str
    sender: _Person = Field(alias="from")
    message: _Placed | None = None
    data: str | None = None


class _Envelope(_Raw):
    update_id: int
    message: _Message | None = None
    callback_query: _Query | None = None
