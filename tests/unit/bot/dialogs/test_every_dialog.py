"""What holds for all dialogs: any words get an answer, and every keyboard leads to help."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.dialogs
from bot.dialogs import all_dialogs
from bot.dialogs.dialog import Dialog, Outcome, Turn
from bot.ids import new_id
from safety.text import ScreenedText
from tests.unit.bot.dialogs.stage import (
    NOON,
    Stage,
    check_words,
    commands,
    instruments,
    person,
    stranger,
)

DIALOGS = all_dialogs(instruments())
OPENINGS = [(dialog, command) for dialog in DIALOGS.values() for command in dialog.commands or [""]]
ENGINE_COMMANDS = {"/pause", "/resume", "/stop", "/cancel"}
KNOWN = {command for dialog in DIALOGS.values() for command in dialog.commands} | ENGINE_COMMANDS
SOURCES = sorted(Path(bot.dialogs.__path__[0]).glob("*.py"))

ODD_TEXTS = [
    "",
    " ",
    "\x00",
    "🙂",
    "مرحبا بك",
    "a\u200bb",
    "x" * 20_000,
    "/",
    "9" * 5000,
    "<PERSON_1>",
]
TEXTS = st.one_of(st.text(max_size=80), st.sampled_from(ODD_TEXTS))


def answers(stage: Stage, outcome: Outcome) -> None:
    assert outcome.replies or outcome.crisis or outcome.ask_model
    stage.state = None if outcome.state is None else json.loads(json.dumps(dict(outcome.state)))
    for command in commands(outcome):
        assert command.split()[0] in KNOWN
    for reply in outcome.replies:
        if reply.choices and not reply.safety:
            assert any(choice.command == "/help_now" for choice in reply.choices)
        for choice in reply.choices:
            assert len(f"{stage.dialog.name}:12345678:{choice.value}".encode()) <= 64
            assert len(f"!{choice.command}".encode()) <= 64


@pytest.mark.parametrize(("dialog", "command"), OPENINGS)
@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_any_words_get_an_answer(
    dialog: Dialog, command: str, texts: list[str], known: bool, with_command: bool
) -> None:
    stage = Stage(dialog, person=person() if known else stranger(locale="es-AR"))
    answers(stage, stage.begin(command, texts[0] if with_command else None))
    for words in texts:
        if stage.state is None and dialog.name != "talk":
            break
        answers(stage, stage.say(words))


@pytest.mark.parametrize(("dialog", "command"), OPENINGS)
def test_again_shows_something_and_stores_nothing(dialog: Dialog, command: str) -> None:
    stage = Stage(dialog)
    stage.begin(command)
    outcome = stage.again()
    assert outcome.replies
    assert outcome.records == ()


@pytest.mark.parametrize("dialog", DIALOGS.values(), ids=lambda dialog: dialog.name)
def test_a_turn_without_words_is_answered_as_well(dialog: Dialog) -> None:
    turn = Turn(id=new_id(), now=NOON, person=person(), command=(*dialog.commands, "")[0])
    check_words(dialog.begin(turn))
    assert dialog.resume(turn).replies


@pytest.mark.parametrize("dialog", DIALOGS.values(), ids=lambda dialog: dialog.name)
def test_nothing_a_dialog_says_by_itself_repeats_what_was_said(dialog: Dialog) -> None:
    """Words come back only through Verbatim or an argument, and here there is no reason for one."""
    said = ScreenedText.stored("quincemarmalade")
    turn = Turn(id=new_id(), now=NOON, person=person(), said=said)
    outcome = dialog.resume(turn)
    assert "quincemarmalade" not in repr(outcome.replies)


def test_every_command_belongs_to_one_dialog() -> None:
    commands = [command for dialog in DIALOGS.values() for command in dialog.commands]
    assert len(commands) == len(set(commands))
    assert not ENGINE_COMMANDS & set(commands)


def test_dialogs_do_not_know_each_other_and_do_no_io() -> None:
    concrete = set(DIALOGS)
    for source in SOURCES:
        if source.name == "__init__.py":
            continue
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                name = node.module
                assert name.removeprefix("bot.dialogs.") not in concrete - {source.stem}
                assert not name.startswith(("bot.adapters", "bot.turns", "sqlalchemy", "psycopg"))
                assert not name.startswith("storage") or name.split(".")[1] in (
                    "records",
                    "facts",
                    "people",
                )
