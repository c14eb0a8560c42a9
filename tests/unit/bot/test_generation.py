"""The model client against a real server on loopback that can misbehave."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.generation import LanguageModel, ModelMessage, ModelReply, ModelRequest
from tests.peers.openai_api import Answer, OpenAIPeer

SYSTEM = "You are kind."
WORDS = "the heron of my sadness"
KEY = "key-of-the-test"
SOON = {"Retry-After": "0.01"}


@pytest.fixture
async def peer() -> AsyncIterator[OpenAIPeer]:
    async with OpenAIPeer() as peer:
        yield peer


async def ask(peer_url: str, **settings: Any) -> ModelReply:
    usual: dict[str, Any] = {"model": "small", "api_key": KEY, "first_pause": 0.01}
    model = LanguageModel(base_url=peer_url, **(usual | settings))
    request = ModelRequest(
        prompt_name="talk",
        prompt_version="1",
        messages=(
            ModelMessage(role="user", text=WORDS),
            ModelMessage(role="assistant", text="Tell me more."),
            ModelMessage(role="user", text="It is grey."),
        ),
    )
    try:
        return await model.reply(request, system=SYSTEM)
    finally:
        await model.close()


async def test_an_answer_comes_with_its_model_tokens_and_reason_to_stop(peer: OpenAIPeer) -> None:
    peer.will(Answer(text=" That sounds heavy.\n"))
    reply = await ask(peer.base_url)
    assert (reply.text, reply.error) == ("That sounds heavy.", None)
    assert (reply.model, reply.tokens, reply.finish_reason) == ("small-2026", 42, "stop")
    assert reply.seconds > 0


async def test_the_system_prompt_goes_first_and_turns_keep_their_order(peer: OpenAIPeer) -> None:
    await ask(peer.base_url, max_tokens=77)
    sent = peer.requests[0]
    assert [(m["role"], m["content"]) for m in sent.body["messages"]] == [
        ("system", SYSTEM),
        ("user", WORDS),
        ("assistant", "Tell me more."),
        ("user", "It is grey."),
    ]
    assert sent.body["max_completion_tokens"] == 77
    assert not sent.body.get("stream")
    assert sent.headers["Authorization"] == f"Bearer {KEY}"


async def test_a_server_without_a_key_is_asked_without_ours(
    peer: OpenAIPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key-for-somebody-else")
    reply = await ask(peer.base_url, api_key=None)
    assert reply.text
    assert "somebody" not in peer.requests[0].headers["Authorization"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(finish_reason="length"), "truncated"),
        (Answer(finish_reason=None), "truncated"),
        (Answer(text=" \n"), "empty"),
        (Answer(text=None), "empty"),
        (Answer(text=None, refusal="I cannot help with that."), "refused"),
        (Answer(finish_reason="content_filter"), "refused"),
        (Answer(status=401), "unauthorised"),
        (Answer(status=403), "unauthorised"),
        (Answer(status=400), "rejected"),
        (Answer(status=404), "rejected"),
    ],
)
async def test_what_another_try_would_not_change_fails_at_once(
    peer: OpenAIPeer, answer: Answer, error: str
) -> None:
    peer.will(answer)
    reply = await ask(peer.base_url)
    assert (reply.text, reply.error) == (None, error)
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=429, headers=SOON), "busy"),
        (Answer(status=500, headers=SOON), "failing"),
        (Answer(status=503, headers=SOON), "failing"),
        (Answer(hangs_up=True), "unreachable"),
        (Answer(cut=40), "unreachable"),
        (Answer(body=b'{"id": "chatcmpl-1", "choi'), "malformed"),
        (Answer(body=b"<html>Bad gateway</html>"), "malformed"),
        (Answer(body=b"\xff\xfe"), "malformed"),
        (Answer(body=b"{}"), "malformed"),
        (Answer(body=b"[]"), "malformed"),
        (Answer(body=b'{"choices": null}'), "malformed"),
        (Answer(body=b'{"choices": []}'), "malformed"),
        (Answer(body=b'{"choices": [{"finish_reason": "stop"}]}'), "malformed"),
        (Answer(body=b'{"error": {"message": "overloaded"}}'), "malformed"),
    ],
)
async def test_a_passing_trouble_is_tried_three_times_and_then_named(
    peer: OpenAIPeer, answer: Answer, error: str
) -> None:
    peer.will(answer, answer, answer)
    reply = await ask(peer.base_url)
    assert (reply.text, reply.error) == (None, error)
    assert len(peer.requests) == 3


async def test_a_passing_trouble_does_not_show_once_it_has_passed(peer: OpenAIPeer) -> None:
    peer.will(Answer(hangs_up=True), Answer(body=b"{"), Answer(text="Here I am."))
    reply = await ask(peer.base_url)
    assert (reply.text, reply.error) == ("Here I am.", None)


async def test_a_provider_that_asks_for_more_patience_than_a_person_has_is_left_alone(
    peer: OpenAIPeer,
) -> None:
    peer.will(Answer(status=429, headers={"Retry-After": "600"}))
    reply = await ask(peer.base_url)
    assert reply.error == "busy"
    assert len(peer.requests) == 1


async def test_silence_ends_at_the_deadline(peer: OpenAIPeer) -> None:
    peer.will(Answer(stalls=True))
    reply = await ask(peer.base_url, seconds=0.2)
    assert (reply.text, reply.error) == (None, "timeout")


async def test_nobody_listening_is_unreachable() -> None:
    async with OpenAIPeer() as gone:
        url = gone.base_url
    reply = await ask(url)
    assert (reply.text, reply.error) == (None, "unreachable")


async def test_a_redirect_does_not_carry_the_words_to_another_host(peer: OpenAIPeer) -> None:
    async with OpenAIPeer() as elsewhere:
        location = f"{elsewhere.base_url}/chat/completions"
        peer.will(Answer(status=307, headers={"Location": location}))
        reply = await ask(peer.base_url)
        assert elsewhere.requests == []
    assert reply.error == "rejected"


async def test_a_cancelled_turn_is_cancelled_and_not_answered(peer: OpenAIPeer) -> None:
    peer.will(Answer(stalls=True))
    asking = asyncio.create_task(ask(peer.base_url))
    while not peer.requests:
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_one_client_answers_many_people_at_once(peer: OpenAIPeer) -> None:
    model = LanguageModel(model="small", base_url=peer.base_url)
    request = ModelRequest(prompt_name="talk", prompt_version="1", messages=())
    replies = await asyncio.gather(*(model.reply(request, system=SYSTEM) for _ in range(20)))
    await model.close()
    assert {reply.error for reply in replies} == {None}


async def test_langsmith_sees_nothing_whatever_the_environment_says(
    peer: OpenAIPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_core.tracers.langchain import wait_for_all_tracers
    from langsmith import utils

    forget_environment: Any = utils.get_env_var
    forget_environment.cache_clear()
    async with OpenAIPeer() as spy:
        for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2"):
            monkeypatch.setenv(name, "true")
        monkeypatch.setenv("LANGCHAIN_TRACING", "true")
        monkeypatch.setenv("LANGCHAIN_HANDLER", "langchain")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", spy.base_url)
        monkeypatch.setenv("LANGSMITH_GATEWAY", spy.base_url)
        monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_test")
        reply = await ask(peer.base_url)
        await asyncio.to_thread(wait_for_all_tracers)
        assert (spy.requests, spy.strays) == ([], 0)
    forget_environment.cache_clear()
    assert reply.text
    assert peer.requests[0].headers["Authorization"] == f"Bearer {KEY}"


async def test_logs_hold_neither_words_nor_keys(
    peer: OpenAIPeer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.will(Answer(status=500, headers=SOON), Answer(text="a secret answer"))
    await ask(peer.base_url)
    peer.will(Answer(status=400), Answer(text="a secret answer", finish_reason="length"))
    await ask(peer.base_url)
    await ask(peer.base_url)
    assert "gave no answer" in caplog.text
    for secret in (WORDS, SYSTEM, KEY, "a secret answer"):
        assert secret not in caplog.text


def test_importing_the_module_does_not_import_langchain() -> None:
    probe = (
        "import sys, bot.generation\n"
        "heavy = {'langchain', 'langchain_core', 'langchain_openai', 'openai', 'langsmith'}\n"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_base_url_that_is_none_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="OPENAI_BASE_URL"):
        LanguageModel(model="small", base_url="localhost:8000")
