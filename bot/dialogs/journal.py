"""A journal entry: one message or several, kept together until the person is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

from bot.dialogs.dialog import Outcome, Reply, State, Turn
from bot.dialogs.question import ask, choice, offers, plain, say
from prompts.catalog import Say
from safety.text import ScreenedText
from storage.facts import Need
from storage.records import JournalWritten

DONE: Final = "done"
DISCARD: Final = "discard"
LONGEST: Final = 20_000
_DONE_WORDS: Final = frozenset(
    {"done", "im done", "end", "finish", "listo", "lista", "fin", "ya esta"}
)


class Journal:
    name: ClassVar[str] = "journal"
    commands: ClassVar[tuple[str, ...]] = ("/journal",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        if turn.said is None:
            return self.again(turn)
        return _stored(turn, turn.said)

    def resume(self, turn: Turn) -> Outcome:
        parts = _parts(turn.state)
        if turn.pressed == DISCARD:
            return Outcome(replies=(Reply(lines=(Say("journal-discarded"),), edits=True),))
        if _is_done(turn):
            return _stored(turn, _together(parts)) if parts else _nothing_written(turn)
        if turn.said is None:
            return self.again(turn)
        parts = (*parts, turn.said)
        entry = _together(parts)
        if len(entry.masked) >= LONGEST:
            return _stored(turn, entry)
        heard = ask(say("journal-heard", parts=len(parts)), choices=_CHOICES)
        return Outcome(replies=(heard,), state=_state(parts))

    def again(self, turn: Turn) -> Outcome:
        parts = _parts(turn.state)
        line = say("journal-still-open", parts=len(parts)) if parts else Say("journal-ask")
        return Outcome(replies=(ask(line, choices=_CHOICES),), state=_state(parts))


_CHOICES: Final = (choice(DONE, "button-done"), choice(DISCARD, "button-discard"))


def _is_done(turn: Turn) -> bool:
    typed = plain(turn.said.masked) if turn.said else ""
    return turn.pressed == DONE or typed in _DONE_WORDS


def _nothing_written(turn: Turn) -> Outcome:
    return Outcome(replies=(Reply(lines=(Say("journal-empty"),), edits=turn.pressed is not None),))


def _stored(turn: Turn, entry: ScreenedText) -> Outcome:
    words = len(entry.masked.split())
    reply = ask(
        say("journal-saved", words=words),
        Say("journal-private"),
        choices=offers("mood", "history"),
        edits=turn.pressed is not None,
    )
    record = JournalWritten(id=turn.id, text=entry, at=turn.now)
    return Outcome(replies=(reply,), records=(record,))


def _together(parts: Iterable[ScreenedText]) -> ScreenedText:
    """One text of several. A placeholder stands for the same value through a conversation, so
    the originals of all parts fit together."""
    listed = tuple(parts)
    originals = {tag: value for part in listed for tag, value in part.originals.items()}
    return ScreenedText.stored("\n".join(part.masked for part in listed), originals)


def _state(parts: Iterable[ScreenedText]) -> State:
    """Masked words and originals apart; the engine seals the state before it stores it."""
    return {"parts": [{"masked": p.masked, "originals": dict(p.originals)} for p in parts]}


def _parts(state: State) -> tuple[ScreenedText, ...]:
    stored = state.get("parts", ())
    if not isinstance(stored, list):
        return ()
    return tuple(_part(each) for each in stored if isinstance(each, Mapping))


def _part(stored: Mapping[str, object]) -> ScreenedText:
    originals = stored.get("originals")
    return ScreenedText.stored(
        str(stored["masked"]), dict(originals) if isinstance(originals, Mapping) else {}
    )
