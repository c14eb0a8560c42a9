"""What Evenkeel is and what it can do. Works before consent too."""

from __future__ import annotations

from typing import ClassVar, Final

from bot.dialogs.dialog import Outcome, Turn
from bot.dialogs.question import ask, offers
from prompts.catalog import Say
from storage.facts import Need
from storage.records import Purpose

_LINES: Final = (Say("help-what"), Say("help-commands"), Say("help-urgent"))


class Help:
    name: ClassVar[str] = "help"
    commands: ClassVar[tuple[str, ...]] = ("/help", "/menu")
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        if not turn.person.agreed_to(Purpose.SERVICE):
            closed = ask(Say("help-what"), Say("help-before-consent"), choices=offers("start"))
            return Outcome(replies=(closed,))
        doors = offers("mood", "journal", "checkin", "history", "breathe", "privacy", "settings")
        return Outcome(replies=(ask(*_LINES, choices=doors),))

    def resume(self, turn: Turn) -> Outcome:
        return self.begin(turn)

    def again(self, turn: Turn) -> Outcome:
        return self.begin(turn)
