"""Everything else a person says. Guided by simple cues; by a language model where there is one
and the person agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from bot.dialogs.cues import Cue, cue_of
from bot.dialogs.dialog import Choice, Outcome, Reply, State, Turn, Verbatim
from bot.dialogs.question import ask, offers, variant
from bot.generation import ModelMessage, ModelRequest
from prompts.catalog import Say
from storage.facts import Need
from storage.records import Purpose

PROMPT: Final = "companion"
PROMPT_VERSION: Final = "1"
MESSAGES_SENT: Final = 12
LONGEST_SENT: Final = 2_000

REFLECTIONS: Final = 3
QUESTIONS: Final = 6
OFFER_EVERY: Final = 3

OFFERS: Final[Mapping[Cue, tuple[str, ...]]] = {
    Cue.PANIC: ("ground", "breathe"),
    Cue.WORRIED: ("breathe", "journal", "ground"),
    Cue.SLEEP: ("breathe", "journal"),
    Cue.SAD: ("journal", "mood", "checkin"),
    Cue.GRIEF: ("journal",),
    Cue.LONELY: ("journal", "mood"),
    Cue.ANGRY: ("ground", "journal"),
    Cue.TIRED: ("mood", "checkin", "breathe"),
    Cue.WORK: ("journal", "breathe"),
    Cue.PEOPLE: ("journal", "mood"),
    Cue.GOOD: ("mood", "journal"),
    Cue.DIAGNOSIS: ("checkin",),
    Cue.ABILITIES: ("mood", "journal", "checkin", "breathe"),
    Cue.OTHER: ("mood", "journal"),
}
OFFERS_AT_ONCE: Final = frozenset({Cue.PANIC, Cue.DIAGNOSIS})
WHOLE: Final = frozenset(
    {Cue.HUMAN, Cue.DIAGNOSIS, Cue.MEDICINE, Cue.ABILITIES, Cue.THANKS, Cue.GOODBYE, Cue.GREETING}
)
"""Answers that need neither a question nor an offer after them."""


class Talk:
    name: ClassVar[str] = "talk"
    commands: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[frozenset[Need]] = frozenset({Need.MESSAGES})

    def begin(self, turn: Turn) -> Outcome:
        return self.resume(turn)

    def resume(self, turn: Turn) -> Outcome:
        if turn.model is not None and turn.model.text:
            reply = Reply(lines=(Verbatim(turn.model.text),))
            return Outcome(replies=(reply,), state=turn.state)
        if turn.model is not None:
            return _guided(turn, Say("talk-model-away"))
        if turn.service.language_model and turn.person.agreed_to(Purpose.AI_CHAT) and turn.said:
            return Outcome(state=turn.state, ask_model=_request(turn, turn.said.masked))
        return _guided(turn)

    def again(self, turn: Turn) -> Outcome:
        return Outcome(replies=(Reply(lines=(Say("talk-again"),)),), state=turn.state)


def _guided(turn: Turn, *before: Say) -> Outcome:
    """A reflection, then one small offer or one open question; never the wording used last."""
    cue = cue_of(turn.said.masked) if turn.said else Cue.OTHER
    turns = _turns(turn.state) + 1
    last = turn.state.get("reflection") if turn.state.get("cue") == cue else None
    reflection = variant(turn, REFLECTIONS, last)
    question = variant(turn, QUESTIONS, turn.state.get("question"))
    second, choices = _second(cue, turns, question)
    lines = (*before, Say(f"talk-{cue.value}-{reflection}"), *second)
    reply = ask(*lines, choices=choices) if choices else Reply(lines=lines)
    state: State = {
        "turns": turns,
        "cue": cue.value,
        "reflection": reflection,
        "question": question,
    }
    return Outcome(replies=(reply,), state=state)


def _second(cue: Cue, turns: int, question: int) -> tuple[tuple[Say, ...], tuple[Choice, ...]]:
    offered = OFFERS.get(cue, ())
    if cue is Cue.ABILITIES:
        return (), offers(*offered)
    if offered and (cue in OFFERS_AT_ONCE or turns % OFFER_EVERY == 0):
        name = offered[turns // OFFER_EVERY % len(offered)]
        return (Say(f"talk-offer-{name}"),), offers(name)
    if cue in WHOLE:
        return (), ()
    return (Say(f"talk-question-{question}"),), ()


def _turns(state: State) -> int:
    turns = state.get("turns", 0)
    return turns if isinstance(turns, int) else 0


def _request(turn: Turn, said: str) -> ModelRequest:
    """The last messages, oldest first, masked as they are stored, ending with this one."""
    earlier = [
        ModelMessage(role=message.role, text=message.text[:LONGEST_SENT])
        for message in reversed(turn.facts.messages[:MESSAGES_SENT])
        if message.role in ("user", "assistant") and message.text.strip()
    ]
    now = ModelMessage(role="user", text=said[:LONGEST_SENT])
    if earlier and earlier[-1] == now:
        earlier.pop()
    return ModelRequest(prompt_name=PROMPT, prompt_version=PROMPT_VERSION, messages=(*earlier, now))
