"""One message's way through Evenkeel, from the platform to the person's reply.

    receive   screen, then take in: one short transaction; then the platform is acknowledged
    answer    hold the conversation, load its state, let a dialog speak, commit once, send

What a person writes leaves this process only as a `ScreenedText`. The one commit of a turn is
fenced on the conversation's epoch: a worker that lost its lease writes nothing at all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.conductor import Conductor, Played, Scene, Sources
from bot.delivery import Delivery, outgoing
from bot.frames import Conversation, from_json, to_json
from bot.generation import ModelReply, ModelRequest
from bot.hearing import hear, heard_from, words_of
from bot.heartbeat import kept_alive
from bot.ids import new_id
from bot.lifeline import Lifeline
from bot.logs import where
from bot.metrics import Metrics, measured
from bot.rendering import Rendered, Renderer
from bot.updates import Update
from safety.text import Context, ScreenedText, Screening
from storage.conversations import (
    AssistantMessage,
    Committed,
    Conversations,
    Glance,
    Lease,
    Loaded,
    TurnCommit,
)
from storage.errors import (
    FencedError,
    KeyErasedError,
    StorageConfigurationError,
    StorageError,
    StorageUnavailableError,
    UpdateSpentError,
)
from storage.facts import NO_FACTS, Facts, Need
from storage.inbox import Entry, Inbox
from storage.people import People, Person
from storage.records import ErasureAsked, Purpose, RiskFound

log = logging.getLogger(__name__)

OVERTAKEN = (FencedError, KeyErasedError)
"""This turn is somebody else's now, or nobody's any more."""

PASSING = (*OVERTAKEN, StorageUnavailableError, StorageConfigurationError)
"""Errors that another worker, or the same one later, will not meet: the entry waits for them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a turn begins: what is held, what is answered, and what was loaded for it."""

    lease: Lease
    entry: Entry
    conversation: Conversation
    scene: Scene


@dataclass(frozen=True, kw_only=True)
class Turns:
    """The turn engine. `screen` and `ask_model` do the two slow things; `raise_alerts` tells the
    counselors, `erase_due` erases who asked for it; `worker` is this process's id on leases;
    `lease_seconds` how long one lasts; `locale` is for newcomers whose platform does not say
    theirs."""

    people: People
    inbox: Inbox
    conversations: Conversations
    conductor: Conductor
    renderer: Renderer
    delivery: Delivery
    lifeline: Lifeline
    metrics: Metrics
    screen: Callable[[str, Context], Awaitable[Screening]]
    ask_model: Callable[[Person, ModelRequest], Awaitable[ModelReply]]
    raise_alerts: Callable[[], Coroutine[Any, Any, None]]
    erase_due: Callable[[], Coroutine[Any, Any, None]]
    start: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
    worker: UUID
    lease_seconds: float = 30.0
    locale: str = "en"

    async def receive(self, update: Update) -> asyncio.Task[None]:
        """Take an update in. When this returns it is committed and the platform may be
        acknowledged; the returned task is the turn. A second delivery changes nothing."""
        try:
            return await self._received(update)
        except UpdateSpentError:
            return self.start(self.answer(None))
        except StorageError:
            await self.lifeline.throw(update)
            raise

    async def _received(self, update: Update) -> asyncio.Task[None]:
        """Whom we remember may have been erased since, and is somebody new then."""
        try:
            return await self._receive(update)
        except KeyErasedError:
            self.people.forget(update.identity)
            return await self._receive(update)

    async def _receive(self, update: Update) -> asyncio.Task[None]:
        locale = update.locale or self.locale
        person = await self.people.of(update.identity, locale=locale, update=update.key)
        glance = await self.conversations.glance(person)
        hearing = hear(update, await self._screened(update, glance), glance)
        with measured(self.metrics, "take_in"):
            taken = await self.inbox.take_in(
                person,
                hearing.stored,
                findings=hearing.findings,
                worker=self.worker,
                preempt=hearing.preempts,
            )
        if taken.fresh and hearing.urgent:
            self.start(self.raise_alerts())
        first = hearing.entry if taken.alone or hearing.preempts else None
        return self.start(self.answer(taken.lease, first))

    async def _screened(self, update: Update, glance: Glance) -> Screening:
        context = Context(earlier=glance.earlier, language=glance.locale)
        with measured(self.metrics, "screen"):
            return await self.screen(words_of(update), context)

    async def answer(self, lease: Lease | None, first: Entry | None = None) -> None:
        """Work off what waits in a conversation, oldest first. Without a lease somebody else
        holds it, and they look again before they let go."""
        while lease is not None:
            entry = first or await self.inbox.oldest_undone(lease)
            first = None
            if entry is None:
                await self.conversations.release(lease)
                return
            try:
                await self.turn(lease, entry)
            except OVERTAKEN:
                self.metrics.turns.labels("fenced").inc()
                return
            lease = await self.conversations.acquire_if_waiting(lease, self.worker)

    async def turn(self, lease: Lease, entry: Entry) -> None:
        """Let a dialog answer one entry, and commit everything it decided at once."""
        async with kept_alive(self.conversations, lease, self.lease_seconds):
            with measured(self.metrics, "dialog"):
                standing = self._standing(lease, entry, await self.conversations.load(lease))
                rendered = await self._played(standing)
            with measured(self.metrics, "commit"):
                committed = await self._committed(standing, rendered)
        self.metrics.turns.labels("done").inc()
        if any(found.alert for found in _found(rendered)):
            self.start(self.raise_alerts())
        with measured(self.metrics, "send"):
            await self.delivery.send(committed)
        if any(isinstance(record, ErasureAsked) for record in rendered.records):
            self.start(self.erase_due())

    def _standing(self, lease: Lease, entry: Entry, loaded: Loaded) -> Standing:
        person = loaded.person
        scene = Scene(
            id=new_id(),
            now=entry.at,
            person=person,
            heard=heard_from(entry, consented=person.agreed_to(Purpose.SERVICE)),
            sources=self._sources(lease, entry, person),
            message_id=entry.message_id,
        )
        conversation = from_json(loaded.state)
        return Standing(lease=lease, entry=entry, conversation=conversation, scene=scene)

    async def _played(self, standing: Standing) -> Rendered:
        try:
            played = await self.conductor.play(standing.conversation, standing.scene)
            return self._rendered(standing, played)
        except PASSING:
            raise
        except Exception as exc:  # noqa: BLE001 - a bug in a dialog must not leave a person alone
            return self._sorry(standing, exc)

    async def _committed(self, standing: Standing, rendered: Rendered) -> Committed:
        """What the database will never take must not be tried for ever: the person is told, and a
        risk that was found is stored all the same."""
        try:
            return await self.conversations.commit(self._commit(standing, rendered))
        except PASSING:
            raise
        except Exception as exc:  # noqa: BLE001 - as above
            sorry = self._sorry(standing, exc, _found(rendered))
            return await self.conversations.commit(self._commit(standing, sorry))

    def _sorry(
        self, standing: Standing, exc: Exception, found: tuple[RiskFound, ...] = ()
    ) -> Rendered:
        log.error("A turn failed at %s; the person was told.", where(exc))
        self.metrics.turns.labels("failed").inc()
        played = self.conductor.sorry(standing.conversation, standing.scene, found)
        return self._rendered(standing, played)

    def _rendered(self, standing: Standing, played: Played) -> Rendered:
        return self.renderer.render(
            played,
            locale=standing.scene.person.locale,
            pressed_message=standing.entry.message_ref,
            limit=self.delivery.limit(standing.entry.address),
        )

    def _sources(self, lease: Lease, entry: Entry, person: Person) -> Sources:
        async def facts(needs: frozenset[Need]) -> Facts:
            return await self.conversations.facts(lease, needs) if needs else NO_FACTS

        async def model(request: ModelRequest) -> ModelReply:
            await self.delivery.typing(entry.address)
            return await self.ask_model(person, request)

        return Sources(facts=facts, model=model)

    def _commit(self, standing: Standing, rendered: Rendered) -> TurnCommit:
        agreed = standing.scene.person.agreed_to(Purpose.SERVICE)
        label = rendered.label if agreed else None
        said = tuple(
            AssistantMessage(id=new_id(), text=message.text) for message in rendered.messages
        )
        return TurnCommit(
            lease=standing.lease,
            entry=standing.entry,
            state=to_json(rendered.conversation),
            heard=ScreenedText.authored(label) if label else None,
            said=said,
            outgoing=tuple(
                outgoing(message, row, standing.entry.address)
                for message, row in zip(rendered.messages, said, strict=True)
            ),
            records=rendered.records,
            sender=self.worker,
        )


def _found(rendered: Rendered) -> tuple[RiskFound, ...]:
    return tuple(record for record in rendered.records if isinstance(record, RiskFound))
