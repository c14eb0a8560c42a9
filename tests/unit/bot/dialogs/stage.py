"""A stage for one dialog: turns go in, and whatever comes out is put into words in every language,
so that a message that is missing, or lacks an argument, fails the test that reaches it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from bot.dialogs.dialog import Dialog, Outcome, Reply, Service, State, Turn, Verbatim
from bot.ids import new_id
from bot.instruments.instrument import Instruments, load_instruments
from prompts.catalog import Catalog, Say
from safety.text import NO_RISK, Domain, Risk, ScreenedText, Severity
from storage.facts import NO_FACTS, Facts
from storage.people import Person
from storage.records import AttemptClosed, ConsentRecorded, ProfileChanged, Purpose

LANGUAGES = ("en", "es")
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@cache
def catalog() -> Catalog:
    return Catalog.load()


@cache
def instruments() -> Instruments:
    return load_instruments()


def person(**changes: Any) -> Person:
    """Someone who agreed to the service and lives in Spain."""
    settled: dict[str, Any] = {
        "id": new_id(),
        "conversation_id": new_id(),
        "region": "ES",
        "consents": frozenset({Purpose.SERVICE}),
    }
    return Person(**{**settled, **changes})


def stranger(**changes: Any) -> Person:
    """Someone who was never here."""
    return person(consents=frozenset(), region=None, is_new=True, **changes)


def risk(severity: Severity, domain: Domain = Domain.SUICIDE) -> Risk:
    return Risk(severity=severity, domain=domain, score=0.9, reasons=("a test",))


@dataclass
class Stage:
    """Plays one dialog, keeping its state from turn to turn as the engine does. `message_id` is
    the message of the next turn."""

    dialog: Dialog
    person: Person = field(default_factory=person)
    service: Service = field(default_factory=Service)
    facts: Facts = NO_FACTS
    state: State | None = None
    command: str | None = None
    message_id: UUID | None = None
    now: datetime = NOON
    outcomes: list[Outcome] = field(default_factory=list)

    def begin(self, command: str, said: str | None = None, risk: Risk = NO_RISK) -> Outcome:
        self.command = command
        turn = self._turn(said=said, pressed=None, risk=risk)
        return self._note(self.dialog.begin(turn))

    def say(self, words: str, risk: Risk = NO_RISK) -> Outcome:
        return self._note(self.dialog.resume(self._turn(said=words, pressed=None, risk=risk)))

    def press(self, value: str, risk: Risk = NO_RISK) -> Outcome:
        """Press a button of the open question. That it is there is part of every test."""
        offered = {choice.value for reply in self.last.replies for choice in reply.choices}
        assert value in offered, f"{value} is not among {offered}"
        return self._note(self.dialog.resume(self._turn(said=None, pressed=value, risk=risk)))

    def again(self) -> Outcome:
        return self._note(self.dialog.again(self._turn(said=None, pressed=None, risk=NO_RISK)))

    def resumed_by(self, command: str) -> Outcome:
        """The dialog's command, without words, while it is open."""
        self.command = command
        return self._note(self.dialog.resume(self._turn(said=None, pressed=None, risk=NO_RISK)))

    @property
    def last(self) -> Outcome:
        return self.outcomes[-1]

    def _turn(self, *, said: str | None, pressed: str | None, risk: Risk) -> Turn:
        self.now += timedelta(seconds=10)
        return Turn(
            id=new_id(),
            now=self.now,
            person=self.person,
            service=self.service,
            command=self.command,
            said=None if said is None else ScreenedText.stored(said),
            pressed=pressed,
            risk=risk,
            message_id=self.message_id,
            state=self.state or {},
            facts=self.facts,
        )

    def _note(self, outcome: Outcome) -> Outcome:
        self.outcomes.append(outcome)
        self.state = outcome.state
        for record in outcome.records:
            self._keep(record)
        check_words(outcome)
        return outcome

    def _keep(self, record: object) -> None:
        match record:
            case ProfileChanged(locale=locale, region=region):
                self.person = replace(
                    self.person,
                    locale=locale or self.person.locale,
                    region=region or self.person.region,
                )
            case ConsentRecorded(purpose=purpose, granted=True):
                self.person = replace(self.person, consents=self.person.consents | {purpose})
            case ConsentRecorded(purpose=purpose):
                self.person = replace(self.person, consents=self.person.consents - {purpose})


def check_words(outcome: Outcome) -> None:
    """Everything that is said, offered or stored by key has words in every language."""
    for language in LANGUAGES:
        for reply in outcome.replies:
            assert words(reply, language)
            for choice in reply.choices:
                assert text(choice.label, language)
                assert (choice.value is None) != (choice.command is None)
        for key in _keys_stored(outcome):
            assert catalog().render(Say(key), language)


def _keys_stored(outcome: Outcome) -> Iterable[str]:
    for record in outcome.records:
        if isinstance(record, ConsentRecorded):
            yield record.text.partition("@")[0]
        if isinstance(record, AttemptClosed):
            yield from (score.interpretation for score in record.scores)


def text(line: Say | Verbatim, language: str = "en") -> str:
    return line.words if isinstance(line, Verbatim) else catalog().render(line, language)


def words(reply: Reply, language: str = "en") -> str:
    return "\n\n".join(text(line, language) for line in reply.lines)


def all_words(outcome: Outcome, language: str = "en") -> str:
    return "\n\n".join(words(reply, language) for reply in outcome.replies)


def keys(outcome: Outcome) -> list[str]:
    """The keys of everything that was said, in order."""
    return [line.key for reply in outcome.replies for line in reply.lines if isinstance(line, Say)]


def values(outcome: Outcome) -> list[str]:
    """The values of all buttons."""
    return [c.value for reply in outcome.replies for c in reply.choices if c.value is not None]


def commands(outcome: Outcome) -> list[str]:
    """The commands of all buttons."""
    return [c.command for reply in outcome.replies for c in reply.choices if c.command is not None]
