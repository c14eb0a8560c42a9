"""Where a conversation stands: the dialogs that are open, the newest on top.

A conversation always has `talk` at the bottom. A command or a crisis puts a dialog on top; when
that ends, the one below goes on. A paused dialog keeps its place and is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogs.dialog import State

BOTTOM = "talk"
DEEPEST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """A button of the open question, as it was shown: what typing the same words means. `value`
    is the answer, or `!` and a command."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One open dialog. `command` opened it; `nonce` marks its newest question, so that a button
    of an older one is known to be stale; `offered` are that question's buttons."""

    dialog: str
    command: str = ""
    state: State = field(default_factory=dict)
    nonce: str = ""
    paused: bool = False
    offered: tuple[Offered, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """The open dialogs, from the bottom up."""

    frames: tuple[Frame, ...] = (Frame(dialog=BOTTOM),)

    @property
    def active(self) -> Frame:
        """The dialog that free text goes to."""
        return next(frame for frame in reversed(self.frames) if not frame.paused)

    def find(self, dialog: str, *, command: str | None = None) -> Frame | None:
        """The newest open frame of a dialog, and if given, opened by that command."""
        for frame in reversed(self.frames):
            if frame.dialog == dialog and command in (None, frame.command):
                return frame
        return None

    def paused_top(self) -> Frame | None:
        """The dialog that was paused last."""
        return next((frame for frame in reversed(self.frames) if frame.paused), None)

    def put_on_top(self, frame: Frame) -> Conversation:
        """Open a frame, or bring an open one back up. Beyond a sane depth the oldest goes."""
        rest = tuple(each for each in self.frames if each is not frame)
        if frame.dialog == BOTTOM:
            return Conversation((frame, *rest))
        bottom, others = rest[:1], rest[1:]
        return Conversation((*bottom, *others[-(DEEPEST - 2) :], frame))

    def swap(self, old: Frame, new: Frame) -> Conversation:
        return Conversation(tuple(new if each is old else each for each in self.frames))

    def close(self, frame: Frame) -> Conversation:
        """End a dialog. `talk` never ends; it only forgets."""
        if frame.dialog == BOTTOM:
            return self.swap(frame, Frame(dialog=BOTTOM))
        return Conversation(tuple(each for each in self.frames if each is not frame))

    def pause_all(self) -> Conversation:
        """Set everything but `talk` aside, as a crisis does."""
        bottom, *others = self.frames
        return Conversation((bottom, *(replace(frame, paused=True) for frame in others)))


def to_json(conversation: Conversation) -> dict[str, Any]:
    return {
        "frames": [
            {
                "dialog": frame.dialog,
                "command": frame.command,
                "state": dict(frame.state),
                "nonce": frame.nonce,
                "paused": frame.paused,
                "offered": [[each.label, each.value] for each in frame.offered],
            }
            for frame in conversation.frames
        ]
    }


def from_json(stored: Mapping[str, Any]) -> Conversation:
    """Read a stored conversation; an empty mapping is a new one."""
    frames = tuple(
        Frame(
            dialog=each["dialog"],
            command=each["command"],
            state=each["state"],
            nonce=each["nonce"],
            paused=each["paused"],
            offered=tuple(Offered(label=label, value=value) for label, value in each["offered"]),
        )
        for each in stored.get("frames", ())
    )
    return Conversation(frames) if frames else Conversation()
