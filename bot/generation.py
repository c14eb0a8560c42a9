"""Calls a language model: any endpoint that speaks OpenAI's protocol, through langchain.

A request holds masked text only. Nothing here touches the database, and langchain is imported
on the first call, so that a deployment without a model never pays for it.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import os
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from bot.errors import ConfigurationError
from safety.replies.verdict import Verdict

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

OPENAI: Final = "https://api.openai.com/v1"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelMessage:
    role: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRequest:
    """What to ask: the system prompt's name and version, for the record, and the messages.
    `disclosed`: somebody at risk is known to be asking, whatever the messages say."""

    prompt_name: str
    prompt_version: str
    messages: tuple[ModelMessage, ...]
    disclosed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelReply:
    """What came back. `text` is None when the model failed; `error` then says how, in a word
    of `Failure` (`timeout`, `refused`, `malformed`, `truncated`, `unreachable`, ...). `verdict` is
    what the check said of the text; a text without one must not be said."""

    text: str | None
    model: str
    tokens: int | None
    seconds: float
    finish_reason: str | None
    error: str | None = None
    verdict: Verdict | None = None

    @property
    def withheld(self) -> bool:
        """Whether there is a text that nobody may be shown."""
        return self.text is not None and not (self.verdict and self.verdict.allowed)


class Failure(enum.StrEnum):
    """How a call can fail."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"  # 401, 403: the key is wrong
    BUSY = "busy"  # 429: too many requests, or the quota is used up
    FAILING = "failing"  # 5xx
    REJECTED = "rejected"  # any other status: an unknown model, a prompt that is too long
    MALFORMED = "malformed"  # an answer that is not what the protocol says
    TRUNCATED = "truncated"  # cut off by the token limit, or without any reason to have stopped
    EMPTY = "empty"
    REFUSED = "refused"  # the model's own refusal, or the provider's content filter
    WITHHELD = "withheld"  # answered, but our check refused what it said


_WORTH_RETRYING: Final = frozenset(
    {Failure.UNREACHABLE, Failure.BUSY, Failure.FAILING, Failure.MALFORMED}
)


class Generator(Protocol):
    """Something that can answer a request."""

    async def reply(self, request: ModelRequest, *, system: str) -> ModelReply:
        """Answer, or say how that failed. Never raises."""
        ...


class LanguageModel:
    """One model behind one base URL. `seconds` bounds a whole call with its retries, because a
    person is waiting; `first_pause` is how long the first retry waits at most, in seconds."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        seconds: float = 20.0,
        retries: int = 2,
        max_tokens: int = 600,
        first_pause: float = 0.5,
    ) -> None:
        base_url = base_url or OPENAI
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise ConfigurationError("OPENAI_BASE_URL must start with http:// or https://.")
        self._model = model
        self._base_url = base_url
        self._api_key = api_key
        self._seconds = seconds
        self._retries = retries
        self._max_tokens = max_tokens
        self._first_pause = first_pause
        self._chat: ChatOpenAI | None = None
        self._loading = asyncio.Lock()

    async def open(self) -> None:
        """Import langchain and build its client, off the event loop: that takes seconds. The
        first call does it too; a server calls it earlier so that nobody waits for it."""
        async with self._loading:
            if self._chat is None:
                self._chat = await asyncio.to_thread(self._build)

    async def reply(self, request: ModelRequest, *, system: str) -> ModelReply:
        messages = [("system", system), *((each.role, each.text) for each in request.messages)]
        started = time.perf_counter()
        try:
            await self.open()
            answer = await self._ask(messages)
        except Exception as exc:  # noqa: BLE001 - langchain lets any error of its parsers through
            seconds = time.perf_counter() - started
            return self._failed(_failure_of(exc), seconds)
        return self._read(answer, time.perf_counter() - started)

    async def close(self) -> None:
        if self._chat is not None:
            await self._chat.root_async_client.close()
            self._chat = None

    async def _ask(self, messages: list[tuple[str, str]]) -> AIMessage:
        deadline = asyncio.get_running_loop().time() + self._seconds
        async with asyncio.timeout_at(deadline):
            for attempt in range(self._retries):
                try:
                    return await self._once(messages)
                except Exception as exc:
                    pause = _asked_to_wait(exc) or self._pause(attempt)
                    too_late = asyncio.get_running_loop().time() + pause > deadline
                    if too_late or _failure_of(exc) not in _WORTH_RETRYING:
                        raise
                await asyncio.sleep(pause)
            return await self._once(messages)

    async def _once(self, messages: list[tuple[str, str]]) -> AIMessage:
        from langsmith import tracing_context

        assert self._chat is not None
        # Tracing would copy every conversation to a third party. This outranks the environment.
        with tracing_context(enabled=False, parent=False):
            return await self._chat.ainvoke(messages)

    def _pause(self, attempt: int) -> float:
        """Doubling, with jitter, so that workers that failed together do not return together."""
        return self._first_pause * 2.0**attempt * random.uniform(0.5, 1.0)

    def _read(self, answer: AIMessage, seconds: float) -> ModelReply:
        finish = answer.response_metadata.get("finish_reason")
        failure = _failure_in(answer, finish)
        if failure is not None:
            return self._failed(failure, seconds, finish)
        usage = answer.usage_metadata
        return ModelReply(
            text=answer.text.strip(),
            model=answer.response_metadata.get("model_name") or self._model,
            tokens=usage["total_tokens"] if usage else None,
            seconds=seconds,
            finish_reason=finish,
        )

    def _failed(self, failure: Failure, seconds: float, finish: str | None = None) -> ModelReply:
        _log.warning("The language model gave no answer after %.1f s: %s.", seconds, failure)
        return ModelReply(
            text=None,
            model=self._model,
            tokens=None,
            seconds=seconds,
            finish_reason=finish,
            error=failure,
        )

    def _build(self) -> ChatOpenAI:
        from langchain_openai import ChatOpenAI
        from openai import DefaultAsyncHttpxClient

        # langchain raises on these two at every call, even with tracing off.
        os.environ.pop("LANGCHAIN_TRACING", None)
        os.environ.pop("LANGCHAIN_HANDLER", None)
        key = self._api_key or "none"  # a local server needs none, but the client insists

        async def api_key() -> str:
            return key  # as a coroutine, so that langchain builds no synchronous client beside

        return ChatOpenAI(
            model=self._model,
            # Given here in any case: left out, LANGSMITH_GATEWAY could send the text elsewhere.
            base_url=self._base_url,
            api_key=api_key,
            # A redirect must not carry the text to a host that nobody configured.
            http_async_client=DefaultAsyncHttpxClient(
                timeout=self._seconds, follow_redirects=False
            ),
            max_completion_tokens=self._max_tokens,
            max_retries=0,  # its own would wait two minutes when a provider says so
            use_responses_api=False,  # compatible servers speak chat completions
            disable_streaming=True,  # langchain takes a stream that broke off for a whole answer
            cache=False,
            verbose=False,
        )


def _failure_in(answer: AIMessage, finish: str | None) -> Failure | None:
    if answer.additional_kwargs.get("refusal") or finish == "content_filter":
        return Failure.REFUSED
    if finish is None or finish in ("length", "max_tokens"):
        return Failure.TRUNCATED
    return None if answer.text.strip() else Failure.EMPTY


def _failure_of(exc: Exception) -> Failure:
    """Which failure an exception means. What is no error of the client is a parser's: a bare
    `json.JSONDecodeError`, `ValueError`, `KeyError`, `TypeError` or `IndexError`."""
    import openai

    match exc:
        case TimeoutError() | openai.APITimeoutError():
            return Failure.TIMEOUT
        case openai.APIConnectionError():
            return Failure.UNREACHABLE
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return Failure.UNAUTHORISED
        case openai.RateLimitError():
            return Failure.BUSY
        case openai.InternalServerError():
            return Failure.FAILING
        case openai.APIStatusError():
            return Failure.REJECTED
        case _:
            return Failure.MALFORMED


def _asked_to_wait(exc: Exception) -> float | None:
    """The seconds a `Retry-After` header asks for, if the answer had one as a number."""
    headers = getattr(getattr(exc, "response", None), "headers", {})
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None
