"""`You misread me` on a real database: what is kept of it, who may be read, and when that ends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

import storage.misread
from safety.text import Domain, Severity
from storage.audit.log import AuditLog
from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import Erasure
from storage.findings import derived_id
from storage.misread import Candidate, Misread
from storage.people import Person
from storage.records import ConsentRecorded, MisreadReported, Purpose, RiskSource
from storage.retention import Keep, Retention
from tests.engine import CRISIS_WORDS, WORRYING_WORDS, Someone, worker
from tests.integration.stores import NOW, Stores, entry, found, identity, words
from tests.processes import as_url, run

QUESTION = "may the people who run this service read that message"
REPORTS = "SELECT message_id, severity, source, event_data FROM app.safety_events" \
    " WHERE event_type = 'misread' ORDER BY id"  # fmt: skip


@pytest.fixture
async def friend(database: Database, admin_url: str, tmp_path: Path) -> AsyncIterator[Someone]:
    async with worker(database, admin_url, tmp_path) as (app, platform):
        friend = Someone(app, platform)
        await friend.agrees()
        yield friend


@pytest.fixture
def listed(database: Database, vault: Vault) -> Callable[[], Any]:
    async def candidates() -> list[Candidate]:
        return [each async for each in Misread(database, vault).candidates()]

    return candidates


async def is_misread(friend: Someone, text: str = WORRYING_WORDS) -> str:
    """They say it, and then that it was not meant so; returns what they are told."""
    await friend.says(text)
    [told] = await friend.presses("You misread me")
    return told.text


# ---------------------------------------------------------------- whole turns


async def test_a_yes_makes_the_masked_message_a_candidate_with_what_came_before(
    friend: Someone, stores: Stores, listed: Callable[[], Any]
) -> None:
    await friend.says("I moved in with Maria")
    assert QUESTION in await is_misread(friend, f"{WORRYING_WORDS}, says Maria")
    assert await listed() == []
    [thanks] = await friend.presses("Yes")
    assert "/privacy" in thanks.text
    [candidate] = await listed()
    assert candidate.text == f"{WORRYING_WORDS}, says <PERSON_1>"
    assert candidate.earlier[-1] == "I moved in with <PERSON_1>"
    assert candidate.language == "en"
    assert (candidate.risk.domain, candidate.risk.severity) == (Domain.SUICIDE, Severity.MEDIUM)
    [(consent, text)] = stores.stored(
        "SELECT granted, consent_text FROM app.consents WHERE consent_type = 'teaching'"
    )
    assert consent
    assert QUESTION in text


async def test_what_was_found_stays_as_it_was_and_the_report_stands_beside_it(
    friend: Someone, stores: Stores
) -> None:
    before = "SELECT * FROM app.safety_events WHERE source = 'text'"
    await friend.says(WORRYING_WORDS)
    events = stores.stored(before)
    await friend.presses("You misread me")
    await friend.presses("Yes")
    assert stores.stored(before) == events
    [(about, severity, source, sealed)] = stores.stored(REPORTS)
    assert (severity, source) == ("low", "person")
    assert b"teaches" not in sealed
    assert stores.stored("SELECT message_id FROM app.safety_events WHERE source = 'text'") == [
        (about,)
    ]


@pytest.mark.parametrize("answer", ["No", "well, my week was long", "/mood 5", "/resume", "/pause"])
async def test_without_a_yes_it_is_known_that_they_were_misread_and_nothing_more(
    friend: Someone, stores: Stores, listed: Callable[[], Any], answer: str
) -> None:
    await is_misread(friend)
    replies = await friend.says(answer)
    assert replies
    assert not any(QUESTION in reply.text for reply in replies)
    assert not any(QUESTION in reply.text for reply in await friend.says("it was a long week"))
    assert len(stores.stored(REPORTS)) == 1
    assert stores.stored("SELECT FROM app.consents WHERE consent_type = 'teaching'") == []
    assert await listed() == []


async def test_nothing_is_asked_after_something_critical_and_the_flag_stays(
    friend: Someone, stores: Stores
) -> None:
    await friend.says(CRISIS_WORDS)
    [told] = await friend.says("you misread me")
    assert QUESTION not in told.text
    assert len(stores.stored(REPORTS)) == 1
    assert stores.stored("SELECT resolved FROM app.crisis_flags") == [(False,)]


async def test_an_answer_to_a_questionnaire_is_not_asked_about(friend: Someone) -> None:
    await friend.says("/phq9")
    for _ in range(8):
        await friend.presses("Not at all")
    await friend.presses("Several days")
    [told] = await friend.presses("You misread me")
    assert QUESTION not in told.text


async def test_help_now_is_there_while_the_question_is_open(friend: Someone) -> None:
    await is_misread(friend)
    assert "988" in (await friend.presses("Help now"))[0].text


async def test_taking_it_back_is_one_press_and_holds_for_all_of_them(
    friend: Someone, stores: Stores, listed: Callable[[], Any]
) -> None:
    for text in (WORRYING_WORDS, f"{WORRYING_WORDS}, again"):
        await is_misread(friend, text)
        await friend.presses("Yes")
    assert len(await listed()) == 2
    assert "may teach me: yes" in (await friend.says("/privacy"))[0].text
    [done] = await friend.presses("Stop teaching")
    assert "not used for teaching any more" in done.text
    assert await listed() == []
    assert [sealed for *_, sealed in stores.stored(REPORTS)] == [None, None]
    told = "SELECT new_values FROM app.audit_logs WHERE action = 'withdrew'"
    assert stores.stored(told) == [({"purpose": "teaching", "let_go": 2},)]
    await is_misread(friend, f"{WORRYING_WORDS}, once more")
    await friend.presses("Yes")
    [only] = await listed()
    assert only.text.endswith("once more")


async def test_who_leaves_the_service_teaches_nothing_either(
    friend: Someone, listed: Callable[[], Any]
) -> None:
    await is_misread(friend)
    await friend.presses("Yes")
    await friend.says("/privacy off service")
    await friend.presses("Yes")
    assert await listed() == []


async def test_who_is_forgotten_is_on_no_list(friend: Someone, listed: Callable[[], Any]) -> None:
    await is_misread(friend)
    await friend.presses("Yes")
    await friend.says("/forget")
    await friend.presses("Yes, forget me")
    await friend.presses("Delete everything")
    assert await listed() == []


# ---------------------------------------------------------------- what is stored, and read


def consent(purpose: Purpose, *, granted: bool = True) -> ConsentRecorded:
    return ConsentRecorded(
        id=uuid7(), purpose=purpose, version=1, text="as shown", granted=granted, at=NOW
    )


async def teaching(stores: Stores, name: str, *texts: str) -> tuple[Person, list[UUID]]:
    """Somebody who lets these flagged messages teach, in the order they wrote them."""
    person = await stores.people.of(identity(name))
    await stores.turn(person, records=(consent(Purpose.SERVICE), consent(Purpose.TEACHING)))
    about = []
    for text in texts:
        said = entry(words(text, PERSON_1="Maria"))
        lease = await stores.held(person, said, findings=(found(),))
        report = MisreadReported(about=said.message_id, teaches=True)
        await stores.commit(lease, said, records=(report,))
        about.append(said.message_id)
    return person, about


async def test_a_listing_is_told_to_the_audit_log_of_each_person_before_it_is_seen(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    person, about = await teaching(stores, "one", "first", "second")
    other, theirs = await teaching(stores, "two", "third")
    candidates = await listed()
    told = stores.stored(
        "SELECT user_id, resource_id, resource_type, new_values ->> 'purpose',"
        " (new_values ->> 'earlier')::int FROM app.audit_logs"
        " WHERE action = 'read' ORDER BY user_id, seq"
    )
    where = ("messages", "teaching")
    assert told == [
        (person.id, about[0], *where, 1),
        (person.id, about[1], *where, 2),
        (other.id, theirs[0], *where, 1),
    ]
    assert [each.text for each in candidates] == ["first", "second", "third"]
    assert candidates[1].earlier == ("hello", "first")


async def test_people_are_told_apart_by_an_alias_and_messages_by_an_id_that_stay(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    await teaching(stores, "one", "first", "second")
    await teaching(stores, "two", "third")
    once, again = await listed(), await listed()
    assert once == again
    assert len({each.id for each in once}) == 3
    assert once[0].alias == once[1].alias != once[2].alias
    shown = repr(once)
    for [user_id] in stores.stored("SELECT id FROM app.users"):
        assert str(user_id) not in shown


async def test_everybody_is_found_however_many_they_are(
    stores: Stores, listed: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.misread, "_AT_ONCE", 2)
    for number in range(5):
        await teaching(stores, f"person-{number}", f"text {number}")
    assert [each.text for each in await listed()] == [f"text {number}" for number in range(5)]


async def test_nothing_is_written_about_a_message_that_is_not_theirs_or_was_not_kept(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    _, [about] = await teaching(stores, "one", "first")
    other = await stores.people.of(identity("two"))
    for message_id in (about, uuid7()):
        report = MisreadReported(about=message_id, teaches=True)
        await stores.turn(other, "a reply", records=(consent(Purpose.TEACHING), report))
    assert stores.stored("SELECT user_id FROM app.safety_events WHERE user_id = %s", other.id) == []
    assert len(await listed()) == 1


async def test_what_was_said_last_of_a_message_counts(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    person, [about] = await teaching(stores, "one", "first")
    await stores.turn(person, records=(MisreadReported(about=about, teaches=False),))
    assert len(stores.stored(REPORTS)) == 1
    assert await listed() == []


async def test_a_report_moved_to_another_message_teaches_nothing(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    _, [first, second] = await teaching(stores, "one", "first", "second")
    stores.alter(
        "UPDATE app.safety_events SET message_id = %s WHERE id = %s",
        first,
        derived_id(second, "misread"),
    )
    assert [each.text for each in await listed()] == ["first"]


async def test_a_message_that_does_not_open_is_left_out_and_the_others_are_listed(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    _, [first, _] = await teaching(stores, "one", "first", "second")
    stores.alter("UPDATE app.messages SET content = 'tampered with' WHERE id = %s", first)
    assert await listed() == [], "the second is not read without what came before it"
    stores.alter("DELETE FROM app.messages WHERE id = %s", first)
    assert [each.text for each in await listed()] == ["second"]


async def test_only_what_screening_read_in_words_can_teach_it(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    person, _ = await teaching(stores, "one")
    said = entry("several days")
    shown = found(source=RiskSource.ASSESSMENT_ITEM)
    lease = await stores.held(person, said, findings=(shown,))
    report = MisreadReported(about=said.message_id, teaches=True)
    await stores.commit(lease, said, records=(report,))
    assert len(stores.stored(REPORTS)) == 1
    assert await listed() == []


@pytest.mark.parametrize("ended", ["withdrawn", "withdrawn elsewhere", "expired"])
async def test_a_consent_that_does_not_stand_now_is_none(
    stores: Stores, listed: Callable[[], Any], ended: str
) -> None:
    person, _ = await teaching(stores, "one", "first")
    if ended == "withdrawn":
        await stores.turn(person, records=(consent(Purpose.TEACHING, granted=False),))
        await stores.turn(person, records=(consent(Purpose.TEACHING),))
    elif ended == "withdrawn elsewhere":
        stores.alter(
            "INSERT INTO app.consents (id, user_id, consent_type, version, consent_text, granted)"
            " VALUES (%s, %s, 'teaching', 1, 'as shown', false)",
            *(uuid7(), person.id),
        )
    else:
        stores.alter("UPDATE app.consents SET expires_at = now() WHERE consent_type = 'teaching'")
    assert await listed() == []


async def test_a_report_goes_with_the_message_it_is_about(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    await teaching(stores, "one", "first")
    keep = Keep(messages=30, moods=0, ai_runs=0, audit=0)
    audit = AuditLog(stores.database, stores.vault)
    retention = Retention(stores.database, stores.vault, audit, keep)
    await retention._clear_children(datetime.now(UTC) + timedelta(days=1))
    assert stores.stored(REPORTS) == []
    assert await listed() == []
    await teaching(stores, "two", "second")
    stores.alter("DELETE FROM app.messages")
    assert stores.stored(REPORTS) == []


async def test_erasing_a_person_erases_what_they_let_teach(
    stores: Stores, listed: Callable[[], Any]
) -> None:
    person, _ = await teaching(stores, "one", "first")
    erasure = Erasure(stores.database, stores.vault)
    await erasure.request(person.id, "operator", None)
    assert await listed() == [], "from the wish on"
    await erasure.erase(person.id)
    assert await listed() == []


# ---------------------------------------------------------------- the command


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": as_url(database_url), "EVENKEEL_DATA_DIR": str(tmp_path)}


async def test_the_command_prints_lines_that_the_corpus_and_the_screener_take(
    stores: Stores, settings: dict[str, str]
) -> None:
    person, _ = await teaching(stores, "one", "I could <PERSON_1>\x1b[2J")
    code, out, err = await run(settings, "flags", "misread", "--json")
    assert (code, err) == (0, "")
    line = json.loads(out)
    assert set(line) == {"id", "theme", "lang", "context", "text", "screened"}
    assert line["text"] == "I could <PERSON_1>\x1b[2J"
    assert line["screened"] == {
        "severity": "high",
        "domain": "suicide",
        "score": 0.9,
        "reasons": ["plan"],
    }
    assert "Maria" not in out
    assert str(person.id) not in out
    code, plain, _ = await run(settings, "flags", "misread")
    assert plain == f"{line['theme']}  suicide  high  I could <PERSON_1> [2J\n"
    assert stores.stored("SELECT count(*) FROM app.audit_logs WHERE action = 'read'") == [(2,)]


async def test_without_a_candidate_the_command_says_so_and_prints_no_line(
    settings: dict[str, str],
) -> None:
    assert await run(settings, "flags", "misread", "--json") == (0, "", "")
    code, out, _ = await run(settings, "flags", "misread")
    assert (code, out) == (0, "Nobody lets a misread message teach the screener.\n")
