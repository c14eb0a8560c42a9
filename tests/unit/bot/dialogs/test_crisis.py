"""The crisis dialog: helplines, one direct question, short steps, and no closed door."""

from __future__ import annotations

import json
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogs.crisis import Crisis
from bot.dialogs.crisis_script import ANSWERS, STEPS
from bot.dialogs.dialog import Outcome, Service
from bot.ids import new_id
from safety.resources import helplines
from safety.text import NO_RISK, Domain, Risk, Severity
from storage.facts import Facts, MessageFact
from tests.unit.bot.dialogs.stage import (
    NOON,
    Stage,
    all_words,
    commands,
    keys,
    person,
    risk,
    values,
    words,
)

HIGH = risk(Severity.HIGH)
CRITICAL = risk(Severity.CRITICAL)
MEDIUM = risk(Severity.MEDIUM)
AT_RISK = [domain for domain in Domain if domain is not Domain.NONE]


def opened(
    found: Risk = HIGH, *, counselors: bool = False, message_id: UUID | None = None
) -> Stage:
    stage = Stage(Crisis(), service=Service(counselors=counselors), message_id=message_id)
    stage.begin("/crisis", "words at risk", found)
    return stage


def alarmed(stage: Stage, outcome: Outcome) -> Outcome:
    """What the engine does with a risk that an answer showed: it comes back with it."""
    assert outcome.crisis is not None
    return stage.say("yes", risk=outcome.crisis)


def is_card(outcome: Outcome) -> bool:
    return "card-emergency" in keys(outcome)


@pytest.mark.parametrize("domain", AT_RISK)
def test_a_high_risk_gets_the_card_then_one_direct_question(domain: Domain) -> None:
    outcome = opened(risk(Severity.HIGH, domain)).last
    assert is_card(outcome)
    slug = domain.value.replace("_", "-")
    assert keys(outcome)[0] == f"crisis-{slug}-open"
    assert keys(outcome)[-1] == f"crisis-{slug}-ask"
    assert values(outcome) == ["danger", "some", "safe", "misread"]
    assert all(reply.safety for reply in outcome.replies)


def test_suicide_is_asked_about_by_its_name() -> None:
    assert "ending your life right now?" in all_words(opened().last)


def test_the_card_is_the_one_of_the_persons_region() -> None:
    assert "024" in all_words(opened().last)
    there = Stage(Crisis(), person=person(region="GB"))
    assert "116 123" in all_words(there.begin("/crisis", risk=HIGH))


def test_without_a_region_the_deployments_own_card_says_so() -> None:
    stage = Stage(Crisis(), person=person(region=None), service=Service(default_region="IE"))
    outcome = stage.begin("/crisis", risk=HIGH)
    assert "these are for Ireland" in all_words(outcome)


@pytest.mark.parametrize("command", ["/help_now", "/crisis", "/sos"])
def test_help_can_be_asked_for_without_any_risk_or_accusation(command: str) -> None:
    outcome = Stage(Crisis()).begin(command)
    assert keys(outcome)[0] == "crisis-none-open"
    assert "ending your life" not in all_words(outcome)
    assert is_card(outcome)


def test_it_tells_the_truth_about_who_was_alerted() -> None:
    assert "crisis-told" in keys(opened(counselors=True).last)
    assert "crisis-nobody-reads" in keys(opened(counselors=False).last)
    asked = Stage(Crisis(), service=Service(counselors=True))
    assert "crisis-nobody-reads" in keys(asked.begin("/help_now"))


def test_a_critical_risk_gets_the_emergency_number_before_anything_else() -> None:
    outcome = opened(CRITICAL).last
    assert keys(outcome)[0] == "crisis-call-now"
    assert "call 112 now" in words(outcome.replies[0])
    assert values(outcome) == list(ANSWERS["means"])


@pytest.mark.parametrize("domain", [Domain.ABUSE, Domain.HARM_TO_OTHERS])
def test_where_someone_may_be_hurt_by_another_the_police_number_is_given(domain: Domain) -> None:
    stage = Stage(Crisis(), person=person(region="JP"))
    outcome = stage.begin("/crisis", risk=risk(Severity.CRITICAL, domain))
    assert helplines("JP").emergency_for(domain).number in words(outcome.replies[0])


def test_yes_right_now_alerts_humans_and_leads_to_safety_step_by_step() -> None:
    stage = opened(counselors=True)
    outcome = stage.press("danger")
    assert outcome.crisis is not None
    assert outcome.crisis.severity is Severity.CRITICAL
    assert "crisis-call-now" in keys(alarmed(stage, outcome))
    assert "crisis-means" in keys(stage.last)
    assert keys(stage.press("near")) == ["crisis-means-near-said", "crisis-company"]
    end = stage.press("no")
    assert "crisis-stay-begin" in keys(end)
    assert values(end) == ["safe", "numbers"]
    assert end.state is not None


def test_while_it_is_not_safe_it_stays_and_never_says_the_same_twice_running() -> None:
    stage = opened(CRITICAL)
    stage.press("away")
    stage.press("yes")
    said = [all_words(stage.say("I do not know what to do")) for _ in range(8)]
    assert all(before != after for before, after in pairwise(said))
    assert all("112" in reply for reply in said)
    assert stage.press("safe").state is None


def test_thoughts_without_danger_get_steps_and_a_soft_end() -> None:
    stage = opened()
    assert keys(stage.press("some"))[0] == "crisis-suicide-some"
    stage.press("nothing")
    outcome = stage.press("could")
    assert keys(outcome)[-1] == "crisis-some-end"
    assert outcome.state is None
    assert {"/resume", "/help_now"} <= set(commands(outcome))


@pytest.mark.parametrize("value", ["safe", "misread"])
def test_safe_and_misread_soften_at_once_and_offer_to_go_on(value: str) -> None:
    outcome = opened().press(value)
    assert not is_card(outcome)
    assert outcome.state is None
    assert outcome.crisis is None
    assert "/resume" in commands(outcome)


def test_who_was_misread_is_told_that_a_human_may_still_look() -> None:
    assert "crisis-misread-told" in keys(opened(counselors=True).press("misread"))
    assert "crisis-misread-told" not in keys(opened().press("misread"))


def test_a_medium_risk_gets_one_gentle_question_without_a_card() -> None:
    outcome = opened(MEDIUM, counselors=True).last
    assert not is_card(outcome)
    assert "Are you having thoughts of ending your life?" in all_words(outcome)
    assert "crisis-told" not in keys(outcome)


@pytest.mark.parametrize("value", ["danger", "some"])
def test_a_yes_to_the_gentle_question_about_suicide_calls_for_humans(value: str) -> None:
    stage = opened(MEDIUM, counselors=True)
    outcome = stage.press(value)
    assert outcome.crisis is not None
    assert outcome.crisis.severity is Severity.HIGH
    assert is_card(alarmed(stage, outcome))
    assert "crisis-told" in keys(stage.last)
    assert keys(stage.last)[-1] == "crisis-suicide-ask"


def test_sometimes_about_drinking_gets_help_without_an_alarm() -> None:
    outcome = opened(risk(Severity.MEDIUM, Domain.SUBSTANCE)).press("some")
    assert outcome.crisis is None
    assert is_card(outcome)


def test_no_answer_to_the_gentle_question_is_fine() -> None:
    outcome = opened(MEDIUM).say("I would rather talk about my week")
    assert keys(outcome) == ["crisis-gentle-unanswered"]
    assert outcome.state is None


def test_an_unclear_answer_is_asked_about_once_and_then_the_door_stays_open() -> None:
    stage = opened()
    assert keys(stage.say("my sister called")) == ["crisis-unclear", "crisis-suicide-ask"]
    outcome = stage.say("she was nice")
    assert keys(outcome) == ["crisis-open-door"]
    assert "112" in all_words(outcome)
    assert outcome.state is None


@pytest.mark.parametrize(
    ("domain", "said", "leads_to"),
    [
        (Domain.SUICIDE, "yes", "alarm"),
        (Domain.SUICIDE, "Yes.", "alarm"),
        (Domain.SUICIDE, "sí", "alarm"),
        (Domain.SUICIDE, "no", "crisis-safe"),
        (Domain.SUICIDE, "I'm not safe", "alarm"),
        (Domain.SUICIDE, "maybe", "crisis-suicide-some"),
        (Domain.SUICIDE, "I was joking", "crisis-misread"),
        (Domain.SUICIDE, "ok", "crisis-unclear"),
        (Domain.ABUSE, "yes", "crisis-safe"),
        (Domain.ABUSE, "no", "alarm"),
        (Domain.ABUSE, "no sé", "crisis-abuse-some"),
        (Domain.SAFEGUARDING_MINOR, "yes", "crisis-safe"),
        (Domain.MEDICAL_EMERGENCY, "yes", "alarm"),
        (Domain.SUBSTANCE, "the numbers", "crisis-numbers-2"),
    ],
)
def test_typed_answers_mean_what_the_question_asked(
    domain: Domain, said: str, leads_to: str
) -> None:
    outcome = opened(risk(Severity.HIGH, domain)).say(said)
    if leads_to == "alarm":
        assert outcome.crisis is not None
    else:
        assert leads_to in keys(outcome)
        assert outcome.crisis is None


# The same card never comes twice running.


def test_a_second_risk_while_asking_brings_a_shorter_card_in_other_words() -> None:
    stage = opened()
    first = words(stage.last.replies[0])
    cards = [words(stage.say("worse words", risk=HIGH).replies[0]) for _ in range(5)]
    assert all(before != after for before, after in pairwise([first, *cards]))
    assert all(len(card) < len(first) for card in cards)
    assert all("112" in card for card in cards)


def test_a_crisis_soon_after_another_does_not_repeat_its_card() -> None:
    first = all_words(opened().last)
    shown = Facts(messages=(MessageFact(role="assistant", text=first, at=NOON),))
    stage = Stage(Crisis(), facts=shown)
    outcome = stage.begin("/crisis", risk=HIGH)
    assert words(outcome.replies[0]) not in first
    assert keys(outcome)[0] == "crisis-again-2"


def test_a_helpline_that_the_person_mentions_is_no_card() -> None:
    said = Facts(messages=(MessageFact(role="user", text="I called Línea 024", at=NOON),))
    stage = Stage(Crisis(), facts=said)
    assert keys(stage.begin("/crisis", risk=HIGH))[0] == "crisis-suicide-open"


def test_a_graver_risk_moves_on_to_the_emergency_number() -> None:
    stage = opened(MEDIUM)
    assert is_card(stage.say("worse", risk=HIGH))
    assert keys(stage.say("worse still", risk=CRITICAL))[0] == "crisis-call-now"
    outcome = stage.say("and worse", risk=CRITICAL)
    assert "112" in all_words(outcome)
    assert keys(outcome)[-1] == "crisis-means"


def test_another_danger_brings_its_own_words() -> None:
    outcome = opened().say("he is at the door", risk=risk(Severity.CRITICAL, Domain.ABUSE))
    assert "crisis-abuse-danger" in keys(outcome)
    assert "crisis-place" in keys(outcome)


def test_who_may_be_hurt_at_home_is_not_asked_whether_someone_is_there() -> None:
    for domain in (Domain.ABUSE, Domain.SAFEGUARDING_MINOR):
        assert "company" not in STEPS[domain]


def test_after_an_interruption_it_comes_back_to_its_question() -> None:
    stage = opened()
    assert keys(stage.again()) == ["crisis-back", "crisis-suicide-ask"]
    stage.press("some")
    assert keys(stage.again())[-1] == "crisis-means"


@settings(max_examples=100, deadline=None)
@given(
    found=st.sampled_from([NO_RISK, MEDIUM, HIGH, CRITICAL]),
    domain=st.sampled_from(list(Domain)),
    stored=st.booleans(),
    steps=st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=8),
)
def test_whatever_is_pressed_or_typed_the_door_is_never_closed(
    found: Risk, domain: Domain, stored: bool, steps: list[tuple[int, bool]]
) -> None:
    message_id = new_id() if stored else None
    stage = opened(risk(found.severity, domain), counselors=True, message_id=message_id)
    for number, typed in steps:
        buttons = values(stage.last)
        if stage.state is None or not buttons:
            break
        before = stage.last
        outcome = stage.say("…") if typed else stage.press(buttons[number % len(buttons)])
        if outcome.crisis is not None:
            outcome = alarmed(stage, outcome)
        assert outcome.replies
        assert all(reply.safety for reply in outcome.replies)
        assert any(reply.choices for reply in outcome.replies)
        assert all_words(outcome) != all_words(before)
        assert outcome.ask_model is None
        stage.state = json.loads(json.dumps(outcome.state))
