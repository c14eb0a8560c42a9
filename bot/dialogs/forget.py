"""Being forgotten: what goes and what stays, a copy first, and two clear yeses. Works before
consent too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from bot.dialogs.dialog import Outcome, Reply, Turn
from bot.dialogs.question import MOST_TRIES, NO, YES, YES_OR_NO, answer, ask, choice, offers, tries
from prompts.catalog import Say
from storage.facts import Need
from storage.records import ErasureAsked

SURE: Final = "sure"
"""The second step: after it nothing can be taken back."""

WORDS: Final[Mapping[str, frozenset[str]]] = {
    YES: YES_OR_NO[YES]
    | {"forget me", "delete everything", "delete it", "delete"}
    | {"olvidame", "borra todo", "borralo todo", "borralo", "borrar"},
    NO: YES_OR_NO[NO] | {"keep it", "keep everything", "guardalo", "no borres nada"},
}


class Forget:
    name: ClassVar[str] = "forget"
    commands: ClassVar[tuple[str, ...]] = ("/forget",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        return Outcome(replies=(_explained(),), state={"step": "", "tries": 0})

    def resume(self, turn: Turn) -> Outcome:
        sure = turn.state.get("step") == SURE
        match answer(turn, WORDS):
            case "yes" if sure:
                return _confirmed(turn)
            case "yes":
                return Outcome(replies=(_last_question(),), state={"step": SURE, "tries": 0})
            case "no":
                return _unchanged()
        tried = tries(turn.state) + 1
        if tried >= MOST_TRIES:
            return _unchanged()
        question = _last_question() if sure else _question(Say("forget-unclear"))
        return Outcome(replies=(question,), state={**turn.state, "tries": tried})

    def again(self, turn: Turn) -> Outcome:
        if turn.state.get("step") == SURE:
            return Outcome(replies=(_last_question(),), state=turn.state)
        return self.begin(turn)


def _explained() -> Reply:
    return _question(Say("forget-what"), Say("forget-stays"), Say("forget-copy-first"))


def _question(*before: Say) -> Reply:
    answers = (choice(YES, "button-forget-me"), choice(NO, "button-forget-keep"))
    return ask(*before, Say("forget-ask"), choices=(*offers("export"), *answers))


def _last_question() -> Reply:
    answers = (choice(YES, "button-forget-everything"), choice(NO, "button-forget-keep"))
    return ask(Say("forget-sure"), choices=answers)


def _confirmed(turn: Turn) -> Outcome:
    asked = ErasureAsked(locale=turn.person.locale, region=turn.person.region)
    return Outcome(replies=(Reply(lines=(Say("forget-being-done"),)),), records=(asked,))


def _unchanged() -> Outcome:
    return Outcome(replies=(ask(Say("forget-unchanged"), choices=offers("privacy", "help")),))
