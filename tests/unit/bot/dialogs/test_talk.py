"""Free talk: guided by cues, or by a language model where there is one and a yes to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.dialogs.cues import Cue
from bot.dialogs.dialog import Outcome, Service, Turn, Verbatim
from bot.dialogs.talk import (
    OFFER_EVERY,
    OFFERS,
    PROMPT,
    PROMPT_VERSION,
    QUESTIONS,
    REFLECTIONS,
    Talk,
)
from bot.generation import ModelReply
from prompts.render import render_prompt
from safety.text import NO_RISK
from storage.facts import Facts, MessageFact
from storage.records import Purpose
from tests.unit.bot.dialogs.stage import NOON, Stage, catalog, commands, keys, person

AGREED = person(consents=frozenset({Purpose.SERVICE, Purpose.AI_CHAT}))
WITH_MODEL = Service(language_model=True)


def answer(text: str | None, error: str | None = None) -> ModelReply:
    return ModelReply(
        text=text, model="m", tokens=3, seconds=0.1, finish_reason="stop", error=error
    )


def with_answer(stage: Stage, said: str, reply: ModelReply) -> Outcome:
    """What the engine does: asks the model, then resumes with its answer."""
    turn: Turn = stage._turn(said=said, pressed=None, risk=NO_RISK)
    assert Talk().resume(turn).ask_model is not None
    return stage._note(Talk().resume(replace(turn, model=reply)))


def test_it_reflects_and_then_asks_one_question_or_makes_one_offer() -> None:
    stage = Stage(Talk())
    for _ in range(12):
        outcome = stage.say("I worry about everything")
        first, second = keys(outcome)
        assert first.startswith("talk-worried-")
        assert second.startswith(("talk-question-", "talk-offer-"))


@pytest.mark.parametrize("said", ["I feel sad", "hello", "the garden", "are you human?", "ok"])
def test_no_wording_comes_twice_running(said: str) -> None:
    stage = Stage(Talk())
    replies = [keys(stage.say(said)) for _ in range(30)]
    for before, after in pairwise(replies):
        assert before[0] != after[0]
        assert before[-1] != after[-1]


def test_an_offer_comes_with_its_button_now_and_then() -> None:
    stage = Stage(Talk())
    outcomes = [stage.say("I cannot sleep") for _ in range(OFFER_EVERY * 2)]
    offered = [outcome for outcome in outcomes if outcome.replies[0].choices]
    assert len(offered) == 2
    for outcome in offered:
        name = keys(outcome)[-1].removeprefix("talk-offer-")
        assert f"/{name}" in commands(outcome)


def test_panic_is_met_with_grounding_at_once() -> None:
    assert "/ground" in commands(Stage(Talk()).say("I am having a panic attack"))


def test_who_asks_is_told_it_is_a_program() -> None:
    outcome = Stage(Talk()).say("are you a real person?")
    assert keys(outcome)[0].startswith("talk-human-")
    assert not outcome.replies[0].choices


def test_there_are_as_many_wordings_as_the_code_counts_with() -> None:
    for cue in Cue:
        assert len(catalog().variants(f"talk-{cue.value}")) == REFLECTIONS
    assert len(catalog().variants("talk-question")) == QUESTIONS
    for names in OFFERS.values():
        assert names


def test_without_a_yes_to_it_the_language_model_is_never_asked() -> None:
    only_service = Stage(Talk(), service=WITH_MODEL)
    no_model = Stage(Talk(), person=AGREED)
    for stage in (only_service, no_model):
        outcome = stage.say("hello")
        assert outcome.ask_model is None
        assert outcome.replies


def test_the_model_gets_the_last_messages_masked_oldest_first() -> None:
    messages = tuple(
        MessageFact(role=role, text=text, at=NOON)
        for role, text in [
            ("user", "and <PERSON_1> left"),
            ("assistant", "I hear you."),
            ("system", "an alert"),
            ("user", "it was a hard day"),
        ]
    )
    stage = Stage(Talk(), person=AGREED, service=WITH_MODEL, facts=Facts(messages=messages))
    request = stage.say("and <PERSON_1> left").ask_model
    assert request is not None
    assert [(message.role, message.text) for message in request.messages] == [
        ("user", "it was a hard day"),
        ("assistant", "I hear you."),
        ("user", "and <PERSON_1> left"),
    ]


def test_the_prompt_it_names_is_the_one_that_ships() -> None:
    assert render_prompt(PROMPT, language="en").version == PROMPT_VERSION


def test_the_models_words_are_shown_as_they_are() -> None:
    stage = Stage(Talk(), person=AGREED, service=WITH_MODEL)
    outcome = with_answer(stage, "hello", answer("Good to hear from you."))
    assert outcome.replies[0].lines == (Verbatim("Good to hear from you."),)


@pytest.mark.parametrize("error", ["timeout", "refused", "malformed", "unreachable"])
def test_when_the_model_fails_the_person_is_told_and_still_answered(error: str) -> None:
    stage = Stage(Talk(), person=AGREED, service=WITH_MODEL)
    said = keys(with_answer(stage, "I cannot sleep", answer(None, error)))
    assert said[0] == "talk-model-away"
    assert said[1].startswith("talk-sleep-")


def test_coming_back_to_it_says_that_it_is_there() -> None:
    assert keys(Stage(Talk()).again()) == ["talk-again"]
