"""How a question with buttons is made and how a typed answer to it is understood.

Typing a button's own words is turned into the press by the engine; here are the other words that
people use for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.dialogs.dialog import Choice, Reply, State, Turn, Verbatim
from prompts.catalog import Say

HELP_NOW: Final = Choice(label=Say("button-help-now"), command="/help_now")
CONTINUE: Final = Choice(label=Say("button-continue"), command="/resume")
PAUSE: Final = Choice(label=Say("button-pause"), command="/pause")

MOST_TRIES: Final = 2
YES: Final = "yes"
NO: Final = "no"
PAUSE_WORDS: Final = frozenset({"pause", "pausa", "later", "not now", "luego", "ahora no"})
YES_OR_NO: Final[Mapping[str, frozenset[str]]] = {
    YES: frozenset(
        {"y", "yes", "yes please", "yeah", "yep", "yup", "ok", "okay", "sure", "i agree", "agree"}
        | {"s", "si", "claro", "vale", "de acuerdo", "acepto", "estoy de acuerdo", "si por favor"}
    ),
    NO: frozenset(
        {"n", "no", "nope", "no thanks", "no thank you", "rather not", "i dont agree", "disagree"}
        | {"no gracias", "mejor no", "prefiero no", "no acepto", "no estoy de acuerdo"}
    ),
}

_NOT_WORDS: Final = re.compile(r"[^\w\s]+")


def say(key: str, **args: str | int | float | datetime) -> Say:
    return Say(key, args)


def choice(value: str, label: str | Verbatim) -> Choice:
    """An answer to the open question; `label` is a message's key or words to show as they are."""
    return Choice(label=Say(label) if isinstance(label, str) else label, value=value)


def offers(*names: str) -> tuple[Choice, ...]:
    """Buttons that open other dialogs: `mood` is `offer-mood`, and opens `/mood`."""
    return tuple(Choice(label=Say(f"offer-{name}"), command=f"/{name}") for name in names)


def ask(
    *lines: Say | Verbatim,
    choices: tuple[Choice, ...],
    edits: bool = False,
    progress: tuple[int, int] | None = None,
) -> Reply:
    """A reply with buttons. Help now is on every keyboard."""
    return Reply(lines=lines, choices=(*choices, HELP_NOW), edits=edits, progress=progress)


def yes_no(*lines: Say | Verbatim, more: tuple[Choice, ...] = (), edits: bool = False) -> Reply:
    choices = (choice(YES, "button-yes"), choice(NO, "button-no"), *more)
    return ask(*lines, choices=choices, edits=edits)


def answer(turn: Turn, words: Mapping[str, frozenset[str]] = YES_OR_NO) -> str | None:
    """The button that was pressed, or the one that the typed words stand for."""
    if turn.pressed is not None:
        return turn.pressed
    typed = plain(turn.said.masked) if turn.said else ""
    return next((value for value, known in words.items() if typed in known), None)


def tries(state: State) -> int:
    """How often the open question was answered with something else. No question holds a person
    fast: after `MOST_TRIES` it is let go."""
    count = state.get("tries", 0)
    return count if isinstance(count, int) else 0


def plain(text: str) -> str:
    """Words to compare with: no case, accents, punctuation or doubled spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_NOT_WORDS.sub("", bare).split())


def variant(turn: Turn, how_many: int, last: object = None) -> int:
    """Which of several wordings to use, counted from 1: fixed by the turn, never `last` again."""
    chosen = turn.id.int % how_many + 1
    if chosen == last and how_many > 1:
        return chosen % how_many + 1
    return chosen
