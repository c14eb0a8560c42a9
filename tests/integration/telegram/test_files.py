"""Files on their way to a person over Telegram."""

from __future__ import annotations

import pytest

from bot.adapters.adapter import File, Message
from bot.adapters.telegram import TelegramAdapter
from bot.errors import SendError, SendLaterError, SendRefusedError, SendUnknownError
from tests.integration.telegram.running import SECRET_WORDS, to
from tests.peers.bot_api import BotApiPeer, Fault
from tests.peers.bot_api_methods import LARGEST_FILE

CONTENT = b"PK " + SECRET_WORDS.encode()
FILE = File(name="evenkeel-export-2026-11-22.zip", kind="application/zip", content=CONTENT)
HERE_IT_IS = Message(text="Here it is.", document="export")


async def test_a_file_arrives_whole_with_its_name_and_words(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/export")
    sent = await adapter.send(to(7), HERE_IT_IS, FILE)
    shown = peer.chat(7)[-1]
    assert (str(shown.id), shown.text, shown.document) == (sent, "Here it is.", FILE.name)
    [upload] = peer.world.documents[7]
    assert (upload.name, upload.kind, upload.content) == (FILE.name, FILE.kind, FILE.content)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.FLOOD, SendLaterError),
        (Fault.BAD_GATEWAY, SendLaterError),
        (Fault.ANSWER_LOST, SendUnknownError),
        (Fault.GARBLED, SendUnknownError),
    ],
)
async def test_a_file_that_goes_wrong_is_reported_and_not_sent_again_by_itself(
    fault: Fault, error: type[SendError], peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/export")
    peer.fail(fault, method="sendDocument")
    with pytest.raises(error) as raised:
        await adapter.send(to(7), HERE_IT_IS, FILE)
    assert len(peer.calls("sendDocument")) == 1
    assert SECRET_WORDS not in str(raised.value)


async def test_a_blocked_bot_can_send_no_file(peer: BotApiPeer, adapter: TelegramAdapter) -> None:
    await peer.say(7, "/export")
    peer.block(7)
    with pytest.raises(SendRefusedError, match="blocked"):
        await adapter.send(to(7), HERE_IT_IS, FILE)


async def test_a_file_beyond_what_telegram_takes_is_refused_for_good(
    peer: BotApiPeer, adapter: TelegramAdapter
) -> None:
    await peer.say(7, "/export")
    large = File(name="large.zip", kind=FILE.kind, content=bytes(LARGEST_FILE + 1))
    with pytest.raises(SendRefusedError, match="too large"):
        await adapter.send(to(7), HERE_IT_IS, large)
    assert 7 not in peer.world.documents
