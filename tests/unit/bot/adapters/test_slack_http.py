import contextlib
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack_http import is_signed, payload_of
from tests.peers.slack_delivery import SIGNING_SECRET, signed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = b'{"type":"event_callback"}'


def headers(at: datetime = NOW, body: bytes = BODY) -> dict[str, str]:
    found = signed(body, at=at.timestamp())
    return {name.lower(): value for name, value in found.items()}


def check(found: dict[str, str], body: bytes = BODY) -> bool:
    return is_signed(found, body, secret=SIGNING_SECRET, now=NOW)


def test_slacks_published_example_is_signed() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2F"
        b"commands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    found = {"x-slack-request-timestamp": "1531420618", "x-slack-signature": signature}
    at = datetime.fromtimestamp(1531420618, UTC)
    assert is_signed(found, body, secret="8f742231b10e8888abcd99yyyzzz85a5", now=at)


def test_a_signature_is_good_for_five_minutes() -> None:
    assert check(headers(NOW - timedelta(minutes=5)))
    assert not check(headers(NOW - timedelta(minutes=5, seconds=1)))
    assert not check(headers(NOW + timedelta(minutes=5, seconds=1)))


def test_another_body_or_secret_is_not_signed() -> None:
    assert not check(headers(), b'{"type":"event_callbacK"}')
    assert not is_signed(headers(), BODY, secret="another", now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": "1e9"},
        {"x-slack-request-timestamp": "-1"},
        {"x-slack-request-timestamp": "١٧٧٢٣٦٦٤٠٠"},
        {"x-slack-request-timestamp": "9" * 400},
        {"x-slack-request-timestamp": ""},
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=ünïcode"},
        {"x-slack-signature": "v0=\ud800"},
    ],
)
def test_odd_headers_are_not_signed_and_do_not_raise(wrong: dict[str, str]) -> None:
    assert not check(headers() | wrong)


def test_headers_that_are_missing_are_not_signed() -> None:
    assert not check({})


def test_a_command_whose_words_hold_payload_keeps_them() -> None:
    form = {"command": "/journal", "text": "the payload was heavy", "payload": "x"}
    assert payload_of(urlencode(form).encode()) == form


def test_an_interaction_is_the_json_in_its_form() -> None:
    body = urlencode({"payload": json.dumps({"type": "block_actions"})}).encode()
    assert payload_of(body) == {"type": "block_actions"}


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"{", b'payload=["a"]', b"payload=7", b'{"a":' * 30_000, b"a=1&" * 200],
)
def test_a_body_that_is_none_of_slacks_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        payload_of(body)


@settings(deadline=None)
@given(st.binary())
def test_any_body_is_an_object_or_a_value_error(body: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(payload_of(body), dict)
