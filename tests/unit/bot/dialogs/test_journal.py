"""A journal entry of one message or several."""

from __future__ import annotations

import json

import pytest

from bot.dialogs.dialog import Outcome, Turn
from bot.dialogs.journal import LONGEST, Journal
from bot.ids import new_id
from safety.text import ScreenedText
from storage.records import JournalWritten
from tests.unit.bot.dialogs.stage import NOON, Stage, all_words, keys, person


def entry(outcome: Outcome) -> JournalWritten:
    (record,) = outcome.records
    assert isinstance(record, JournalWritten)
    assert outcome.state is None
    return record


def test_one_message_after_the_command_is_an_entry() -> None:
    outcome = Stage(Journal()).begin("/journal", "It rained.\nI stayed in.")
    assert entry(outcome).text.masked == "It rained.\nI stayed in."
    assert "5 words" in all_words(outcome)


def test_several_messages_make_one_entry_once_it_is_done() -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    assert stage.say("It rained.").records == ()
    assert stage.say("I stayed in.").records == ()
    assert entry(stage.press("done")).text.masked == "It rained.\nI stayed in."


@pytest.mark.parametrize("word", ["done", "Done.", "I'm done", "listo", "Fin"])
def test_done_can_be_typed(word: str) -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    stage.say("It rained.")
    assert entry(stage.say(word)).text.masked == "It rained."


def test_masked_names_come_back_to_their_owner() -> None:
    journal, who = Journal(), person()
    state: Outcome = journal.begin(Turn(id=new_id(), now=NOON, person=who))
    for name, number in (("Ada", 1), ("Grace", 2)):
        tag = f"<PERSON_{number}>"
        said = ScreenedText.screened(f"Met {tag}.", {tag: name})
        kept = json.loads(json.dumps(state.state))
        state = journal.resume(Turn(id=new_id(), now=NOON, person=who, said=said, state=kept))
    kept = json.loads(json.dumps(state.state))
    turn = Turn(id=new_id(), now=NOON, person=who, pressed="done", state=kept)
    written = entry(journal.resume(turn))
    assert written.text.masked == "Met <PERSON_1>.\nMet <PERSON_2>."
    assert written.text.restored() == "Met Ada.\nMet Grace."


def test_throwing_it_away_stores_nothing() -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    stage.say("It rained.")
    outcome = stage.press("discard")
    assert (outcome.records, outcome.state) == ((), None)


def test_done_without_a_word_stores_nothing() -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    outcome = stage.press("done")
    assert (keys(outcome), outcome.records, outcome.state) == (["journal-empty"], (), None)


def test_an_interrupted_entry_keeps_its_parts() -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    stage.say("It rained.")
    assert keys(stage.again()) == ["journal-still-open"]
    assert entry(stage.press("done")).text.masked == "It rained."


def test_a_very_long_entry_is_kept_before_it_outgrows_its_place() -> None:
    stage = Stage(Journal())
    stage.begin("/journal")
    stage.say("x" * (LONGEST - 10))
    assert len(entry(stage.say("y" * 20)).text.masked) > LONGEST
