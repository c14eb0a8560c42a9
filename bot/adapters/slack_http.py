"""What Slack posts to us over HTTP: its signature, and its body as a payload.

Both are ours and not bolt's. Bolt answers 500, and so asks for a retry, when a timestamp is not a
number or a signature not ASCII; and it reads a form whose text has the word "payload" in it as
empty, which would lose `/journal the payload was heavy`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl

MAX_AGE_SECONDS = 300


def is_signed(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> bool:
    """Whether Slack signed this body with our secret within the last five minutes
    (https://docs.slack.dev/authentication/verifying-requests-from-slack). Header names are
    lower case."""
    sent_at = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        return False
    if abs(now.timestamp() - int(sent_at)) > MAX_AGE_SECONDS:
        return False
    digest = hmac.new(secret.encode(), b"v0:%b:%b" % (sent_at.encode(), body), sha256)
    expected = f"v0={digest.hexdigest()}".encode()
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def payload_of(body: bytes) -> dict[str, object]:
    """Events are JSON; interactions are a form with JSON in `payload`; commands a form.
    Raises ValueError when it is none of these."""
    text = body.decode()
    if text.lstrip().startswith("{"):
        return _object(text)
    form: dict[str, object] = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    payload = form.get("payload")
    return _object(payload) if isinstance(payload, str) and "command" not in form else form


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("The body is nested too deeply.") from None
    if isinstance(found, dict):
        return found
    raise ValueError("The body is not an object.")
