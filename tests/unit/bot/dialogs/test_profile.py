"""Language and country."""

from __future__ import annotations

import pytest

from bot.dialogs.profile import Profile
from storage.records import ProfileChanged
from tests.unit.bot.dialogs.stage import Stage, all_words, commands, keys, person


def test_settings_show_language_and_country() -> None:
    outcome = Stage(Profile(), person=person(locale="es-MX", region="MX")).begin("/settings")
    assert "Idioma: español" in all_words(outcome, "es")
    assert "México" in all_words(outcome, "es")
    assert {"/language", "/region"} <= set(commands(outcome))


def test_a_country_that_was_never_set_is_called_that() -> None:
    outcome = Stage(Profile(), person=person(region=None)).begin("/settings")
    assert "settings-no-region" in keys(outcome)


@pytest.mark.parametrize("said", ["es", "Spanish", "Español", "castellano"])
def test_a_language_is_known_by_several_names(said: str) -> None:
    outcome = Stage(Profile()).begin("/language", said)
    assert outcome.records == (ProfileChanged(locale="es"),)
    assert outcome.state is None


def test_a_language_can_be_pressed() -> None:
    stage = Stage(Profile())
    stage.begin("/language")
    assert stage.press("es").records == (ProfileChanged(locale="es"),)


def test_a_country_can_be_pressed_typed_or_left_as_it_was() -> None:
    stage = Stage(Profile())
    stage.begin("/region")
    assert stage.press("IE").records == (ProfileChanged(region="IE"),)
    assert Stage(Profile()).begin("/region", "uruguay").records == (ProfileChanged(region="UY"),)
    stage.begin("/region")
    outcome = stage.press("skip")
    assert (outcome.records, outcome.state) == ((), None)


@pytest.mark.parametrize("command", ["/language", "/region"])
def test_what_is_not_understood_is_asked_again_and_then_let_go(command: str) -> None:
    stage = Stage(Profile())
    stage.begin(command)
    assert stage.say("qwertz").state is not None
    assert stage.say("qwertz").state is not None
    outcome = stage.say("qwertz")
    assert keys(outcome) == ["settings-unchanged"]
    assert (outcome.records, outcome.state) == ((), None)
