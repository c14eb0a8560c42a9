"""What every dialog is given and gives back. Dialogs are pure: values in, an `Outcome` out.

A dialog holds no sentences: a reply names messages of `prompts/locales` (`Say`) or carries
words that must be shown as they are (`Verbatim`).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol, TypeAlias
from uuid import UUID

from bot.generation import ModelReply, ModelRequest
from prompts.catalog import Say
from safety.text import NO_RISK, Risk, ScreenedText
from storage.facts import NO_FACTS, Facts, Need
from storage.people import Person
from storage.records import Record

State: TypeAlias = Mapping[str, object]
"""A dialog's own memory between turns: JSON values only. The engine seals and stores it."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Words shown exactly as they are: instrument wording, a helpline, a person's own words read
    back to them, a checked reply of a language model."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A button. With `value` it answers the question it stands under and is void as soon as that
    question has been answered; with `command` (`/mood`) it works whenever it is pressed."""

    label: Say | Verbatim
    value: str | None = None
    command: str | None = None


class Document(enum.StrEnum):
    """A file made for the person when it is sent; it is stored nowhere."""

    EXPORT = "export"  # everything kept about them


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the person sees: paragraphs, then buttons. With `edits` it takes the place of the
    message whose button was pressed, where the platform can. `progress` is (3, 9) for question
    3 of 9. `safety` replies are sent first and, when in doubt, again. `document` goes with it."""

    lines: tuple[Say | Verbatim, ...]
    choices: tuple[Choice, ...] = ()
    progress: tuple[int, int] | None = None
    edits: bool = False
    safety: bool = False
    document: Document | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """What this deployment can do, so that a dialog promises nothing else."""

    counselors: bool = False
    language_model: bool = False
    default_region: str = "US"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One turn as a dialog sees it.

    `id` is a fresh uuid7: what the turn begins (an attempt, a mood entry) is named after it.
    `said` is what the person wrote, without the command in front; `pressed` is the value of the
    button they pressed, already checked to belong to the open question. `risk` was found in
    the message `message_id`, or shown by something else when that is None. `state` is this
    dialog's own. `model` is the language model's answer to this dialog's `Outcome.ask_model`.
    """

    id: UUID
    now: datetime
    person: Person
    service: Service = Service()
    command: str | None = None
    said: ScreenedText | None = None
    pressed: str | None = None
    risk: Risk = NO_RISK
    message_id: UUID | None = None
    state: State = field(default_factory=dict)
    facts: Facts = NO_FACTS
    model: ModelReply | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a dialog decided. `state` None ends the dialog; with `paused` it is kept, set aside,
    and free text goes elsewhere until the person resumes it. `crisis` opens the crisis dialog
    in this same turn (a risk that an answer showed). `begin` opens another dialog after this
    one, in the same turn, by its command. `ask_model` asks the engine to call the language model,
    outside any transaction, and to come back with the answer."""

    replies: tuple[Reply, ...] = ()
    state: State | None = None
    paused: bool = False
    records: tuple[Record, ...] = ()
    crisis: Risk | None = None
    begin: str | None = None
    ask_model: ModelRequest | None = None


class Dialog(Protocol):
    """A conversation about one thing."""

    name: ClassVar[str]
    commands: ClassVar[tuple[str, ...]]
    needs: ClassVar[frozenset[Need]]

    def begin(self, turn: Turn) -> Outcome:
        """Open the dialog. `turn.said` holds what followed the command, if anything did."""
        ...

    def resume(self, turn: Turn) -> Outcome:
        """Go on with what the person said or pressed."""
        ...

    def again(self, turn: Turn) -> Outcome:
        """Show the open question once more, unchanged: after an interruption or a pause."""
        ...
