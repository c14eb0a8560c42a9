"""What Slack's payloads mean, as updates. Pure, and total: no payload makes it raise.

Shapes: https://docs.slack.dev/reference/events/message.im (events),
https://docs.slack.dev/interactivity/implementing-slash-commands (commands) and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload (buttons).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot.adapters.slack_text import read
from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.addresses import Address, Identity, Platform

SPOKEN = frozenset({"", "file_share", "me_message", "thread_broadcast"})
"""Subtypes of messages that a person wrote. Edits, deletions, joins and all others are left."""

_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_COMMAND = re.compile(r"/[\w-]{1,64}", re.ASCII)


def update_of(payload: Mapping[str, object], *, at: datetime, bot_user: str = "") -> Update | None:
    """The update that a payload means; None for what wants no answer: our own and other bots'
    messages, edits and deletions, talk in channels, and kinds of payload we did not ask for."""
    match payload.get("type"):
        case "event_callback":
            return _from_event(payload, at, bot_user)
        case "block_actions":
            return _from_press(payload, at)
        case _ if "command" in payload:
            return _from_command(payload, at)
        case _:
            return None


def _from_event(payload: Mapping[str, object], at: datetime, bot_user: str) -> Update | None:
    event = payload.get("event")
    if not isinstance(event, Mapping) or _is_automatic(event, bot_user):
        return None
    content = _content(event)
    if content is None:
        return None
    thread = _id(event, "thread_ts")
    if content == Other(OtherKind.GROUP):  # the hint belongs under the mention
        thread = thread or _id(event, "ts")
    return _update(
        kind="event",
        own_id=_id(payload, "event_id"),
        team=_id(payload, "team_id"),
        user=_id(event, "user"),
        chat=_id(event, "channel"),
        thread=thread or None,
        content=content,
        at=at,
    )


def _is_automatic(event: Mapping[str, object], bot_user: str) -> bool:
    user = _id(event, "user")
    return bool(event.get("bot_id") or event.get("bot_profile")) or user in {bot_user, "USLACKBOT"}


def _content(event: Mapping[str, object]) -> Said | Other | None:
    if event.get("type") == "app_mention":
        return None if _is_direct(event) else Other(OtherKind.GROUP)
    spoken = event.get("type") == "message" and _text(event, "subtype") in SPOKEN
    if not spoken or not _is_direct(event):
        return None
    text = read(_text(event, "text"))
    # Words beside a file are words: a cry for help under a photo must be heard.
    return Said(text) if text.strip() else Other(_kind_of(event.get("files")))


def _is_direct(event: Mapping[str, object]) -> bool:
    """`message.im` names its channel type; a mention does not, but a direct channel begins
    with D."""
    kind = _text(event, "channel_type")
    return kind == "im" if kind else _id(event, "channel").startswith("D")


def _kind_of(files: object) -> OtherKind:
    if not isinstance(files, list) or not files:
        return OtherKind.UNKNOWN
    kind = _text(files[0], "mimetype")
    if kind.startswith("image/"):
        return OtherKind.PHOTO
    if kind.startswith("audio/") or _text(files[0], "subtype") == "slack_audio":
        return OtherKind.VOICE
    return OtherKind.DOCUMENT


def _from_command(payload: Mapping[str, object], at: datetime) -> Update | None:
    """A command can be given in any channel, where others would read the answer, or even in a
    talk between two people that looks just like ours: so the answer goes to the person, whose
    own id Slack takes for their direct channel."""
    command = _COMMAND.fullmatch(_text(payload, "command"))
    if command is None:
        return None
    words = read(_text(payload, "text")).strip()
    user = _id(payload, "user_id")
    return _update(
        kind="command",
        own_id=_id(payload, "trigger_id"),
        team=_id(payload, "team_id"),
        user=user,
        chat=user,
        thread=None,
        # Slack's names take dashes, Telegram's only underscores; the registry knows the latter.
        content=Said(f"{command[0].replace('-', '_')} {words}".rstrip()),
        at=at,
    )


def _from_press(payload: Mapping[str, object], at: datetime) -> Update | None:
    """A press in our direct channel. One in another channel is nobody's: all would see the
    answer."""
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    channel = _id(payload, "channel", "id") or _id(payload, "container", "channel_id")
    when, data = _id(action, "action_ts"), _text(action, "value")
    if not (when and data and channel.startswith("D")):
        return None
    message = _id(payload, "container", "message_ts") or _id(payload, "message", "ts")
    thread = _id(payload, "container", "thread_ts") or _id(payload, "message", "thread_ts")
    return _update(
        kind="action",
        own_id=f"{channel}:{when}",
        team=_id(payload, "team", "id") or _id(payload, "user", "team_id"),
        user=_id(payload, "user", "id"),
        chat=channel,
        thread=thread or None,
        content=Pressed(data=read(data), message=message or None),
        at=at,
    )


def _update(
    *,
    kind: str,
    own_id: str,
    team: str,
    user: str,
    chat: str,
    thread: str | None,
    content: Said | Pressed | Other,
    at: datetime,
) -> Update | None:
    """None when Slack left out what names the update: it could be neither kept apart from its
    redeliveries nor answered."""
    if not (own_id and team and user and chat):
        return None
    return Update(
        key=f"slack:{team}:{kind}:{own_id}",
        identity=Identity(platform=Platform.SLACK, subject=user, workspace=team),
        address=Address(platform=Platform.SLACK, chat=chat, workspace=team, thread=thread),
        content=content,
        at=at,
    )


def _text(payload: object, *path: str) -> str:
    for name in path:
        payload = payload.get(name) if isinstance(payload, Mapping) else None
    return payload if isinstance(payload, str) else ""


def _id(payload: object, *path: str) -> str:
    """An id or timestamp of Slack's; empty when it is absent or is not one."""
    found = _text(payload, *path)
    return found if _ID.fullmatch(found) else ""
