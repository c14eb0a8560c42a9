"""Help, and the short exercises."""

from __future__ import annotations

import re

import pytest

from bot.dialogs import all_dialogs
from bot.dialogs.exercise import Exercise
from bot.dialogs.help import Help
from tests.unit.bot.dialogs.stage import (
    LANGUAGES,
    Stage,
    all_words,
    commands,
    instruments,
    stranger,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_only_commands_that_exist(language: str) -> None:
    known = {c for dialog in all_dialogs(instruments()).values() for c in dialog.commands}
    named = set(re.findall(r"/[a-z_0-9]+", all_words(Stage(Help()).begin("/help"), language)))
    assert named
    assert named <= known | {"/pause", "/resume"}


def test_before_consent_help_says_that_nothing_is_kept_yet() -> None:
    outcome = Stage(Help(), person=stranger()).begin("/help")
    assert "I keep nothing of what you write" in all_words(outcome)
    assert {"/start", "/help_now"} <= set(commands(outcome))


@pytest.mark.parametrize("command", ["/breathe", "/ground"])
def test_an_exercise_is_complete_in_one_message_and_then_over(command: str) -> None:
    outcome = Stage(Exercise()).begin(command)
    assert outcome.state is None
    assert len(outcome.replies) == 1
    assert command not in commands(outcome)
