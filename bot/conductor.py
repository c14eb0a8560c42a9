"""Leads the dialogs through one turn: calls the chosen one, opens the next, collects what they say.

It does no I/O of its own: what a dialog wants to see and what it asks of a language model come
through the two functions of `Sources`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from bot.dialogs.dialog import Dialog, Outcome, Reply, Service, Turn, Verbatim
from bot.dialogs.help_card import card_lines
from bot.frames import BOTTOM, Conversation, Frame
from bot.generation import Failure, ModelReply, ModelRequest
from bot.ids import new_id
from bot.routing import CRISIS, ONBOARDING, Decision, Heard, How, Notice, Pause, Route, Router, Stop
from bot.withheld import disclosure, in_its_place, refusal
from prompts.catalog import Say
from safety.text import NO_RISK, Domain, Risk
from storage.facts import Facts, Need
from storage.people import Person
from storage.records import ErasureAsked, ModelRan, Record, RiskFound, RiskSource

MOST_STEPS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Where facts and a model's answers come from."""

    facts: Callable[[frozenset[Need]], Awaitable[Facts]]
    model: Callable[[ModelRequest], Awaitable[ModelReply]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spoken:
    """One reply and the frame that said it; `frame` is None when the engine itself speaks. The
    nonce marks the question that the reply's buttons belong to."""

    reply: Reply
    dialog: str = ""
    nonce: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What a turn came to: where the conversation stands, what is said, what is stored."""

    conversation: Conversation
    spoken: tuple[Spoken, ...] = ()
    records: tuple[Record, ...] = ()
    label: str | None = None

    def then(self, later: Played) -> Played:
        return Played(
            conversation=later.conversation,
            spoken=self.spoken + later.spoken,
            records=self.records + later.records,
            label=self.label,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A dialog's outcome and what the engine adds to it. `risk` is what the person disclosed
    before a reply that was withheld: the crisis dialog speaks next."""

    outcome: Outcome
    records: tuple[Record, ...] = ()
    risk: Risk | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """What stays the same through a turn. `message_id` is the message that was heard."""

    id: UUID
    now: datetime
    person: Person
    heard: Heard
    sources: Sources
    message_id: UUID | None = None


class Conductor:
    def __init__(self, dialogs: Mapping[str, Dialog], service: Service) -> None:
        self._dialogs = dialogs
        self._service = service
        self._commands = {
            command: name for name, dialog in dialogs.items() for command in dialog.commands
        }
        self._router = Router(self._commands)

    async def play(self, conversation: Conversation, scene: Scene) -> Played:
        """One turn. A risk in the person's words outranks what they were doing, but what they
        were doing is still kept: a mood logged in despair is a mood logged."""
        risk = scene.heard.risk
        if scene.heard.unscreened:
            return Played(conversation=conversation, spoken=(self._say_it_again(scene),))
        decision = self._router.decide(conversation, scene.heard)
        if not (risk.calls_for_humans or risk.calls_for_a_question):
            return await self._carry_out(conversation, scene, decision)
        if isinstance(decision, Route) and decision.dialog == CRISIS:
            return await self._carry_out(conversation, scene, decision)
        kept = await self._kept_quietly(conversation, scene, decision)
        return kept.then(await self._crisis(kept.conversation, scene, risk))

    def sorry(
        self, conversation: Conversation, scene: Scene, found: tuple[RiskFound, ...] = ()
    ) -> Played:
        """What is said when a turn failed. Somebody at risk gets the helplines all the same, and
        what was `found` is kept."""
        risks = (scene.heard.risk, *(each.risk for each in found))
        risk = max(risks, key=lambda each: each.severity)
        card = self._card(scene, risk.domain) if risk.calls_for_humans else ()
        reply = Reply(lines=(Say("went-wrong"), *card), safety=bool(card))
        return Played(conversation=conversation, spoken=(Spoken(reply=reply),), records=found)

    def _say_it_again(self, scene: Scene) -> Spoken:
        """Nobody knows what was said, so the helplines come with the question."""
        lines = (Say("screening-failed"), *self._card(scene, Domain.NONE))
        return Spoken(reply=Reply(lines=lines, safety=True))

    def _card(self, scene: Scene, domain: Domain) -> tuple[Say | Verbatim, ...]:
        person = scene.person
        region = self._service.default_region
        return card_lines(person.region, domain, region, locale=person.locale)

    async def _kept_quietly(
        self, conversation: Conversation, scene: Scene, decision: Decision
    ) -> Played:
        """Do what the person asked for, without a word, before the crisis dialog speaks."""
        if not isinstance(decision, Route) or decision.dialog in (BOTTOM, ONBOARDING, CRISIS):
            return Played(conversation=conversation)
        calm = replace(scene, heard=replace(scene.heard, risk=NO_RISK))
        played = await self._perform(conversation, calm, decision)
        return replace(played, spoken=())

    async def _carry_out(
        self, conversation: Conversation, scene: Scene, decision: Decision
    ) -> Played:
        match decision:
            case Route(dialog=dialog, frame=None) if dialog == CRISIS:
                return await self._perform(conversation.pause_all(), scene, decision)
            case Route():
                return await self._perform(conversation, scene, decision)
            case Notice(say=say):
                return _notice(conversation, say)
            case Pause(frame=frame):
                paused = conversation.swap(frame, replace(frame, paused=True))
                return _notice(paused, Say("paused"))
            case Stop(frame=frame):
                return _notice(conversation.close(frame), Say("stopped"))
        assert_never(decision)

    async def _crisis(self, conversation: Conversation, scene: Scene, risk: Risk) -> Played:
        """Open the crisis dialog, or go on with it; everything else is set aside. A risk that an
        answer showed was not found in the words of the message."""
        frame = conversation.find(CRISIS)
        how = How.RESUME if frame is conversation.active else How.BEGIN
        aside = conversation if frame is conversation.active else conversation.pause_all()
        frame = aside.find(CRISIS)
        found_in = scene.message_id if risk is scene.heard.risk else None
        scene = replace(scene, heard=replace(scene.heard, risk=risk), message_id=found_in)
        route = Route(dialog=CRISIS, how=how, frame=frame, command="/crisis", said=scene.heard.text)
        return await self._perform(aside, scene, route)

    async def _perform(
        self, conversation: Conversation, scene: Scene, route: Route, steps: int = MOST_STEPS
    ) -> Played:
        """Call a dialog, put its frame where it belongs, and follow where it leads."""
        frame = route.frame or Frame(dialog=route.dialog, command=route.command)
        asked = await self._ask(conversation, scene, route, frame)
        outcome = asked.outcome
        nonce = new_id().hex[-8:]
        after = _settle(conversation, frame, outcome, nonce)
        spoken = tuple(
            Spoken(reply=reply, dialog=route.dialog, nonce=nonce) for reply in outcome.replies
        )
        played = Played(
            conversation=after,
            spoken=spoken,
            records=(*outcome.records, *asked.records),
            label=route.label,
        )
        if asked.risk is not None:
            return played.then(await self._crisis(played.conversation, scene, asked.risk))
        if steps == 0:
            return played
        return await self._follow(played, scene, route, outcome, steps - 1)

    async def _follow(
        self, played: Played, scene: Scene, route: Route, outcome: Outcome, steps: int
    ) -> Played:
        if outcome.crisis is not None:
            said = route.dialog == CRISIS
            source = RiskSource.TEXT if said else RiskSource.ASSESSMENT_ITEM
            found = RiskFound(id=new_id(), source=source, risk=outcome.crisis, alert=True)
            flagged = replace(played, records=(*played.records, found))
            return flagged.then(await self._crisis(played.conversation, scene, outcome.crisis))
        quiet = replace(scene, heard=replace(scene.heard, risk=NO_RISK, text=None))
        if outcome.begin is not None:
            dialog = self._commands[outcome.begin]
            begin = Route(dialog=dialog, how=How.BEGIN, command=outcome.begin)
            return played.then(await self._perform(played.conversation, quiet, begin, steps))
        if any(isinstance(record, ErasureAsked) for record in outcome.records):
            return played  # nobody will be there to answer an open question
        below = played.conversation.active
        if outcome.state is None and below.dialog not in (BOTTOM, route.dialog):
            again = Route(dialog=below.dialog, how=How.AGAIN, frame=below, command=below.command)
            return played.then(await self._perform(played.conversation, quiet, again, steps))
        return played

    async def _ask(
        self, conversation: Conversation, scene: Scene, route: Route, frame: Frame
    ) -> Asked:
        """The dialog's outcome; when it wants a language model, ask that and come back. A reply
        that must not be said never comes back to the dialog."""
        dialog = self._dialogs[route.dialog]
        facts = await scene.sources.facts(dialog.needs)
        turn = Turn(
            id=scene.id,
            now=scene.now,
            person=scene.person,
            service=self._service,
            command=route.command or None,
            said=route.said,
            pressed=route.pressed,
            risk=scene.heard.risk,
            message_id=scene.message_id,
            state=frame.state,
            facts=facts,
        )
        outcome: Outcome = getattr(dialog, route.how.value)(turn)
        if outcome.ask_model is None:
            return Asked(outcome=outcome)
        known = conversation.find(CRISIS) is not None
        request = replace(outcome.ask_model, disclosed=known)
        answer = await scene.sources.model(request)
        ran = _ran(request, answer)
        state = outcome.state if outcome.state is not None else frame.state
        if answer.withheld:
            said = in_its_place(turn, state, answer)
            records = (ran, refusal(answer))
            return Asked(outcome=said, records=records, risk=disclosure(answer))
        final = dialog.resume(replace(turn, state=state, model=answer))
        return Asked(outcome=final, records=(ran,))


def _settle(conversation: Conversation, frame: Frame, outcome: Outcome, nonce: str) -> Conversation:
    if outcome.state is None:
        return conversation.close(frame)
    question = next((reply for reply in reversed(outcome.replies) if reply.choices), None)
    updated = replace(
        frame,
        state=outcome.state,
        paused=outcome.paused,
        nonce=nonce if question else frame.nonce,
    )
    if frame in conversation.frames and frame.dialog == BOTTOM:
        return conversation.swap(frame, updated)
    if frame in conversation.frames:
        return conversation.swap(frame, updated).put_on_top(updated)
    return conversation.put_on_top(updated)


def _notice(conversation: Conversation, say: Say) -> Played:
    return Played(conversation=conversation, spoken=(Spoken(reply=Reply(lines=(say,))),))


def _ran(request: ModelRequest, reply: ModelReply) -> ModelRan:
    prompt = "\n".join(f"{message.role}: {message.text}" for message in request.messages)
    return ModelRan(
        id=new_id(),
        model=reply.model,
        prompt_name=request.prompt_name,
        prompt_version=request.prompt_version,
        prompt=prompt,
        response=reply.text,
        tokens=reply.tokens,
        seconds=reply.seconds,
        finish_reason=reply.finish_reason,
        error=Failure.WITHHELD if reply.withheld else reply.error,
    )
