import errno

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack_errors import GoneError, send_error
from bot.errors import SendLaterError, SendRefusedError, SendUnknownError


def refusal(
    error: str | None, *, status: int = 200, headers: dict[str, str] | None = None
) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="http://127.0.0.1/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": error, "needed": "secret words"} if error else {},
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("the request failed", response)  # type: ignore[no-untyped-call]


def never_connected() -> aiohttp.ClientConnectorError:
    key = ConnectionKey("127.0.0.1", 9, False, True, None, None, None)
    return aiohttp.ClientConnectorError(key, OSError(errno.ECONNREFUSED, "refused"))


def test_a_rate_limit_is_waited_out_as_long_as_slack_says() -> None:
    error = send_error(refusal("ratelimited", status=429, headers={"Retry-After": "17"}))
    assert isinstance(error, SendLaterError)
    assert error.seconds == 17


@pytest.mark.parametrize("retry_after", ["", "soon", "-4", "²"])
def test_a_rate_limit_without_a_number_is_waited_out_a_while(retry_after: str) -> None:
    error = send_error(refusal("ratelimited", status=429, headers={"Retry-After": retry_after}))
    assert isinstance(error, SendLaterError)
    assert error.seconds > 0


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "is_archived", "account_inactive", "not_in_channel", "invalid_blocks"],
)
def test_a_refusal_for_good_is_named_by_slacks_word(code: str) -> None:
    error = send_error(refusal(code))
    assert isinstance(error, SendRefusedError)
    assert error.reason == code
    assert "secret" not in str(error)


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "missing_scope"])
def test_what_the_operator_must_repair_loses_no_message(code: str) -> None:
    assert isinstance(send_error(refusal(code)), SendLaterError)


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message"])
def test_a_message_that_is_gone_is_told_apart(code: str) -> None:
    assert isinstance(send_error(refusal(code)), GoneError)


@pytest.mark.parametrize(
    "exc",
    [
        refusal("fatal_error"),
        refusal("internal_error", status=500),
        refusal(None, status=502),
        refusal(None),
        refusal("Free text, not a word"),
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(errno.ECONNRESET, "reset"),
        aiohttp.ClientPayloadError(),
        AttributeError("'str' object has no attribute 'get'"),
    ],
    ids=repr,
)
def test_a_lost_answer_is_unknown_unless_it_can_be_repeated(exc: Exception) -> None:
    assert isinstance(send_error(exc), SendUnknownError)
    assert isinstance(send_error(exc, repeatable=True), SendLaterError)


@pytest.mark.parametrize(
    "exc",
    [
        never_connected(),
        aiohttp.ConnectionTimeoutError(),
        refusal("service_unavailable"),
        refusal(None, status=503),
        refusal(None, status=429),
    ],
    ids=lambda exc: type(exc).__name__,
)
def test_what_was_never_taken_is_sent_later(exc: Exception) -> None:
    assert isinstance(send_error(exc), SendLaterError)


def test_a_timeout_of_asyncio_is_the_same_as_any_other() -> None:
    assert isinstance(send_error(TimeoutError()), SendUnknownError)
