"""What a Slack workspace holds, and the methods of its Web API: state without a network."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.peers.slack_blocks import IN_VIEW, elements, problems

BOT_TOKEN = "xoxb-1-loopback-secret"
APP_TOKEN = "xapp-1-loopback-secret"
TEAM, APP, BOT_ID, BOT_USER = "T0TEAM", "A0APP", "B0BOT", "U0BOT"
LONGEST_TEXT = 40_000
SCOPES = frozenset({"chat:write", "files:write", "im:history", "im:write"})


@dataclass(kw_only=True)
class Upload:
    """A file on its way: announced, then uploaded (`content`), then shown in a channel."""

    id: str
    name: str
    length: int
    content: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A message in a channel; `edits` counts how often it was edited."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: Sequence[Mapping[str, Any]] = ()
    thread: str | None = None
    metadata: Mapping[str, Any] | None = None
    edits: int = 0
    files: Sequence[Upload] = ()

    @property
    def shown(self) -> str:
        """The words of the sections, as a person sees them."""
        sections = [each["text"]["text"] for each in self.blocks if each["type"] == "section"]
        return unescaped("".join(sections) if self.blocks else self.text)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(unescaped(each["text"]["text"]) for each in elements(self.blocks))


class ApiError(Exception):
    def __init__(self, error: str, messages: Sequence[str] = ()) -> None:
        super().__init__(error)
        self.error, self.messages = error, messages


class Workspace:
    """`archived` are the channels that take no more messages; `homes` and `modals` the views that
    were shown; `scopes` what the app may do. `new_connection` gives the address of a fresh web
    socket, `upload_url` the one that a file is uploaded to."""

    def __init__(self, new_connection: Callable[[], str], upload_url: Callable[[str], str]) -> None:
        self.scopes = set(SCOPES)
        self.uploads: dict[str, Upload] = {}
        self._upload_url = upload_url
        self.archived: set[str] = set()
        self.homes: dict[str, Any] = {}
        self.modals: list[Any] = []
        self.news: defaultdict[str, asyncio.Queue[Posted]] = defaultdict(asyncio.Queue)
        self._new_connection = new_connection
        self._messages: dict[str, dict[str, Posted]] = {}
        self._numbers = itertools.count(1)
        self._triggers: set[str] = set()

    def channel(self, channel: str) -> tuple[Posted, ...]:
        return tuple(self._messages.get(channel, {}).values())

    def add(self, channel: str, user: str, text: str, **more: Any) -> Posted:
        message = Posted(channel=channel, ts=self.ts(), user=user, text=text, **more)
        self._messages.setdefault(channel, {})[message.ts] = message
        return message

    def number(self) -> int:
        return next(self._numbers)

    def ts(self) -> str:
        number = self.number()
        return f"{1_700_000_000 + number}.{number:06d}"

    def trigger(self) -> str:
        """A trigger id, which opens one modal."""
        trigger = f"{self.number()}.738474920.8088930838d88f008e0"
        self._triggers.add(trigger)
        return trigger

    def answer(self, method: str, arguments: dict[str, Any], bearer: str) -> dict[str, Any]:
        methods: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._connections_open,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.open": self._open,
            "files.getUploadURLExternal": self._upload_begun,
            "files.completeUploadExternal": self._upload_shown,
            "views.open": self._views_open,
            "views.publish": self._views_publish,
        }
        if method not in methods:
            return refused("unknown_method")
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if bearer != f"Bearer {token}":
            return refused("invalid_auth" if bearer else "not_authed")
        try:
            return {"ok": True, **methods[method](arguments)}
        except ApiError as exc:
            return refused(exc.error, exc.messages)

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        names = {"url": "https://loopback.invalid/", "team": "loopback", "user": "evenkeel"}
        return {**names, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID}

    def _connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"url": self._new_connection()}

    def _post_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(arguments.get("channel"))
        text, blocks = _content(arguments)
        thread, metadata = arguments.get("thread_ts"), arguments.get("metadata")
        message = self.add(channel, BOT_USER, text, blocks=blocks, thread=thread, metadata=metadata)
        self.news[channel].put_nowait(message)
        return {"channel": channel, "ts": message.ts, "message": as_json(message)}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel, ts = str(arguments.get("channel")), arguments.get("ts")
        if not channel.startswith(("D", "C", "G")):
            raise ApiError("channel_not_found")
        old = self._messages.get(channel, {}).get(str(ts))
        if old is None:
            raise ApiError("message_not_found")
        if old.user != BOT_USER:
            raise ApiError("cant_update_message")
        text, blocks = _content(arguments)
        message = replace(old, text=text, blocks=blocks, edits=old.edits + 1)
        self._messages[channel][message.ts] = message
        self.news[channel].put_nowait(message)
        return {"channel": channel, "ts": message.ts, "text": text, "message": as_json(message)}

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(arguments.get("channel"))
        limit, oldest = int(arguments.get("limit", 100)), str(arguments.get("oldest", "0"))
        latest = str(arguments.get("cursor") or arguments.get("latest") or "9")
        newest_first = [
            each for each in reversed(self.channel(channel)) if oldest < each.ts < latest
        ]
        page = newest_first[:limit]
        more = len(newest_first) > limit
        cursor = {"next_cursor": page[-1].ts if more else ""}
        messages = [as_json(each) for each in page]
        return {"messages": messages, "has_more": more, "response_metadata": cursor}

    def _open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": self._channel(arguments.get("users"))}}

    def uploaded(self, file_id: str, content: bytes) -> bool:
        """Take a file's bytes; False when they are not what was announced."""
        upload = self.uploads.get(file_id)
        if upload is None or upload.content is not None or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def _upload_begun(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._check_scope("files:write")
        name, length = str(arguments.get("filename") or ""), str(arguments.get("length") or "")
        if not name or not length.isdigit() or int(length) < 1:
            raise ApiError("invalid_arguments")
        upload = Upload(id=f"F{self.number():08d}", name=name, length=int(length))
        self.uploads[upload.id] = upload
        return {"upload_url": self._upload_url(upload.id), "file_id": upload.id}

    def _upload_shown(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Files that were uploaded, shown in a channel. A person's id is none, unlike elsewhere."""
        self._check_scope("files:write")
        channel = str(arguments.get("channel_id"))
        if not channel.startswith(("D", "C", "G")):
            raise ApiError("invalid_channel")
        self._channel(channel)
        named = json.loads(arguments.get("files") or "[]")
        uploads = [self.uploads.get(str(each.get("id"))) for each in named]
        files = [each for each in uploads if each is not None and each.content is not None]
        if not files or len(files) < len(named):
            raise ApiError("file_not_found")
        text = arguments.get("initial_comment") or ""
        thread = arguments.get("thread_ts")
        message = self.add(channel, BOT_USER, text, thread=thread, files=tuple(files))
        self.news[channel].put_nowait(message)
        return {"files": [{"id": each["id"], "title": each.get("title")} for each in named]}

    def _check_scope(self, scope: str) -> None:
        if scope not in self.scopes:
            raise ApiError("missing_scope")

    def _views_open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        trigger = str(arguments.get("trigger_id"))
        if trigger not in self._triggers:
            raise ApiError("expired_trigger_id")
        self._triggers.discard(trigger)
        self.modals.append(_view(arguments, "modal"))
        return {"view": self.modals[-1]}

    def _views_publish(self, arguments: dict[str, Any]) -> dict[str, Any]:
        view = self.homes[str(arguments.get("user_id"))] = _view(arguments, "home")
        return {"view": view}

    def _channel(self, named: object) -> str:
        """A person's id stands for their direct channel."""
        channel = str(named)
        if channel in self.archived:
            raise ApiError("is_archived")
        if channel.startswith("U"):
            return direct(channel)
        if channel not in self._messages:
            raise ApiError("channel_not_found")
        return channel


def direct(user: str) -> str:
    """The direct channel between a person and the bot."""
    return f"D{user[1:]}"


def _content(arguments: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The text and blocks of a message. Raises ApiError for what Slack would not take."""
    text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > LONGEST_TEXT:
        raise ApiError("msg_too_long")
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    if found := problems(blocks):
        raise ApiError("invalid_blocks", found)
    return text, blocks


def _view(arguments: Mapping[str, Any], kind: str) -> dict[str, Any]:
    view = arguments.get("view")
    view = json.loads(view) if isinstance(view, str) else view
    if not isinstance(view, dict) or view.get("type") != kind:
        raise ApiError("invalid_arguments")
    if found := problems(view.get("blocks"), most=IN_VIEW):
        raise ApiError("invalid_arguments", found)
    return view


def refused(error: str, messages: Sequence[str] = ()) -> dict[str, Any]:
    more = {"response_metadata": {"messages": list(messages)}} if messages else {}
    return {"ok": False, "error": error, **more}


def as_json(message: Posted) -> dict[str, Any]:
    ours = {"bot_id": BOT_ID, "app_id": APP} if message.user == BOT_USER else {}
    more = {"thread_ts": message.thread} if message.thread else {}
    return {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
        "team": TEAM,
        **ours,
        **more,
    }


def event_of(message: Posted) -> dict[str, Any]:
    """The message event that Slack sends for it."""
    return {**as_json(message), "channel": message.channel, "event_ts": message.ts}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
