"""Slack's many ways of not taking a call, as the three that the outbox knows.

Codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import SendError, SendLaterError, SendRefusedError, SendUnknownError

BAD_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "invalid_token",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
        "unknown_method",
    }
)
"""What only the operator can put right."""

_GONE = frozenset(
    # The last one: a message can be posted to a person's id, but not edited there.
    {"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"}
)
_WAIT = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"})
_HALF_DONE = frozenset({"fatal_error", "internal_error", "request_timeout"})
_WORD = re.compile(r"[a-z_]{1,64}")
_SOON, _OPERATOR = 5.0, 60.0


class GoneError(SendRefusedError):
    """The message to edit is not there any more, or can no longer be edited."""


def code_of(exc: SlackApiError) -> str:
    """Slack's own word for what is wrong; empty when the answer was not one of Slack's."""
    data = getattr(exc.response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and _WORD.fullmatch(code) else ""


def status_of(exc: SlackApiError) -> int:
    """The HTTP status; the SDK hands over another class when the body is not JSON."""
    response = exc.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status if isinstance(status, int) else 0


def send_error(exc: Exception, *, repeatable: bool = False) -> SendError:
    """What a failed call means for the message. With `repeatable` (an edit) a lost answer is
    no harm: the same edit can be made again."""
    match exc:
        case SlackApiError():
            error = _refusal(exc)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            error = SendLaterError(_SOON)  # nothing was written yet
        case _:
            error = SendUnknownError()
    lost = repeatable and isinstance(error, SendUnknownError)
    return SendLaterError(_SOON) if lost else error


def _refusal(exc: SlackApiError) -> SendError:
    code, status = code_of(exc), status_of(exc)
    if status == 429 or code in _WAIT or status == 503:
        return SendLaterError(_retry_after(exc))
    if not code or code in _HALF_DONE or status >= 500:
        return SendUnknownError()
    if code in BAD_TOKEN - {"account_inactive"}:
        return SendLaterError(_OPERATOR)
    return GoneError(code) if code in _GONE else SendRefusedError(code)


def _retry_after(exc: SlackApiError) -> float:
    headers = getattr(exc.response, "headers", None)
    value = str(headers.get("Retry-After", "")) if isinstance(headers, Mapping) else ""
    return float(min(int(value), 3600)) if value.isascii() and value.isdigit() else _SOON
