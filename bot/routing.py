"""Chooses who answers: crisis > command > button of an open dialog > active dialog > talk.

Pure: a conversation and what was heard in, a `Route` out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.frames import Conversation, Frame
from bot.updates import OtherKind
from prompts.catalog import Say
from safety.text import Risk, ScreenedText

CRISIS = "crisis"
ONBOARDING = "onboarding"
OPEN_BEFORE_CONSENT = frozenset({CRISIS, "help", "export", "forget"})
ALWAYS = "!"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What reached us: words, or a button's data, or something that is neither. All three are
    None when words were taken in before consent and are gone since. `unscreened` words could not
    be screened, so nobody knows what they say."""

    text: ScreenedText | None = None
    press: str | None = None
    other: OtherKind | None = None
    risk: Risk
    unscreened: bool = False
    consented: bool


class How(StrEnum):
    """Which of a dialog's methods answers."""

    BEGIN = "begin"
    RESUME = "resume"
    AGAIN = "again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """A dialog and the method to call; `frame` is the open one, or None for a new one. `label` is
    what a pressed button said, to be kept as the person's message."""

    dialog: str
    how: How
    frame: Frame | None = None
    command: str = ""
    said: ScreenedText | None = None
    pressed: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Set the active dialog aside."""

    frame: Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """End the active dialog without finishing it."""

    frame: Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The engine itself answers, with one message."""

    say: Say


Decision = Route | Pause | Stop | Notice


class Router:
    """`commands` maps a command (`/mood`) to the dialog that knows it."""

    def __init__(self, commands: Mapping[str, str]) -> None:
        self._commands = commands

    def decide(self, conversation: Conversation, heard: Heard) -> Decision:
        if heard.other is not None:
            return Notice(say=Say(f"other-{heard.other.value}"))
        if heard.press is not None:
            return self._pressed(conversation, heard, heard.press)
        if heard.text is None:
            return self._where_we_were(conversation, heard)
        if not heard.text.masked.strip():
            return Notice(say=Say("empty-text"))
        if heard.text.masked.lstrip().startswith("/"):
            return self._command(conversation, heard, heard.text)
        return self._free_text(conversation, heard, heard.text)

    def _where_we_were(self, conversation: Conversation, heard: Heard) -> Route:
        frame = self._gate(conversation, heard)
        if frame is None:
            return Route(dialog=ONBOARDING, how=How.BEGIN, command="/start")
        return Route(dialog=frame.dialog, how=How.AGAIN, frame=frame, command=frame.command)

    def _gate(self, conversation: Conversation, heard: Heard) -> Frame | None:
        """The frame that free text goes to. Before consent that is a dialog which needs none, or
        onboarding: a yes to an export must not be taken for a consent."""
        if heard.consented or conversation.active.dialog in OPEN_BEFORE_CONSENT:
            return conversation.active
        return conversation.find(ONBOARDING)

    def _free_text(self, conversation: Conversation, heard: Heard, text: ScreenedText) -> Decision:
        frame = self._gate(conversation, heard)
        if frame is None:
            return Route(dialog=ONBOARDING, how=How.BEGIN, command="/start")
        value = _typed_choice(frame, text.masked)
        if value is not None and value.startswith(ALWAYS):
            return self._pressed(conversation, heard, value)
        return Route(
            dialog=frame.dialog,
            how=How.RESUME,
            frame=frame,
            command=frame.command,
            said=None if value else text,
            pressed=value,
        )

    def _pressed(self, conversation: Conversation, heard: Heard, data: str) -> Decision:
        if data.startswith(ALWAYS) and data.removeprefix(ALWAYS).strip():
            text = ScreenedText.authored(data.removeprefix(ALWAYS))
            return self._command(conversation, heard, text)
        dialog, _, rest = data.partition(":")
        nonce, _, value = rest.partition(":")
        frame = conversation.find(dialog)
        offered = {each.value: each.label for each in frame.offered} if frame else {}
        if frame is None or frame.nonce != nonce or value not in offered or not nonce:
            return Notice(say=Say("stale-button"))
        return Route(
            dialog=dialog,
            how=How.RESUME,
            frame=frame,
            command=frame.command,
            pressed=value,
            label=offered[value],
        )

    def _command(self, conversation: Conversation, heard: Heard, text: ScreenedText) -> Decision:
        stripped = text.masked.lstrip()
        word = stripped.split(maxsplit=1)[0]
        command = word.lower().replace("-", "_")
        rest = text.from_offset(len(text.masked) - len(stripped) + len(word))
        if command in ("/pause", "/stop", "/cancel", "/resume"):
            return self._engine_command(conversation, heard, command)
        dialog = self._commands.get(command)
        if dialog is None:
            return Notice(say=Say("unknown-command"))
        if not heard.consented and dialog not in OPEN_BEFORE_CONSENT:
            return self._where_we_were(conversation, heard)
        frame = conversation.find(dialog, command=None if dialog == CRISIS else command)
        if frame is None:
            said = rest if rest.masked else None
            return Route(dialog=dialog, how=How.BEGIN, command=command, said=said)
        if rest.masked:
            return Route(dialog=dialog, how=How.RESUME, frame=frame, command=command, said=rest)
        # who asks for help is answered, not just asked again
        how = How.RESUME if dialog == CRISIS else How.AGAIN
        return Route(dialog=dialog, how=how, frame=frame, command=command)

    def _engine_command(self, conversation: Conversation, heard: Heard, command: str) -> Decision:
        if command == "/resume":
            frame = conversation.paused_top() or _above_talk(conversation)
            if frame is None:
                return Notice(say=Say("nothing-to-resume"))
            return Route(dialog=frame.dialog, how=How.AGAIN, frame=frame, command=frame.command)
        frame = _above_talk(conversation)
        if frame is None or not heard.consented:
            return Notice(say=Say("nothing-to-pause"))
        return Pause(frame=frame) if command == "/pause" else Stop(frame=frame)


def _above_talk(conversation: Conversation) -> Frame | None:
    """The active dialog, unless that is only talk."""
    active = conversation.active
    return active if active is not conversation.frames[0] else None


def _typed_choice(frame: Frame, words: str) -> str | None:
    """Typing a button's words is pressing it."""
    typed = words.strip().casefold()
    return next((each.value for each in frame.offered if each.label.casefold() == typed), None)
