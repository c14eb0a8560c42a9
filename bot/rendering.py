"""Puts replies into the person's language and makes messages of them, ready to be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.adapters.adapter import Button, Message
from bot.conductor import Played, Spoken
from bot.dialogs.dialog import Choice, Reply, Verbatim
from bot.frames import Conversation, Offered
from bot.routing import ALWAYS
from prompts.catalog import Catalog, Say
from storage.records import AttemptClosed, ConsentRecorded, ProfileChanged, Record

PARAGRAPH = "\n\n"
BREAKS = ("\n\n", "\n", " ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendered:
    """`conversation` remembers the buttons as they were shown; `label` is the one pressed."""

    conversation: Conversation
    messages: tuple[Message, ...]
    records: tuple[Record, ...]
    label: str | None = None


class Renderer:
    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def render(
        self, played: Played, *, locale: str, pressed_message: str | None, limit: int
    ) -> Rendered:
        """Messages of at most `limit` UTF-16 units each. `pressed_message` is the platform's id
        of the message whose button was pressed, which a reply that edits takes the place of."""
        locale = _locale_after(played.records, locale)
        conversation = played.conversation
        messages: list[Message] = []
        for spoken in played.spoken:
            conversation = self._remember_buttons(conversation, spoken, locale)
            messages.extend(self._messages(spoken, locale, pressed_message, limit))
        records = tuple(self._worded(record, locale) for record in played.records)
        return Rendered(
            conversation=conversation,
            messages=tuple(messages),
            records=records,
            label=played.label,
        )

    def words(self, line: Say | Verbatim, locale: str) -> str:
        return line.words if isinstance(line, Verbatim) else self._catalog.render(line, locale)

    def text(self, reply: Reply, locale: str) -> str:
        return PARAGRAPH.join(self.words(line, locale) for line in reply.lines)

    def _messages(
        self, spoken: Spoken, locale: str, pressed_message: str | None, limit: int
    ) -> Iterator[Message]:
        reply = spoken.reply
        parts = list(split(self.text(reply, locale), limit))
        buttons = tuple(self._button(choice, spoken, locale) for choice in reply.choices)
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            yield Message(
                text=part,
                buttons=buttons if last else (),
                dialog=spoken.dialog,
                progress=reply.progress if last else None,
                replaces=pressed_message if reply.edits and number == 1 else None,
                safety=reply.safety,
                document=reply.document if last else None,
            )

    def _button(self, choice: Choice, spoken: Spoken, locale: str) -> Button:
        label = self.words(choice.label, locale)
        if choice.command is not None:
            return Button(label=label, data=_value(choice))
        return Button(label=label, data=f"{spoken.dialog}:{spoken.nonce}:{_value(choice)}")

    def _remember_buttons(
        self, conversation: Conversation, spoken: Spoken, locale: str
    ) -> Conversation:
        """Only the newest question of a frame can be answered, so only its buttons are kept. What
        a dialog offers at its end is kept at the bottom, so that it can be typed as well."""
        if not spoken.reply.choices:
            return conversation
        frame = conversation.find(spoken.dialog)
        asked = frame is not None and frame.nonce == spoken.nonce
        frame = frame if frame is not None and asked else conversation.frames[0]
        offered = tuple(
            Offered(label=self.words(choice.label, locale), value=_value(choice))
            for choice in spoken.reply.choices
            if asked or choice.command is not None
        )
        return conversation.swap(frame, replace(frame, offered=offered))

    def _worded(self, record: Record, locale: str) -> Record:
        """Consents and interpretations are stored in the words that the person was shown."""
        match record:
            case ConsentRecorded():
                key = record.text.partition("@")[0]
                return replace(record, text=self._catalog.render(Say(key), locale))
            case AttemptClosed():
                scores = tuple(
                    replace(
                        score,
                        interpretation=self._catalog.render(Say(score.interpretation), locale),
                    )
                    if score.interpretation
                    else score
                    for score in record.scores
                )
                return replace(record, scores=scores)
            case _:
                return record


def _value(choice: Choice) -> str:
    """A command works whenever it is pressed; a value only answers the question it stands under."""
    return f"{ALWAYS}{choice.command}" if choice.command is not None else choice.value or ""


def _locale_after(records: tuple[Record, ...], locale: str) -> str:
    """Who changes the language is answered in the new one."""
    changed = (each.locale for each in records if isinstance(each, ProfileChanged) and each.locale)
    return next(changed, locale)


def split(text: str, limit: int) -> Iterator[str]:
    """Cut a text into parts of at most `limit` UTF-16 units, at a paragraph, a line or a space
    where there is one. The same text is always cut in the same places."""
    rest = text
    while _units(rest) > limit:
        cut = _last_fit(rest, limit)
        window = rest[:cut]
        at = next((at for mark in BREAKS if (at := window.rfind(mark)) > cut // 2), cut)
        yield rest[:at].rstrip()
        rest = rest[at:].lstrip()
    yield rest


def _units(text: str) -> int:
    """Length as Telegram and Slack count it: characters beyond the BMP count twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _last_fit(text: str, limit: int) -> int:
    """How many characters of `text` fit into `limit` UTF-16 units."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return index
    return len(text)
