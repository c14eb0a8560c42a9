"""One run through a form, as a value: what was answered, where we are, what comes next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final, Self, cast
from uuid import UUID

from bot.dialogs.dialog import State
from bot.instruments.instrument import Form, Instruments, Item
from bot.instruments.rules import CrisisRule
from bot.instruments.scoring import Result, follow_ups, score_answers
from bot.instruments.words import meaning_key
from storage.records import Answer, AttemptAnswered, AttemptClosed, ScoreCalculated

RESULT: Final = "result"
"""Where an attempt stands once every question is answered and only the result is left to show."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """`at` is the key of the open item, or `RESULT`. `queue` are the instruments that follow.
    `acted` are the items whose crisis rule was acted on. `meant` are the values a typed answer
    may have meant, while the person is asked which."""

    id: UUID
    form: Form
    at: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    queue: tuple[str, ...] = ()
    acted: tuple[str, ...] = ()
    meant: tuple[int, ...] = ()

    @classmethod
    def new(cls, attempt: UUID, form: Form, queue: tuple[str, ...]) -> Self:
        return cls(id=attempt, form=form, at=form.scored[0].key, queue=queue)

    @classmethod
    def read(cls, state: State, instruments: Instruments) -> Self:
        """From a dialog's state. The form is the one the attempt began with."""
        stored = cast(Mapping[str, tuple[int | None, str, int]], state["answers"])
        return cls(
            id=UUID(str(state["attempt"])),
            form=instruments.form(UUID(str(state["form"]))),
            at=str(state["at"]),
            answers={key: _answer(*each) for key, each in stored.items()},
            queue=tuple(cast(list[str], state["queue"])),
            acted=tuple(cast(list[str], state["acted"])),
            meant=tuple(cast(list[int], state["meant"])),
        )

    @property
    def state(self) -> State:
        return {
            "attempt": str(self.id),
            "form": str(self.form.id),
            "at": self.at,
            "answers": {
                key: [answer.value, answer.at.isoformat(), answer.edits]
                for key, answer in self.answers.items()
            },
            "queue": list(self.queue),
            "acted": list(self.acted),
            "meant": list(self.meant),
        }

    @cached_property
    def result(self) -> Result:
        return score_answers(self.form, {key: answer.value for key, answer in self.answers.items()})

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What is asked, in order: the scored items, then those that the answers call for."""
        return (*self.form.scored, *follow_ups(self.form, self.result))

    @property
    def item(self) -> Item:
        return self.form.item(self.at)

    @property
    def place(self) -> tuple[int, int]:
        """(3, 9): the open item is the third of nine. An item that comes after the scored ones
        counts only once it is reached."""
        keys = [item.key for item in self.items]
        number = keys.index(self.at) + 1
        return number, max(number, len(self.form.scored))

    @property
    def is_first(self) -> bool:
        return self.at == self.form.scored[0].key

    def back(self) -> Self:
        keys = [item.key for item in self.items]
        return replace(self, at=keys[max(0, keys.index(self.at) - 1)], meant=())

    def answered(self, value: int | None, now: datetime) -> Self:
        """With the open item answered, or skipped (None), at the next item without an answer."""
        before = self.answers.get(self.at)
        edits = before.edits + (before.value != value) if before else 0
        answers = {**self.answers, self.at: Answer(value=value, at=now, edits=edits)}
        answered = replace(self, answers=answers, meant=())
        left = (item.key for item in answered.items if item.key not in answers)
        return replace(answered, at=next(left, RESULT))

    def crisis(self, key: str) -> CrisisRule | None:
        """The rule that an item's answer meets, unless it was acted on before."""
        answer = self.answers.get(key)
        if key in self.acted or answer is None:
            return None
        return self.form.crisis_at(key, answer.value)

    def answers_record(self) -> AttemptAnswered:
        return AttemptAnswered(id=self.id, answers=self.answers)

    def closed_record(self, turn: UUID, now: datetime) -> AttemptClosed:
        """Completed with its scores; without a total it closes with none."""
        if self.result.total.value is None:
            return AttemptClosed(id=self.id, status="expired", scores=(), at=now)
        scores = tuple(
            ScoreCalculated(
                id=_named_after(turn, line.type),
                score_type=line.type,
                value=line.value,
                band=line.band,
                interpretation=meaning_key(self.form, line.type, line.band) if line.band else "",
            )
            for line in self.result.scores
            if line.value is not None
        )
        return AttemptClosed(id=self.id, status="completed", scores=scores, at=now)


def _answer(value: int | None, at: str, edits: int) -> Answer:
    return Answer(value=value, at=datetime.fromisoformat(at), edits=edits)


def _named_after(turn: UUID, name: str) -> UUID:
    """A uuid7 of the turn's time, always the same for the same name: a turn has one id and may
    store several scores."""
    digest = hashlib.sha256(turn.bytes + name.encode()).digest()
    random_bits = int.from_bytes(digest[:8], "big") & (1 << 62) - 1
    return UUID(int=turn.int >> 62 << 62 | random_bits)
