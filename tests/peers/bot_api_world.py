"""What lies behind the Bot API: people, their chats with one bot, and unconfirmed updates."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
QUERY_SECONDS = 150.0


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was uploaded. Its content is not printed."""

    name: str
    kind: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A message as the person sees it now, after all edits; of a file the caption is the text."""

    id: int
    by_bot: bool
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    edits: int = 0
    document: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(itertools.chain.from_iterable(self.buttons))


@dataclass(kw_only=True)
class _Posted:
    raw: Json
    by_bot: bool
    edits: int = 0

    def shown(self) -> Shown:
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return Shown(
            id=self.raw["message_id"],
            by_bot=self.by_bot,
            text=self.raw.get("text", self.raw.get("caption", "")),
            buttons=tuple(tuple(button["text"] for button in row) for row in rows),
            edits=self.edits,
            document=self.raw.get("document", {}).get("file_name", ""),
        )


@dataclass(kw_only=True)
class TelegramWorld:
    bot_id: int = 81234
    username: str = "evenkeel_test_bot"
    pending: list[Any] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    webhook: str = ""
    wanted: list[str] = field(default_factory=list)
    menus: dict[str, list[Json]] = field(default_factory=dict)
    documents: dict[int, list[Upload]] = field(default_factory=dict)
    _chats: dict[int, list[_Posted]] = field(default_factory=dict)
    _queries: dict[str, float] = field(default_factory=dict)
    _message_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _update_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(50_001))

    # What people do

    def say(self, user_id: int, text: str, language: str = "en") -> Json:
        message = self.message(user_id, language=language, text=text)
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        self._chats[user_id].append(_Posted(raw=message, by_bot=False))
        self.push(message=message)
        return message

    def press(self, user_id: int, label: str, language: str = "en") -> str:
        """Press the newest button with that label. Returns the id of the callback query."""
        message, data = self._button(user_id, label)
        query = f"{self.bot_id}{len(self._queries) + 1:08d}"
        self._queries[query] = time.monotonic()
        self.push(
            callback_query={
                "id": query,
                "from": person(user_id, language),
                "chat_instance": str(user_id),
                "message": message,
                "data": data,
            }
        )
        return query

    def push(self, **content: Any) -> int:
        """An update of any kind, such as `push(message=...)`, which is kept for the bot unless it
        said that it wants other kinds only. Returns its `update_id`."""
        number = next(self._update_ids)
        if not self.wanted or set(content) & set(self.wanted):
            self.pending.append({"update_id": number, **content})
        return number

    def message(
        self, user_id: int, *, chat_id: int | None = None, language: str = "en", **content: Any
    ) -> Json:
        """What a person posts in their own chat with the bot, or in a group; the bot may write
        there from now on."""
        chat = user_id if chat_id is None else chat_id
        self._chats.setdefault(chat, [])
        return {
            "message_id": next(self._message_ids),
            "from": person(user_id, language),
            "chat": chat_of(chat),
            "date": int(time.time()),
            **content,
        }

    def chat(self, chat_id: int) -> list[Shown]:
        return [posted.shown() for posted in self._chats.get(chat_id, [])]

    def forget_queries(self) -> None:
        """As if more than `QUERY_SECONDS` had passed since every press so far."""
        self._queries = dict.fromkeys(self._queries, -QUERY_SECONDS)

    def delete(self, chat_id: int, message_id: int) -> None:
        self._chats[chat_id] = [
            posted for posted in self._chats[chat_id] if posted.raw["message_id"] != message_id
        ]

    # What the bot does

    def knows(self, chat_id: int) -> bool:
        return chat_id in self._chats

    def post(self, chat_id: int, text: str, markup: Json | None) -> Json:
        return self._post(chat_id, {"text": text}, markup)

    def post_document(
        self, chat_id: int, upload: Upload, caption: str, markup: Json | None
    ) -> Json:
        """Files go to `documents`, by chat, as they came."""
        posted = self.documents.setdefault(chat_id, [])
        posted.append(upload)
        number = f"{chat_id}-{len(posted)}"
        document = {
            "file_id": f"file-{number}",
            "file_unique_id": number,
            "file_name": upload.name,
            "mime_type": upload.kind,
            "file_size": len(upload.content),
        }
        said = {"caption": caption} if caption else {}
        return self._post(chat_id, {"document": document, **said}, markup)

    def _post(self, chat_id: int, content: Json, markup: Json | None) -> Json:
        message: Json = {
            "message_id": next(self._message_ids),
            "from": self.me(),
            "chat": chat_of(chat_id),
            "date": int(time.time()),
            **content,
        }
        if markup:
            message["reply_markup"] = markup
        self._chats[chat_id].append(_Posted(raw=message, by_bot=True))
        return message

    def edit(self, chat_id: int, message_id: int, text: str, markup: Json | None) -> Json | str:
        """The edited message, or the reason why it is not."""
        posted = self._posted(chat_id, message_id)
        if posted is None:
            return "message to edit not found"
        if not posted.by_bot:
            return "message can't be edited"
        if "text" not in posted.raw:
            return "there is no text in the message to edit"
        if (text, markup) == (posted.raw["text"], posted.raw.get("reply_markup")):
            return (
                "message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        posted.raw = {**posted.raw, "text": text, "edit_date": int(time.time())}
        posted.raw.pop("reply_markup", None)
        if markup:
            posted.raw["reply_markup"] = markup
        posted.edits += 1
        return posted.raw

    def answer(self, query: str) -> bool:
        """True while Telegram remembers the query."""
        asked = self._queries.get(query, -QUERY_SECONDS)
        return time.monotonic() - asked < QUERY_SECONDS

    def confirm(self, offset: int) -> None:
        """Forget everything below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [each for each in self.pending if _number(each) >= offset]

    def me(self) -> Json:
        return {
            "id": self.bot_id,
            "is_bot": True,
            "first_name": "Evenkeel",
            "username": self.username,
        }

    def _posted(self, chat_id: int, message_id: int) -> _Posted | None:
        messages = self._chats.get(chat_id, [])
        return next((each for each in messages if each.raw["message_id"] == message_id), None)

    def _button(self, user_id: int, label: str) -> tuple[Json, str]:
        for posted in reversed(self._chats.get(user_id, [])):
            rows = posted.raw.get("reply_markup", {}).get("inline_keyboard", [])
            for button in itertools.chain.from_iterable(rows):
                if button["text"] == label:
                    return posted.raw, button["callback_data"]
        raise LookupError(f"Person {user_id} sees no button {label!r}.")


def person(user_id: int, language: str = "en") -> Json:
    return {
        "id": user_id,
        "is_bot": False,
        "first_name": f"Person {user_id}",
        "language_code": language,
    }


def chat_of(chat_id: int) -> Json:
    """Groups have negative ids."""
    if chat_id < 0:
        return {"id": chat_id, "type": "group", "title": f"Group {-chat_id}"}
    return {"id": chat_id, "type": "private", "first_name": f"Person {chat_id}"}


def _number(update: Any) -> int:
    """An update so broken that it has no number is never confirmed."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else 2**62
