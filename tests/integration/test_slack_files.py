"""Files on their way to a person over Slack, in its three steps."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.adapter import File, Message
from bot.adapters.slack import SlackAdapter
from bot.errors import SendError, SendLaterError, SendRefusedError, SendUnknownError
from storage.addresses import Address, Platform
from tests.peers.slack_api import Fault, SlackPeer
from tests.peers.slack_workspace import APP_TOKEN, BOT_TOKEN, TEAM

ANN = "U0ANN"
SECRET_WORDS = "the lighthouse keeper sings"
# Larger than a mebibyte: from there on aiohttp treats a body in another way.
CONTENT = SECRET_WORDS.encode() + bytes(2**20)
FILE = File(name="evenkeel-export-2026-11-22.zip", kind="application/zip", content=CONTENT)
HERE_IT_IS = Message(text="Here <it> is.", document="export")
STEPS = ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]


def place(chat: str = "D0ANN", thread: str | None = None) -> Address:
    return Address(platform=Platform.SLACK, chat=chat, workspace=TEAM, thread=thread)


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as running:
        running.workspace.add("D0ANN", ANN, "hello")
        running.workspace.add("C0ALL", ANN, "hello everybody")
        yield running


@pytest.fixture
async def adapter(peer: SlackPeer) -> AsyncIterator[SlackAdapter]:
    made = SlackAdapter(bot_token=BOT_TOKEN, app_token=APP_TOKEN, api_url=peer.api_url)
    yield made
    await made.close()


def steps(peer: SlackPeer) -> list[str]:
    return [method for method, _ in peer.calls]


@pytest.mark.parametrize("chat", ["D0ANN", ANN])
async def test_a_file_arrives_whole_in_the_direct_channel(
    chat: str, peer: SlackPeer, adapter: SlackAdapter
) -> None:
    assert await adapter.send(place(chat), HERE_IT_IS, FILE) is None
    shown = peer.chat(ANN)[-1]
    assert shown.shown == HERE_IT_IS.text
    [upload] = shown.files
    assert (upload.name, upload.content) == (FILE.name, CONTENT)


async def test_a_file_goes_into_the_thread_of_its_address(
    peer: SlackPeer, adapter: SlackAdapter
) -> None:
    await adapter.send(place(thread="1700000001.000001"), HERE_IT_IS, FILE)
    assert peer.chat(ANN)[-1].thread == "1700000001.000001"


async def test_the_token_goes_to_the_web_api_alone(peer: SlackPeer, adapter: SlackAdapter) -> None:
    await adapter.send(place(), HERE_IT_IS, FILE)
    assert [arguments for method, arguments in peer.calls if method == "upload"] == [
        {"authorization": None}
    ]


async def test_no_file_is_shown_where_others_could_open_it(
    peer: SlackPeer, adapter: SlackAdapter
) -> None:
    with pytest.raises(SendRefusedError, match="not_direct"):
        await adapter.send(place("C0ALL"), HERE_IT_IS, FILE)
    assert peer.calls == []


@pytest.mark.parametrize(
    ("step", "fault", "error"),
    [
        (STEPS[0], Fault(answer_lost=True), SendLaterError),
        (STEPS[0], Fault(retry_after=30), SendLaterError),
        (STEPS[1], Fault(status=500), SendLaterError),
        (STEPS[1], Fault(answer_lost=True), SendLaterError),
        (STEPS[2], Fault(retry_after=30), SendLaterError),
        (STEPS[2], Fault(answer_lost=True), SendUnknownError),
        (STEPS[2], Fault(error="fatal_error"), SendUnknownError),
        (STEPS[0], Fault(error="file_uploads_disabled"), SendRefusedError),
    ],
)
async def test_only_a_lost_last_answer_leaves_it_unknown_whether_the_file_is_there(
    step: str, fault: Fault, error: type[SendError], peer: SlackPeer, adapter: SlackAdapter
) -> None:
    peer.will(step, fault)
    with pytest.raises(error) as raised:
        await adapter.send(place(), HERE_IT_IS, FILE)
    assert steps(peer) == STEPS[: STEPS.index(step) + 1]
    assert SECRET_WORDS not in str(raised.value)


async def test_an_app_without_the_scope_is_refused_and_its_operator_told(
    peer: SlackPeer, adapter: SlackAdapter, caplog: pytest.LogCaptureFixture
) -> None:
    peer.workspace.scopes.discard("files:write")
    with pytest.raises(SendRefusedError, match="missing_scope"):
        await adapter.send(place(), HERE_IT_IS, FILE)
    assert "files:write" in caplog.text
