"""Calls a language model: any endpoint that speaks OpenAI's protocol, through langchain.

A request holds masked text only. Nothing here touches the database, and langchain is imported
on the first call, so that a deployment without a model never pays for it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelMessage:
    role: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelRequest:
    """What to ask: the system prompt's name and version, for the record, and the messages."""

    prompt_name: str
    prompt_version: str
    messages: tuple[ModelMessage, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelReply:
    """What came back. `text` is None when the model failed; `error` then says how, in a word
    (`timeout`, `refused`, `malformed`, `truncated`, `unreachable`)."""

    text: str | None
    model: str
    tokens: int | None
    seconds: float
    finish_reason: str | None
    error: str | None = None
