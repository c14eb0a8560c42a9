"""Sends a file to a person in their direct channel, in Slack's three steps
(https://docs.slack.dev/messaging/working-with-files#uploading_files): ask for an address, upload
there, complete. The SDK has them in one call, but only the last of them shows anything, so only
when its answer is lost is it unknown whether the person has the file.
"""

from __future__ import annotations

import io
import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.adapter import File
from bot.adapters.slack_errors import code_of, send_error
from bot.errors import SendLaterError, SendRefusedError

log = logging.getLogger(__name__)
SOON = 5.0
UPLOAD_SECONDS = 120.0
_NEEDS_OPERATOR = frozenset({"missing_scope", "not_allowed_token_type", "file_uploads_disabled"})


async def send_file(
    client: AsyncWebClient, chat: str, thread: str | None, text: str, file: File
) -> None:
    """Raises the three errors that the outbox knows and no others."""
    try:
        channel = await _direct_channel(client, chat)
        file_id = await _uploaded(client, file)
    except Exception as exc:  # noqa: BLE001 - nobody was shown anything yet
        raise _refusal(exc, repeatable=True) from None
    try:
        await client.files_completeUploadExternal(
            files=[{"id": file_id, "title": file.name}],
            channel_id=channel,
            initial_comment=text,
            thread_ts=thread,
        )
    except Exception as exc:  # noqa: BLE001 - see above
        raise _refusal(exc, repeatable=False) from None


async def _direct_channel(client: AsyncWebClient, chat: str) -> str:
    """A file can be shared in a channel only, while messages also go to a person's id. In a
    channel of others it would be theirs to open."""
    if chat.startswith(("U", "W")):
        opened = await client.conversations_open(users=chat)
        chat = str(opened["channel"]["id"])
    if not chat.startswith("D"):
        raise SendRefusedError("not_direct")
    return chat


async def _uploaded(client: AsyncWebClient, file: File) -> str:
    """The address is good for one upload and needs no token; none is sent."""
    place = await client.files_getUploadURLExternal(filename=file.name, length=len(file.content))
    if client.session is None:
        raise SendLaterError(SOON)
    limit = aiohttp.ClientTimeout(total=UPLOAD_SECONDS, sock_connect=10)
    async with client.session.post(
        str(place["upload_url"]),
        data=io.BytesIO(file.content),
        headers={"Content-Type": file.kind},
        timeout=limit,
        proxy=client.proxy,
        allow_redirects=False,
    ) as answer:
        if answer.status != 200:
            raise SendLaterError(SOON)
    return str(place["file_id"])


def _refusal(exc: Exception, *, repeatable: bool) -> Exception:
    if isinstance(exc, SendLaterError | SendRefusedError):
        return exc
    code = code_of(exc) if isinstance(exc, SlackApiError) else ""
    if code in _NEEDS_OPERATOR:
        log.warning("Slack takes no file from us (%s): the app needs the scope files:write.", code)
        return SendRefusedError(code)
    return send_error(exc, repeatable=repeatable)
