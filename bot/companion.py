"""Asks the language model on a dialog's behalf, and has what it says checked.

Requests are made of screened text, so placeholders are all the model ever sees. Its answer goes to
the screening process before anybody else sees it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from bot.config import Settings, reveal
from bot.generation import LanguageModel, ModelReply, ModelRequest
from prompts.render import render_prompt
from safety.replies.verdict import Exchange, Verdict, placeholders_in
from storage.people import Person

log = logging.getLogger(__name__)

Check: TypeAlias = Callable[[str, Exchange], Awaitable[Verdict]]


class Companion:
    """`check` never raises: what cannot be checked is refused."""

    def __init__(self, generator: LanguageModel | None, check: Check) -> None:
        self._generator = generator
        self._check = check

    @classmethod
    def from_settings(cls, settings: Settings, check: Check) -> Companion:
        if not settings.has_language_model:
            return cls(None, check)
        model = LanguageModel(
            model=settings.openai_model,
            api_key=reveal(settings.openai_api_key),
            base_url=settings.openai_base_url,
        )
        return cls(model, check)

    async def open(self) -> None:
        """Load the client now, so that the first person does not wait for it."""
        if self._generator is not None:
            await self._generator.open()

    async def close(self) -> None:
        if self._generator is not None:
            await self._generator.close()

    async def reply(self, person: Person, request: ModelRequest) -> ModelReply:
        """The model's answer and the verdict on it; without a model, one that says it is
        unreachable."""
        if self._generator is None:
            return ModelReply(
                text=None,
                model="",
                tokens=None,
                seconds=0.0,
                finish_reason=None,
                error="unreachable",
            )
        prompt = render_prompt(request.prompt_name, language=person.locale)
        return await self._checked(
            await self._generator.reply(request, system=prompt.text), request
        )

    async def _checked(self, reply: ModelReply, request: ModelRequest) -> ModelReply:
        if reply.text is None:
            return reply
        verdict = await self._check(reply.text, _exchange(request))
        if not verdict.allowed:
            log.warning("A reply of the model was withheld: %s.", ", ".join(verdict.reasons))
        return replace(reply, verdict=verdict)


def _exchange(request: ModelRequest) -> Exchange:
    return Exchange(
        said=tuple(message.text for message in request.messages if message.role == "user"),
        placeholders=placeholders_in(message.text for message in request.messages),
        disclosed=request.disclosed,
    )
