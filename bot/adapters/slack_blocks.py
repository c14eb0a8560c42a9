"""A message as Block Kit blocks, within Slack's limits
(https://docs.slack.dev/reference/block-kit/blocks): a section's text 3000 characters, 25 elements
in an actions block, 75 characters on a button, 50 blocks in a message.

All text is `plain_text`, so that neither what a person wrote nor what we quote is formatted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from bot.adapters.adapter import Button, Message
from bot.adapters.slack_text import escape, units

SECTION = 3000
LABEL = 75
ELEMENTS = 25

Block: TypeAlias = dict[str, Any]


def blocks_of(message: Message) -> list[Block]:
    sections = [{"type": "section", "text": _plain(part)} for part in _parts(message.text, SECTION)]
    return [*_progress(message.progress), *sections, *_actions(message.buttons)]


def _progress(progress: tuple[int, int] | None) -> Iterator[Block]:
    if progress is not None:
        done, of = progress
        yield {"type": "context", "elements": [_plain(f"{done}/{of}")]}


def _actions(buttons: Sequence[Button]) -> Iterator[Block]:
    """Buttons in rows of 25. An action id is unique in its message; the data is in the value."""
    for start in range(0, len(buttons), ELEMENTS):
        row = buttons[start : start + ELEMENTS]
        yield {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "action_id": f"choice_{number}",
                    "text": _plain(_clipped(button.label)),
                    "value": button.data,
                }
                for number, button in enumerate(row, start)
            ],
        }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": escape(text), "emoji": True}


def _clipped(label: str) -> str:
    first, *more = _parts(label, LABEL) or [""]
    return next(iter(_parts(label, LABEL - 1))) + "…" if more else first


def _parts(text: str, limit: int) -> list[str]:
    """Text in parts that fit once escaped: a message of our limit full of `&` is five sections."""
    if units(escape(text)) <= limit:
        return [text] if text else []
    parts, size = [""], 0
    for character in text:
        cost = units(escape(character))
        if size + cost > limit:
            parts.append("")
            size = 0
        parts[-1] += character
        size += cost
    return parts
