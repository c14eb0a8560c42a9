"""What an export holds: everything about one person, as they wrote it, and nothing of others."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from uuid_utils.compat import uuid7

from bot.export.archive import write_archive
from prompts.catalog import Catalog
from storage.errors import KeyErasedError, PersonUnknownError
from storage.exporting.exports import BATCH, Exports
from storage.exporting.tables import EXPORT_TABLES, LEFT_OUT_TABLES
from storage.people import Person
from storage.records import ConsentRecorded, JournalWritten, ModelRan, MoodRecorded, Purpose
from storage.tables.registry import all_tables
from tests.integration.stores import NOW, Stores, entry, found, identity, words
from tests.one_of_each import SEALED, Example, insert_all, tables_of_persons

PHONE = "+34 600 000 001"
HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.invalid\")",
    "+1", "-1", "@x", "\ttab", "'quoted",
    "line one\r\nline two\nline three",
    "🙂 مرحبا بك \u202e abc",
    "nul \x00 and bell \x07",
    "\"quotes\", commas; and semicolons",
    "long " * 20_000,
)  # fmt: skip


async def zipped(stores: Stores, user_id: UUID) -> zipfile.ZipFile:
    out = io.BytesIO()
    async with Exports(stores.database, stores.vault).of(user_id) as export:
        await write_archive(export, out, Catalog.load())
    return zipfile.ZipFile(out)


def document(archive: zipfile.ZipFile) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(archive.read("export.json"))
    return loaded


def sheet(archive: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    text = archive.read(f"csv/{table}.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def texts(exported: dict[str, Any], table: str = "messages") -> list[str]:
    return [row["content"] for row in exported["tables"][table]]


async def someone(stores: Stores, subject: str = "person-1") -> Person:
    return await stores.people.of(identity(subject), locale="en")


async def says(stores: Stores, person: Person, text: Any, *records: Any) -> None:
    said = entry(text)
    lease = await stores.held(person, said)
    await stores.commit(lease, said, records=records)


def test_every_table_and_column_of_a_person_is_exported_or_left_out_for_a_reason():
    exported = {table.name: table for table in EXPORT_TABLES}
    assert set(tables_of_persons()) <= exported.keys() | LEFT_OUT_TABLES.keys()
    assert not exported.keys() & LEFT_OUT_TABLES.keys()
    for name, table in exported.items():
        columns = {column.name for column in all_tables().tables[f"app.{name}"].columns}
        listed = (set(table.columns) - set(table.added)) | table.left_out.keys()
        assert columns - {"user_id"} == listed - {"user_id"}, name
        assert not set(table.columns) & table.left_out.keys(), name


async def test_what_was_said_comes_back_with_its_originals(stores: Stores):
    person = await someone(stores)
    note = words("call <PHONE_1> or <PERSON_1>", PHONE_1=PHONE, PERSON_1="Maria")
    records = (
        JournalWritten(id=uuid7(), text=note, at=NOW),
        MoodRecorded(id=uuid7(), score=7, note=note, at=NOW),
    )
    await says(stores, person, note, *records)
    exported = document(await zipped(stores, person.id))
    restored = f"call {PHONE} or Maria"
    assert texts(exported) == [restored]
    assert texts(exported, "journal_entries") == [restored]
    [mood] = exported["tables"]["mood_entries"]
    assert (mood["mood_score"], mood["context_data"]) == (7, {"note": restored})


async def test_a_deployment_that_keeps_no_originals_exports_the_masks(stores: Stores):
    person = await someone(stores)
    await says(stores, person, words("call <PHONE_1>", PHONE_1=PHONE).without_originals())
    assert texts(document(await zipped(stores, person.id))) == ["call <PHONE_1>"]


async def test_identities_consents_and_findings_are_readable(stores: Stores):
    person = await someone(stores)
    consent = ConsentRecorded(
        id=uuid7(), purpose=Purpose.SERVICE, version=1, text="May I?", granted=True, at=NOW
    )
    run = ModelRan(
        id=uuid7(), model="m", prompt_name="p", prompt_version="1", prompt="user: hi",
        response="hello", tokens=5, seconds=0.5, finish_reason="stop", error=None,
    )  # fmt: skip
    await says(stores, person, "hi", consent, run, found())
    tables = document(await zipped(stores, person.id))["tables"]
    [known] = tables["auth_identities"]
    assert known["provider_id"] == {"workspace": "bot-1", "id": "person-1"}
    [agreed] = tables["consents"]
    assert (agreed["consent_type"], agreed["consent_text"]) == ("service", "May I?")
    [asked] = tables["ai_runs"]
    assert (asked["prompt_data"], asked["response_data"]) == ("user: hi", "hello")
    [event] = tables["safety_events"]
    assert event["event_data"] == {"score": 0.9, "reasons": ["plan"]}
    assert len(tables["crisis_flags"]) == len(tables["escalations"]) == 1
    [came] = tables["inbox"]
    assert came["entry"]["address"]["chat"] == "chat-1"


async def test_nothing_of_another_person_is_in_it(stores: Stores):
    person, other = await someone(stores), await someone(stores, "person-2")
    await says(stores, other, "quincemarmalade")
    await says(stores, person, "mine")
    archive = await zipped(stores, person.id)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"mine" in everything
    assert b"quincemarmalade" not in everything
    assert str(other.id).encode() not in everything
    assert b"person-2" not in everything


async def test_hostile_words_come_back_as_they_were_and_harm_nobody(stores: Stores):
    person = await someone(stores)
    for text in HOSTILE:
        await says(stores, person, words(text))
    archive = await zipped(stores, person.id)
    assert texts(document(archive)) == list(HOSTILE)
    cells = [row["content"] for row in sheet(archive, "messages")]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in cells)
    risky = ("=", "+", "-", "@", "\t", "'")
    assert cells == [
        ("'" if text.startswith(risky) else "") + text.replace("\x00", "\ufffd") for text in HOSTILE
    ]
    page = archive.read("index.html").decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not any(control in page for control in "\x00\x07")


async def test_a_row_that_does_not_open_is_marked_and_spoils_nothing(stores: Stores):
    person = await someone(stores)
    for text in ("before", "broken", "after"):
        await says(stores, person, text)
    [(_, broken), *_] = stores.stored(
        "SELECT created_at, id FROM app.messages ORDER BY created_at OFFSET 1 LIMIT 1"
    )
    stores.alter("UPDATE app.messages SET content = 'noise' WHERE id = %s", broken)
    archive = await zipped(stores, person.id)
    exported = document(archive)
    assert texts(exported) == ["before", None, "after"]
    assert exported["tables"]["messages"][1]["unreadable"] == ["content"]
    assert exported["summary"]["unreadable"] == {"messages": 1}
    assert sheet(archive, "messages")[1]["unreadable"] == "content"
    assert "could not be read" in archive.read("index.html").decode()
    assert "1 entry could not be read" in archive.read("README.txt").decode()


async def test_originals_that_do_not_open_leave_the_masked_text(stores: Stores):
    person = await someone(stores)
    await says(stores, person, words("call <PHONE_1>", PHONE_1=PHONE))
    stores.alter("UPDATE app.messages SET originals = 'noise'")
    [row] = document(await zipped(stores, person.id))["tables"]["messages"]
    assert (row["content"], row["unreadable"]) == ("call <PHONE_1>", ["originals"])


async def test_every_table_of_a_person_gives_its_row(stores: Stores):
    """Their seals do not open, being noise; whatever is not sealed is there all the same."""
    example = Example()
    with psycopg.connect(stores.admin_url) as connection:
        insert_all(connection, example)
    await stores.vault.new_user_key(example.id)
    exported = document(await zipped(stores, example.id))
    for table, row in example.rows().items():
        if table in LEFT_OUT_TABLES:
            continue
        [given] = exported["tables"][table]
        lost = set(given.get("unreadable", ()))
        sealed = {name for name, value in row.items() if value == SEALED}
        assert sealed <= lost | {"mac", "address"}, table
        for name in given.keys() & row.keys() - lost - {"provider_id", "email"}:
            assert given[name] == (str(row[name]) if isinstance(row[name], UUID) else row[name])
    assert exported["summary"]["rows"]["goals"] == 1


async def test_more_rows_than_a_batch_come_in_their_order(stores: Stores):
    person = await someone(stores)
    [(_, conversation)] = stores.stored("SELECT user_id, id FROM app.conversations")
    key = await stores.vault.user_key(person.id)
    ids = [uuid7() for _ in range(2 * BATCH + 1)]
    with psycopg.connect(stores.admin_url) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO app.messages (id, user_id, conversation_id, role, content, created_at)"
            " VALUES (%(id)s, %(user)s, %(conversation)s, 'user', %(content)s,"
            " app.uuid7_ts(%(id)s))",
            [
                {"id": id_, "user": person.id, "conversation": conversation,
                 "content": key.seal("messages", "content", id_, f"number {place}")}
                for place, id_ in enumerate(ids)
            ],
        )  # fmt: skip
    exported = document(await zipped(stores, person.id))
    assert texts(exported) == [f"number {place}" for place in range(len(ids))]
    assert exported["summary"]["rows"]["messages"] == len(ids)


async def test_it_sees_one_moment_however_long_it_takes(stores: Stores):
    person = await someone(stores)
    await says(stores, person, "before")
    [messages] = [table for table in EXPORT_TABLES if table.name == "messages"]
    async with Exports(stores.database, stores.vault).of(person.id) as export:
        await says(stores, person, "meanwhile")
        seen = [row.values["content"] async for batch in export.rows(messages) for row in batch]
    assert seen == ["before"]


async def test_the_page_speaks_the_persons_language_and_their_time(stores: Stores):
    person = await someone(stores)
    await says(stores, person, "hola")
    stores.alter(
        """UPDATE app.profiles SET preferences = '{"locale": "es-MX", "timezone": "Asia/Tokyo"}'"""
    )
    page = (await zipped(stores, person.id)).read("index.html").decode()
    assert '<html lang="es">' in page
    assert "Todo lo que se guarda sobre ti" in page
    assert "(Asia/Tokyo)" in page
    [stored] = stores.stored("SELECT created_at AT TIME ZONE 'Asia/Tokyo' FROM app.messages")
    assert f"{stored[0]:%Y-%m-%d %H:%M}" in page


async def test_an_unknown_time_zone_is_no_obstacle(stores: Stores):
    person = await someone(stores)
    stores.alter("""UPDATE app.profiles SET preferences = '{"timezone": "Mars/Olympus"}'""")
    assert "(UTC)" in (await zipped(stores, person.id)).read("README.txt").decode()


async def test_nobody_and_the_erased_have_no_export(stores: Stores):
    person = await someone(stores)
    await stores.vault.erase_user_key(person.id)
    with pytest.raises(KeyErasedError):
        await zipped(stores, person.id)
    stranger = replace(person, id=uuid7())
    await stores.vault.new_user_key(stranger.id)
    with pytest.raises(PersonUnknownError):
        await zipped(stores, stranger.id)


async def test_names_in_the_zip_are_ascii_and_their_times_the_exports_own(stores: Stores):
    person = await someone(stores)
    archive = await zipped(stores, person.id)
    names = archive.namelist()
    assert names == [
        "export.json", *(f"csv/{table.name}.csv" for table in EXPORT_TABLES), "index.html",
        "README.txt",
    ]  # fmt: skip
    made = datetime.fromisoformat(document(archive)["made_at"])
    times = {info.date_time[:5] for info in archive.infolist()}
    assert times == {made.astimezone(UTC).timetuple()[:5]}
