"""A newcomer pipes a whole conversation into `evenkeel chat`; then the database is read."""

import io
import json
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from storage.embedded.server import EmbeddedServer
from storage.encryption import Vault
from tests.acceptance import conversation
from tests.processes import reachable_folder, run

WHERE_TO_LOOK = ("users", "profiles", "consents", "conversations", "messages", "mood_entries",
                 "journal_entries", "assessment_attempts", "assessment_scores", "safety_events",
                 "crisis_flags", "escalations", "inbox", "outbox", "auth_identities")  # fmt: skip
CANARIES = (conversation.PHONE, "aqueduct", "slept well", "kill myself", "pills", "lighter now")


@dataclass(frozen=True)
class Talk:
    """What came out of the conversation."""

    folder: Path
    replies: list[dict[str, Any]]
    errors: str


@pytest.fixture(scope="module")
def talk() -> Iterator[Talk]:
    import asyncio

    with reachable_folder() as folder:
        settings = {"EVENKEEL_DATA_DIR": str(folder), "EVENKEEL_REGION": "US"}
        lines = "".join(f"{line}\n" for line in conversation.LINES)
        code, out, err = asyncio.run(run(settings, "chat", "--as", "someone", lines=lines))
        assert code == 0, err
        yield Talk(folder, [json.loads(line) for line in out.splitlines()], err)


@pytest.fixture(scope="module")
def rows(talk: Talk) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """The database as its administrator sees it, past row security."""
    server = EmbeddedServer.start(talk.folder)
    try:
        with psycopg.connect(server.admin_url, row_factory=dict_row) as connection:
            yield connection
    finally:
        server.close()


def select(rows, statement: str) -> list[dict[str, Any]]:
    return rows.execute(statement).fetchall()


def texts(talk: Talk, dialog: str) -> str:
    return "\n".join(reply["text"] for reply in talk.replies if reply["dialog"] == dialog)


def test_every_turn_is_answered_and_every_line_is_json(talk: Talk):
    assert len(conversation.LINES) >= 30
    assert len(talk.replies) >= len(conversation.LINES)
    assert all({"text", "choices", "dialog"} <= reply.keys() for reply in talk.replies)
    assert all(reply["text"] for reply in talk.replies)


def test_the_newcomer_learns_that_it_is_a_program_and_what_is_kept(talk: Talk):
    first = talk.replies[0]
    assert "computer program" in first["text"]
    assert "keep what you write" in first["text"]
    assert "Help now" in first["choices"]


def test_questions_show_their_place_and_published_words(talk: Talk):
    asked = [reply for reply in talk.replies if reply["dialog"] == "assessment"]
    assert [3, 9] in [reply.get("progress") for reply in asked]
    assert any("Feeling down, depressed, or hopeless" in reply["text"] for reply in asked)
    assert any(
        reply["choices"][:4]
        == ["Not at all", "Several days", "More than half the days", "Nearly every day"]
        for reply in asked
    )


def test_both_crises_bring_the_card_and_a_content_free_alert(talk: Talk):
    assert texts(talk, "crisis").count("988") >= 2
    alerts = [line for line in talk.errors.splitlines() if line.startswith("counselors:")]
    assert len(alerts) == 2
    assert not any(word in alert for alert in alerts for word in CANARIES)


def test_both_scores_are_told_with_their_band_and_what_they_mean(talk: Talk):
    told = texts(talk, "assessment")
    assert "PHQ-9: 7 of 27" in told
    assert "GAD-7: 7 of 21" in told
    assert "mild" in told
    assert "not a diagnosis" in told


def test_history_shows_moods_and_scores(talk: Talk):
    told = texts(talk, "history")
    assert "PHQ-9" in told
    assert "GAD-7" in told


def test_every_record_of_it_is_stored(rows):
    moods = select(rows, "SELECT mood_score FROM app.mood_entries ORDER BY entry_timestamp")
    assert [row["mood_score"] for row in moods] == [7, 4]
    assert len(select(rows, "SELECT 1 FROM app.journal_entries")) == 1
    attempts = select(rows, "SELECT status FROM app.assessment_attempts")
    assert [row["status"] for row in attempts] == ["completed", "completed"]
    totals = select(
        rows,
        "SELECT score_value::int AS value FROM app.assessment_scores"
        " WHERE score_type = 'total' ORDER BY calculated_at",
    )
    assert [row["value"] for row in totals] == [7, 7]
    purposes = select(rows, "SELECT consent_type FROM app.consents WHERE granted")
    assert {row["consent_type"] for row in purposes} == {"service", "check_ins"}
    sources = select(
        rows, "SELECT source FROM app.safety_events WHERE severity IN ('high', 'critical')"
    )
    assert sorted(row["source"] for row in sources) == ["assessment_item", "text"]
    assert len(select(rows, "SELECT 1 FROM app.crisis_flags")) == 2
    assert len(select(rows, "SELECT 1 FROM app.escalations WHERE state = 'alerted'")) == 2


def test_nothing_waits_and_every_reply_was_sent(rows):
    assert select(rows, "SELECT 1 FROM app.inbox WHERE done_at IS NULL") == []
    states = select(rows, "SELECT DISTINCT state FROM app.outbox")
    assert [row["state"] for row in states] == ["sent"]


def test_every_row_belongs_to_the_one_person(rows):
    [person] = select(rows, "SELECT user_id FROM app.conversations")
    owners = {"users": "id"}
    for table in WHERE_TO_LOOK:
        owner = owners.get(table, "user_id")
        found = select(
            rows,
            f"SELECT DISTINCT {owner} AS owner FROM app.{table}"
            f" WHERE {owner} <> '00000000-0000-0000-0000-000000000000'",
        )
        assert [row["owner"] for row in found] == [person["user_id"]], table


def test_no_word_is_stored_in_the_clear(rows):
    for table in WHERE_TO_LOOK:
        for row in select(rows, f"SELECT t::text AS everything FROM app.{table} t"):
            stored = row["everything"]
            hexed = [canary.encode().hex() for canary in CANARIES]
            assert not any(canary in stored for canary in (*CANARIES, *hexed)), table


async def test_the_owners_key_opens_masked_words_and_their_originals(talk: Talk, rows):
    vault = await Vault.open(master_key=None, data_dir=talk.folder, key_store_url=None)
    journal = select(rows, "SELECT * FROM app.journal_entries")[0]
    key = await vault.user_key(journal["user_id"])
    masked = key.open_text("journal_entries", "content", journal["id"], journal["content"])
    originals = key.open_json("journal_entries", "originals", journal["id"], journal["originals"])
    await vault.close()
    assert "Today I walked by the aqueduct" in masked
    assert conversation.PHONE not in masked
    assert conversation.PHONE in originals.values()


async def test_operators_see_both_flags_without_a_word_of_them(talk: Talk):
    settings = {"EVENKEEL_DATA_DIR": str(talk.folder)}
    code, out, err = await run(settings, "flags", "--json")
    assert code == 0, err
    flags = [json.loads(line) for line in out.splitlines()]
    assert [flag["domain"] for flag in flags] == ["suicide", "suicide"]
    assert not any(canary in out for canary in CANARIES)


async def test_the_doctor_finds_nothing_wrong(talk: Talk):
    code, out, err = await run({"EVENKEEL_DATA_DIR": str(talk.folder)}, "doctor")
    assert code == 0, out + err
    assert "FAIL" not in out


async def test_the_conversation_goes_on_in_the_next_session(talk: Talk):
    settings = {"EVENKEEL_DATA_DIR": str(talk.folder), "EVENKEEL_REGION": "US"}
    code, out, err = await run(settings, "chat", "--as", "someone", lines="/history\n")
    assert code == 0, err
    assert "PHQ-9" in out


async def test_a_person_takes_everything_with_them_and_nothing_of_anybody_else(talk: Talk):
    settings = {"EVENKEEL_DATA_DIR": str(talk.folder), "EVENKEEL_REGION": "US"}
    lines = "hello\nYes\nYes\nUS\n/journal quincemarmalade\n"
    code, _, err = await run(settings, "chat", "--as", "somebody-else", lines=lines)
    assert code == 0, err
    code, out, err = await run(settings, "chat", "--as", "someone", lines="/export\nYes\n")
    assert code == 0, err
    [sent] = [reply for reply in map(json.loads, out.splitlines()) if "file" in reply]
    path = Path(sent["file"])
    assert str(path) in sent["text"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    holds_what_was_said(path.read_bytes())


def holds_what_was_said(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        exported = json.loads(archive.read("export.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist())
    tables = exported["tables"]
    [entry] = tables["journal_entries"]
    assert entry["content"] == "\n".join(conversation.JOURNAL[1:3])
    said = [row["content"] for row in tables["messages"] if row["role"] == "user"]
    assert all(line in said for line in (*conversation.MOODS, conversation.CRISIS))
    phq9 = next(each for each in tables["assessment_attempts"] if each["assessment"] == "phq9")
    assert (
        phq9["responses"][2]["question"]
        == "Trouble falling or staying asleep, or sleeping too much"
    )
    assert phq9["responses"][8]["answer"] == "Several days"
    assert [row["score_value"] for row in tables["assessment_scores"]] == [7, 7]
    assert len(tables["crisis_flags"]) == 2
    assert exported["summary"]["unreadable"] == {}
    assert b"quincemarmalade" not in everything
    assert b"somebody-else" not in everything


async def test_an_operator_hands_out_the_same_and_overwrites_nothing(talk: Talk):
    settings = {"EVENKEEL_DATA_DIR": str(talk.folder)}
    path = talk.folder / "everything.zip"
    code, out, err = await run(settings, "export", "console:someone", "--to", str(path))
    assert (code, out) == (0, ""), err
    assert str(path) in err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    holds_what_was_said(path.read_bytes())
    code, _, err = await run(settings, "export", "console:someone", "--to", str(path))
    assert code == 2
    assert "--force" in err


async def test_somebody_unknown_has_no_export(talk: Talk):
    settings = {"EVENKEEL_DATA_DIR": str(talk.folder)}
    code, out, err = await run(settings, "export", "console:nobody", "--to", "-")
    assert (code, out) == (2, "")
    assert "Nobody here has this id" in err
    assert list(talk.folder.glob(".evenkeel-*")) == []
