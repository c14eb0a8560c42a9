"""Every word a person reads, from Fluent files (`prompts/locales/<language>/*.ftl`).

Fluent is Mozilla's translation format: translators know it, tools (Pontoon, Weblate, Crowdin)
read it, and a message is found by a key, so code holds no sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Say:
    """A message of the catalogue by its key, with its arguments."""

    key: str
    args: Mapping[str, str | int | float | datetime] = field(default_factory=dict)
