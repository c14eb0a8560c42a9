"""Where a reply goes and whom a platform says it is. Here because both are stored (sealed)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


class Platform(enum.StrEnum):
    TELEGRAM = "telegram"
    SLACK = "slack"
    CONSOLE = "console"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A place on a platform: `chat` is a Telegram chat id or a Slack channel id, `workspace` the
    bot or team it belongs to, `thread` a topic or thread within the chat."""

    platform: Platform
    chat: str
    workspace: str = ""
    thread: str | None = None

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """An address as it was stored: `dataclasses.asdict` of one."""
        return cls(**{**stored, "platform": Platform(stored["platform"])})


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Who a platform says this is. `subject` is the platform's own user id."""

    platform: Platform
    subject: str = field(repr=False)
    workspace: str = ""
