"""`/export` in a conversation: the file is made when it is sent, or the person is told why not."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot import delivery
from bot.adapters.adapter import File, Message
from bot.app import App
from bot.errors import SendLaterError, SendRefusedError, SendUnknownError
from bot.export import exporter
from bot.updates import Said
from storage.engine import Database
from tests.engine import CRISIS_WORDS, ListPlatform, Someone, worker


@pytest.fixture
async def running(
    database: Database, admin_url: str, tmp_path: Path
) -> AsyncIterator[tuple[App, ListPlatform]]:
    async with worker(database, admin_url, tmp_path) as (app, platform):
        yield app, platform


def document(file: File) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        loaded: dict[str, Any] = json.loads(archive.read("export.json"))
    return loaded


def rows(admin_url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(admin_url) as connection:
        return connection.execute(query.encode()).fetchall()


def outbox(admin_url: str) -> list[str]:
    found = rows(admin_url, "SELECT state FROM app.outbox ORDER BY seq")
    return [state for (state,) in found]


async def asks(someone: Someone) -> list[Message]:
    await someone.says("/export")
    return await someone.presses("Yes")


async def test_the_file_holds_what_was_said_with_its_originals(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await someone.says("/journal I met Maria today")
    [told] = await asks(someone)
    assert "as a zip file" in told.text
    [file] = someone.platform.files
    assert file.kind == "application/zip"
    tables = document(file)["tables"]
    assert [entry["content"] for entry in tables["journal_entries"]] == ["I met Maria today"]
    assert outbox(admin_url)[-1] == "sent"
    stored = rows(admin_url, "SELECT o::text FROM app.outbox o")
    assert not any(file.content[:40].hex() in row for (row,) in stored)


async def test_it_leaves_a_trace_that_counts_and_says_nothing(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await asks(someone)
    [(actor, user, counted)] = rows(
        admin_url,
        "SELECT actor_id, user_id, new_values FROM app.audit_logs WHERE action = 'exported'",
    )
    assert actor == user
    assert counted["rows"]["consents"] >= 1


async def test_who_agreed_to_nothing_gets_it_too_and_their_yes_is_no_consent(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.says("/start")
    await someone.says("/export")
    await someone.says("yes")
    [file] = someone.platform.files
    exported = document(file)["tables"]
    assert len(exported["auth_identities"]) == 1
    assert exported["journal_entries"] == []
    assert rows(admin_url, "SELECT 1 FROM app.consents") == []


async def test_a_second_one_at_once_is_put_off_in_words(running: tuple[App, ListPlatform]):
    someone = Someone(*running)
    await someone.agrees()
    await asks(someone)
    [told] = await asks(someone)
    assert "in 5 minutes" in told.text
    assert len(someone.platform.files) == 1


async def test_another_persons_export_is_not_put_off(running: tuple[App, ListPlatform]):
    first, second = Someone(*running), Someone(*running, name="somebody else")
    for someone in (first, second):
        await someone.agrees()
        await asks(someone)
    mine, theirs = (document(file)["user_id"] for file in first.platform.files)
    assert mine != theirs


async def test_a_platform_that_asks_to_wait_gets_it_later_and_one_trace_is_left(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await someone.says("/export")
    someone.platform.broken.append(SendLaterError(0))
    await someone.presses("Yes")
    assert someone.platform.files == []
    with psycopg.connect(admin_url) as connection:
        connection.execute("UPDATE app.outbox SET due_at = now()")
    await someone.app.recovery.resend()
    assert len(someone.platform.files) == 1
    assert len(rows(admin_url, "SELECT 1 FROM app.audit_logs WHERE action = 'exported'")) == 1


async def test_a_file_that_may_have_arrived_is_not_sent_again(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await someone.says("/export")
    someone.platform.broken.append(SendUnknownError())
    assert await someone.presses("Yes") == []
    await someone.app.recovery.resend()
    assert someone.platform.files == []
    assert outbox(admin_url)[-1] == "unknown"


async def test_a_platform_that_takes_no_file_says_so_in_words(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await someone.says("/export")
    someone.platform.broken.append(SendRefusedError("missing_scope"))
    [told] = await someone.presses("Yes")
    assert "could not be sent here" in told.text
    assert outbox(admin_url)[-1] == "sent"


async def test_one_that_is_put_off_too_often_ends_in_words(
    running: tuple[App, ListPlatform], admin_url: str
):
    someone = Someone(*running)
    await someone.agrees()
    await someone.says("/export")
    someone.platform.broken.extend(SendLaterError(0) for _ in range(exporter.MOST_TRIES))
    await someone.presses("Yes")
    for _ in range(exporter.MOST_TRIES):
        with psycopg.connect(admin_url) as connection:
            connection.execute("UPDATE app.outbox SET due_at = now()")
        await someone.app.recovery.resend()
    assert someone.platform.files == []
    assert "could not be sent here" in someone.platform.shown[-1].text


async def test_a_file_that_cannot_be_made_ends_in_words(
    running: tuple[App, ListPlatform], admin_url: str, caplog: pytest.LogCaptureFixture
):
    someone = Someone(*running)
    await someone.agrees()
    with psycopg.connect(admin_url) as connection:
        connection.execute("ALTER TABLE app.goals RENAME TO goals_away")
    [told] = await asks(someone)
    assert "could not make your file" in told.text
    assert someone.platform.files == []
    assert "An export failed" in caplog.text


async def test_one_that_is_too_large_to_send_ends_in_words(
    running: tuple[App, ListPlatform], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporter, "LARGEST", 2000)
    someone = Someone(*running)
    await someone.agrees()
    [told] = await asks(someone)
    assert "too large" in told.text
    assert someone.platform.files == []


async def test_a_row_stays_ours_while_its_file_is_on_its_way(
    running: tuple[App, ListPlatform], admin_url: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivery, "HOLD_EVERY", 0.01)
    someone = Someone(*running)
    await someone.agrees()
    real = someone.platform.send
    held = "SELECT 1 FROM app.outbox WHERE state = 'sending' AND lease_until > now()"

    async def slow(address: Any, message: Message, file: File | None = None) -> str | None:
        if file is not None:
            with psycopg.connect(admin_url) as connection:
                connection.execute(
                    "UPDATE app.outbox SET lease_until = now() WHERE state = 'sending'"
                )
            async with asyncio.timeout(20):
                while not rows(admin_url, held):
                    await asyncio.sleep(0.01)
        return await real(address, message, file)

    monkeypatch.setattr(someone.platform, "send", slow)
    await asks(someone)
    assert len(someone.platform.files) == 1


async def test_a_deployment_that_drops_originals_has_none_to_give(
    database: Database, admin_url: str, tmp_path: Path
):
    never = {"evenkeel_pii_retention": "never"}
    async with worker(database, admin_url, tmp_path, **never) as running:
        someone = Someone(*running)
        await someone.agrees()
        await someone.says("/journal I met Maria today")
        await asks(someone)
    [file] = someone.platform.files
    [written] = document(file)["tables"]["journal_entries"]
    assert written["content"] == "I met <PERSON_1> today"


async def test_helplines_do_not_wait_for_a_file(
    running: tuple[App, ListPlatform], monkeypatch: pytest.MonkeyPatch
):
    someone = Someone(*running)
    await someone.agrees()
    uploading, go_on = asyncio.Event(), asyncio.Event()
    real = someone.platform.send

    async def slow(address: Any, message: Message, file: File | None = None) -> str | None:
        if file is not None:
            uploading.set()
            await go_on.wait()
        return await real(address, message, file)

    monkeypatch.setattr(someone.platform, "send", slow)
    await someone.says("/export")
    pressed = asyncio.create_task(someone.presses("Yes"))
    async with asyncio.timeout(20):
        await uploading.wait()
        turn = await someone.app.turns.receive(someone.update(Said(CRISIS_WORDS)))
        await turn
    assert any("988" in message.text for message in someone.platform.shown)
    assert someone.platform.files == []
    go_on.set()
    await pressed
    assert len(someone.platform.files) == 1
