"""Short exercises a person can do while reading: slow breathing, and grounding by the senses."""

from __future__ import annotations

from typing import ClassVar

from bot.dialogs.dialog import Outcome, Turn
from bot.dialogs.question import ask, offers
from prompts.catalog import Say
from storage.facts import Need


class Exercise:
    name: ClassVar[str] = "exercise"
    commands: ClassVar[tuple[str, ...]] = ("/breathe", "/ground")
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        which = "ground" if turn.command == "/ground" else "breathe"
        other = "breathe" if which == "ground" else "ground"
        lines = tuple(Say(f"exercise-{which}-{part}") for part in ("intro", "steps", "end"))
        return Outcome(replies=(ask(*lines, choices=offers(other, "mood")),))

    def resume(self, turn: Turn) -> Outcome:
        return self.begin(turn)

    def again(self, turn: Turn) -> Outcome:
        return self.begin(turn)
