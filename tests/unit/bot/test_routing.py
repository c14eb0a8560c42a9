"""Who answers: crisis > command > button of an open dialog > active dialog > talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frames import Conversation, Frame, Offered
from bot.routing import Decision, Heard, How, Notice, Pause, Route, Router, Stop
from bot.updates import OtherKind
from safety.text import NO_RISK, ScreenedText

COMMANDS = {
    "/start": "onboarding",
    "/mood": "mood",
    "/phq9": "assessment",
    "/gad7": "assessment",
    "/help": "help",
    "/help_now": "crisis",
}
YES = Offered(label="Several days", value="3.1")
PHQ9 = Frame(dialog="assessment", command="/phq9", nonce="abc", offered=(YES,))


def decide(
    conversation: Conversation,
    text: str | None = None,
    *,
    press: str | None = None,
    other: OtherKind | None = None,
    consented: bool = True,
) -> Decision:
    words = ScreenedText.authored(text) if text is not None else None
    heard = Heard(text=words, press=press, other=other, risk=NO_RISK, consented=consented)
    return Router(COMMANDS).decide(conversation, heard)


IN_PHQ9 = Conversation().put_on_top(PHQ9)


def route(decision: Decision) -> Route:
    assert isinstance(decision, Route)
    return decision


def test_free_text_goes_to_the_active_dialog():
    assert route(decide(IN_PHQ9, "not sure")).dialog == "assessment"


def test_free_text_goes_to_talk_when_nothing_else_is_open():
    chosen = route(decide(Conversation(), "hello"))
    assert (chosen.dialog, chosen.how) == ("talk", How.RESUME)


def test_typing_the_words_of_a_button_presses_it():
    chosen = route(decide(IN_PHQ9, "  several DAYS "))
    assert (chosen.pressed, chosen.said) == ("3.1", None)


def test_a_command_outranks_the_active_dialog_and_keeps_what_followed_it():
    chosen = route(decide(IN_PHQ9, "/mood 7 slept well"))
    assert (chosen.dialog, chosen.how) == ("mood", How.BEGIN)
    assert chosen.said is not None
    assert chosen.said.masked == "7 slept well"


@pytest.mark.parametrize("typed", ["/Help-Now", "/help_now", "  /HELP_NOW please"])
def test_a_command_is_known_however_it_is_spelled(typed: str):
    assert route(decide(Conversation(), typed)).dialog == "crisis"


def test_a_command_of_an_open_dialog_shows_its_question_again():
    chosen = route(decide(IN_PHQ9, "/phq9"))
    assert (chosen.how, chosen.frame) == (How.AGAIN, PHQ9)


def test_help_that_is_asked_for_while_the_crisis_dialog_is_open_is_an_answer_to_it():
    crisis = Frame(dialog="crisis", command="/crisis")
    chosen = route(decide(Conversation().put_on_top(crisis), "/help_now"))
    assert (chosen.how, chosen.said, chosen.frame) == (How.RESUME, None, crisis)


def test_another_instrument_opens_above_the_open_one():
    assert route(decide(IN_PHQ9, "/gad7")).how is How.BEGIN


def test_an_unknown_command_gets_a_notice():
    assert isinstance(decide(IN_PHQ9, "/nonsense"), Notice)


def test_the_current_questions_button_answers_it_and_keeps_its_label():
    chosen = route(decide(IN_PHQ9, press="assessment:abc:3.1"))
    assert (chosen.pressed, chosen.label) == ("3.1", "Several days")


@pytest.mark.parametrize(
    "data",
    [
        "assessment:old:3.1",
        "assessment:abc:9.9",
        "journal:abc:3.1",
        "",
        ":::",
        "assessment",
        "é:x:y",
    ],
)
def test_a_stale_or_foreign_button_answers_nothing(data: str):
    decision = decide(IN_PHQ9, press=data)
    assert isinstance(decision, Notice)
    assert decision.say.key == "stale-button"


def test_a_button_with_a_command_always_works():
    assert route(decide(IN_PHQ9, press="!/help_now")).dialog == "crisis"


def test_pause_and_stop_act_on_the_open_dialog():
    assert decide(IN_PHQ9, "/pause") == Pause(frame=PHQ9)
    assert decide(IN_PHQ9, "/stop") == Stop(frame=PHQ9)


@pytest.mark.parametrize("command", ["/pause", "/stop", "/resume"])
def test_with_nothing_open_there_is_nothing_to_pause_stop_or_resume(command: str):
    assert isinstance(decide(Conversation(), command), Notice)


def test_resume_brings_back_what_was_paused_last():
    chosen = route(decide(IN_PHQ9.pause_all(), "/resume"))
    assert (chosen.dialog, chosen.how) == ("assessment", How.AGAIN)


def test_before_consent_everything_leads_to_onboarding():
    for text in ("hello", "/mood 7", "/phq9"):
        assert route(decide(Conversation(), text, consented=False)).dialog == "onboarding"


@pytest.mark.parametrize(("text", "dialog"), [("/help_now", "crisis"), ("/help", "help")])
def test_before_consent_help_is_open(text: str, dialog: str):
    assert route(decide(Conversation(), text, consented=False)).dialog == dialog


def test_before_consent_an_open_crisis_goes_on():
    crisis = Conversation().put_on_top(Frame(dialog="crisis"))
    assert route(decide(crisis, "yes", consented=False)).dialog == "crisis"


def test_words_that_are_gone_since_show_where_we_were():
    onboarding = Conversation().put_on_top(Frame(dialog="onboarding"))
    assert route(decide(onboarding, None, consented=False)).how is How.AGAIN


@pytest.mark.parametrize("kind", list(OtherKind))
def test_what_is_not_text_gets_an_answer_of_its_own(kind: OtherKind):
    decision = decide(IN_PHQ9, other=kind)
    assert isinstance(decision, Notice)
    assert decision.say.key == f"other-{kind.value}"


@given(st.text(max_size=200), st.booleans())
def test_any_text_is_routed_somewhere(text: str, consented: bool):
    assert isinstance(decide(IN_PHQ9, text, consented=consented), Route | Notice | Pause | Stop)


@given(st.text(max_size=80))
def test_any_button_data_is_answered(data: str):
    assert isinstance(decide(IN_PHQ9, press=data), Route | Notice | Pause | Stop)
