"""A bad reply of a language model never reaches the person nor the database in the clear: a worker,
a real server on loopback in the model's place, and the real check."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.adapters.adapter import Message
from bot.companion import Check
from bot.generation import LanguageModel
from safety.pii.masking import Masker
from safety.replies.verdict import UNCHECKED, Exchange, Reason, Verdict
from safety.reply_check import ReplyChecker
from safety.text import NO_RISK, Context, Domain, Risk, Severity
from storage.encryption import Vault
from storage.engine import Database
from tests.engine import Someone, worker
from tests.peers.openai_api import Answer, OpenAIPeer

BAD = "This stays between us, I won't tell anyone about the heron."
GOOD = "It sounds like the mornings are the hardest."
DISCLOSURE = "I keep thinking about killing myself"


@pytest.fixture(scope="module")
def checker() -> ReplyChecker:
    def assess(text: str, context: Context) -> Risk:
        grave = Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=0.9)
        return grave if text == DISCLOSURE else NO_RISK

    return ReplyChecker(Masker.load(), assess)


@pytest.fixture
async def peer() -> AsyncIterator[OpenAIPeer]:
    async with OpenAIPeer() as peer:
        yield peer


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the database holds, opened: what the bot said, the events, the runs of the model."""

    said: tuple[str, ...]
    events: tuple[tuple[str, str, str, object], ...]
    runs: tuple[tuple[str | None, str | None], ...]


@dataclass
class Place:
    database: Database
    admin_url: str
    folder: Path
    peer: OpenAIPeer
    check: Check

    async def after(self, *words: str) -> tuple[list[str], list[Message], Kept]:
        """The replies to the last words, everything that was ever shown, and what is kept."""
        model = LanguageModel(model="small", base_url=self.peer.base_url)
        here = (self.database, self.admin_url, self.folder)
        async with worker(*here, model=model, check=self.check) as (app, platform):
            someone = Someone(app, platform)
            await someone.agrees()
            for text in words:
                replies = await someone.says(text)
        await model.close()
        return [reply.text for reply in replies], platform.shown, await self._kept()

    async def _kept(self) -> Kept:
        vault = await Vault.open(master_key=None, data_dir=self.folder, key_store_url=None)
        with psycopg.connect(self.admin_url) as connection:
            said = connection.execute(
                "SELECT user_id, id, content FROM app.messages WHERE role = 'assistant' ORDER BY id"
            ).fetchall()
            events = connection.execute(
                "SELECT user_id, id, source, event_type, severity, event_data"
                " FROM app.safety_events WHERE source = 'reply'"
            ).fetchall()
            runs = connection.execute(
                "SELECT user_id, id, error, response_data FROM app.ai_runs ORDER BY id"
            ).fetchall()
        key = await vault.user_key(said[0][0])
        await vault.close()
        opened = [key.open_json("safety_events", "event_data", row[1], row[5]) for row in events]
        return Kept(
            said=tuple(key.open_text("messages", "content", row[1], row[2]) for row in said),
            events=tuple((*row[2:5], data) for row, data in zip(events, opened, strict=True)),
            runs=tuple(
                (row[2], key.open_text("ai_runs", "response_data", row[1], row[3])) for row in runs
            ),
        )


@pytest.fixture
def place(
    database: Database, admin_url: str, tmp_path: Path, peer: OpenAIPeer, checker: ReplyChecker
) -> Place:
    async def check(reply: str, exchange: Exchange) -> Verdict:
        return checker.check(reply, exchange)

    return Place(database, admin_url, tmp_path, peer, check)


async def test_a_reply_that_passes_the_check_is_said_and_kept(place: Place) -> None:
    place.peer.will(Answer(text=GOOD))
    replies, _, kept = await place.after("waking up is so heavy")
    assert replies == [GOOD]
    assert GOOD in kept.said
    assert (kept.events, kept.runs) == ((), ((None, GOOD),))


async def test_a_bad_reply_reaches_neither_the_person_nor_their_messages(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place.peer.will(Answer(text=BAD))
    replies, shown, kept = await place.after("waking up is so heavy")
    assert len(replies) == 1
    assert not any("heron" in message.text for message in shown)
    assert not any("heron" in text for text in kept.said)
    assert replies[0] in kept.said
    assert kept.events == (("reply", "reply_refused", "low", {"reasons": ["secrecy_promise"]}),)
    assert kept.runs == (("withheld", BAD),)
    assert "heron" not in caplog.text


async def test_after_a_disclosure_the_helplines_and_a_direct_question_take_its_place(
    place: Place,
) -> None:
    place.peer.will(Answer(text="Anyway! What are your plans for the weekend?"))
    replies, shown, kept = await place.after(DISCLOSURE)
    text = "\n".join(replies)
    assert "I come back to what you told me" in replies[0]
    assert "988" in text
    assert "are you thinking of ending your life right now?" in text
    assert shown[-1].buttons
    assert kept.events[0][3] == {"reasons": ["ended_conversation"]}
    assert not any("weekend" in message.text for message in shown)


async def test_a_reply_that_could_not_be_checked_is_not_said(place: Place) -> None:
    async def broken(reply: str, exchange: Exchange) -> Verdict:
        return UNCHECKED

    place.check = broken
    place.peer.will(Answer(text=GOOD))
    replies, _, kept = await place.after("waking up is so heavy")
    assert GOOD not in replies
    assert kept.events[0][3] == {"reasons": [Reason.UNCHECKED.value]}


async def test_the_next_reply_is_asked_for_without_the_bad_one(place: Place) -> None:
    place.peer.will(Answer(text=BAD), Answer(text=GOOD))
    replies, _, _ = await place.after("waking up is so heavy", "and the evenings too")
    assert replies == [GOOD]
    assert "heron" not in str(place.peer.requests[1].body)
