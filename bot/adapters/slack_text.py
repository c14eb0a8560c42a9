"""Slack's own way of writing text, in and out.

Slack sends what a person typed with `&`, `<` and `>` as entities, and puts links and mentions
between `<` and `>`; whoever posts must escape the same three characters
(https://docs.slack.dev/messaging/formatting-message-text). What is screened must be what the
person saw, so an e-mail address arrives as one and not as `<mailto:…|…>`.
"""

from __future__ import annotations

import re

_MARKED = re.compile(r"<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_WEB = re.compile(r"(?:https?|mailto|tel|ftp|slack|sip):", re.IGNORECASE)
_SILENT = re.compile(r"(?:mailto|tel):", re.IGNORECASE)


def read(text: str) -> str:
    """The words as the person saw them when they sent them."""
    shown = _MARKED.sub(_shown, _whole(text))
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def units(text: str) -> int:
    """Length in UTF-16 units, as Slack's limits count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _whole(text: str) -> str:
    """JSON may hold half a surrogate pair, which cannot be encoded: it becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(marked: re.Match[str]) -> str:
    target, label = marked[1], marked[2] or ""
    if target[0] in "@#":
        return target[0] + (label.lstrip(target[0]) or target[1:])
    if target[0] == "!":
        return label or "@" + target[1:].partition("^")[0]
    if _WEB.match(target) is None:
        return marked[0]
    address = _SILENT.sub("", target, count=1)
    return label if label and address.endswith(label) else _labelled(label, address)


def _labelled(label: str, address: str) -> str:
    return f"{label} ({address})" if label else address
