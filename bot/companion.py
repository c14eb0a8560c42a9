"""Asks the language model on a dialog's behalf: renders the system prompt, masks nothing anew.

Requests are made of screened text, so placeholders are all the model ever sees.
"""

from __future__ import annotations

from bot.config import Settings, reveal
from bot.generation import LanguageModel, ModelReply, ModelRequest
from prompts.render import render_prompt
from storage.people import Person


class Companion:
    def __init__(self, generator: LanguageModel | None) -> None:
        self._generator = generator

    @classmethod
    def from_settings(cls, settings: Settings) -> Companion:
        if not settings.has_language_model:
            return cls(None)
        return cls(
            LanguageModel(
                model=settings.openai_model,
                api_key=reveal(settings.openai_api_key),
                base_url=settings.openai_base_url,
            )
        )

    async def open(self) -> None:
        """Load the client now, so that the first person does not wait for it."""
        if self._generator is not None:
            await self._generator.open()

    async def close(self) -> None:
        if self._generator is not None:
            await self._generator.close()

    async def reply(self, person: Person, request: ModelRequest) -> ModelReply:
        """The model's answer; without a model, one that says it is unreachable."""
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
        return await self._generator.reply(request, system=prompt.text)
