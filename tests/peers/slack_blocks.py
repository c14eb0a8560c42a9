"""What Slack refuses in blocks and views, with its documented limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

IN_MESSAGE, IN_VIEW = 50, 100
KNOWN = {"section", "actions", "context", "divider", "header", "image", "input", "rich_text"}


def problems(blocks: object, *, most: int = IN_MESSAGE) -> list[str]:
    """What is wrong, as Slack's `response_metadata.messages` would say; empty when all is well."""
    if not isinstance(blocks, list):
        return ["blocks must be an array"]
    found = [f"no more than {most} items allowed"] if len(blocks) > most else []
    for number, block in enumerate(blocks):
        found += [f"{each} [json-pointer:/blocks/{number}]" for each in _block(block)]
    if found:
        return found
    names = [element.get("action_id") for element in elements(blocks)]
    return [] if len(names) == len(set(names)) else ["action_id is not unique"]


def elements(blocks: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The buttons of a message."""
    for block in blocks:
        if block.get("type") == "actions":
            yield from block.get("elements") or []


def _block(block: Any) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in KNOWN:
        yield "unsupported block type"
    elif kind == "section":
        yield from _text(block.get("text"), 3000, ("plain_text", "mrkdwn"))
    elif kind == "header":
        yield from _text(block.get("text"), 150, ("plain_text",))
    elif kind == "context":
        yield from _many(block.get("elements"), 10)
    elif kind == "actions":
        yield from _many(block.get("elements"), 25)
        for element in block.get("elements") or []:
            yield from _button(element)


def _many(found: Any, most: int) -> Iterator[str]:
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        yield f"must have 1 to {most} elements"


def _button(element: dict[str, Any]) -> Iterator[str]:
    if element.get("type") != "button":
        yield "unsupported element"
    yield from _text(element.get("text"), 75, ("plain_text",))
    if len(element.get("value", "")) > 2000 or len(element.get("action_id", "")) > 255:
        yield "value or action_id is too long"


def _text(found: Any, most: int, kinds: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(found, dict) or found.get("type") not in kinds:
        yield f"text must be one of {kinds}"
        return
    text = found.get("text")
    units = len(text.encode("utf-16-le")) // 2 if isinstance(text, str) else 0
    if not 1 <= units <= most:
        yield f"text must have 1 to {most} characters"
    own = "emoji" if found["type"] == "plain_text" else "verbatim"
    if not found.keys() <= {"type", "text", own}:
        yield "unknown field in text"
