"""Everything that is kept about a person, as a file in their hands. Works before consent too."""

from __future__ import annotations

from typing import ClassVar, Final

from bot.dialogs.dialog import Document, Outcome, Reply, Turn
from bot.dialogs.question import MOST_TRIES, answer, say, tries, yes_no
from prompts.catalog import Say
from storage.facts import Need

MINUTES_BETWEEN: Final = 5
"""A person gets at most one export in this time, so that nobody can keep a worker busy."""


class Export:
    name: ClassVar[str] = "export"
    commands: ClassVar[tuple[str, ...]] = ("/export",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        return self.again(turn)

    def resume(self, turn: Turn) -> Outcome:
        match answer(turn):
            case "yes":
                file = Reply(lines=(Say("export-file"),), document=Document.EXPORT)
                return Outcome(replies=(file,))
            case "no":
                return Outcome(replies=(Reply(lines=(Say("export-not-now"),)),))
        tried = tries(turn.state) + 1
        if tried >= MOST_TRIES:
            return Outcome(replies=(Reply(lines=(Say("export-unclear"),)),))
        return Outcome(replies=(yes_no(Say("export-sure")),), state={"tries": tried})

    def again(self, turn: Turn) -> Outcome:
        question = yes_no(
            Say("export-ask"),
            say("export-in-the-clear", minutes=MINUTES_BETWEEN),
            Say("export-sure"),
        )
        return Outcome(replies=(question,), state={"tries": 0})
