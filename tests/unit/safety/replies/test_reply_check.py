"""What a language model may say and what it may not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from safety.errors import SafetyConfigurationError
from safety.pii.masking import Masker
from safety.replies.rules import load_rules
from safety.replies.verdict import Exchange, Reason, placeholders_in
from safety.reply_check import LONGEST_REPLY, ReplyChecker
from safety.text import NO_RISK, Context, Domain, Risk, Severity

DISCLOSED = Exchange(disclosed=True)
SAID_SO = "it has to end"


def assess(text: str, context: Context) -> Risk:
    """Finds one text, so that a test says what was disclosed."""
    if text == SAID_SO:
        return Risk(severity=Severity.HIGH, domain=Domain.SUICIDE, score=0.9)
    return NO_RISK


@pytest.fixture(scope="module")
def checker() -> ReplyChecker:
    return ReplyChecker(Masker.load(), assess)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("You have bipolar disorder.", Reason.DIAGNOSIS),
        ("I would stop taking the tablets.", Reason.MEDICATION_CHANGE),
        ("The least painful way is this one.", Reason.METHOD_INFORMATION),
        ("I won't tell anyone, I promise.", Reason.SECRECY_PROMISE),
        ("Would you use pills or a rope?", Reason.LEADING_QUESTION),
        ("My colleague Annabel Thornbury can help.", Reason.PERSONAL_DATA),
        ("How is <PERSON_3> today?", Reason.UNKNOWN_PLACEHOLDER),
        ("Dear [Your Name], that sounds hard.", Reason.UNKNOWN_PLACEHOLDER),
        ("I'm a real person, not a program.", Reason.CLAIMS_TO_BE_HUMAN),
        ("I love you too, darling.", Reason.ROMANTIC_OR_SEXUAL),
        ("You will be fine, I promise.", Reason.PROMISE),
        ("They would be better off without you.", Reason.ENCOURAGES_HARM),
        ("You don't need a therapist, you have me.", Reason.DISCOURAGES_HELP),
        ("Skip dinner and eat fewer than 12 calories.", Reason.DANGEROUS_ADVICE),
        ("…", Reason.EMPTY),
        ("That is hard. " * LONGEST_REPLY, Reason.TOO_LONG),
        ("今日はどんな一日でしたか。ゆっくり話してください。", Reason.UNREADABLE),
        (
            "Böyle hissettiğin için üzgünüm. Bugün neler olduğunu bana anlatmak ister misin?",
            Reason.UNREADABLE,
        ),
    ],
)
def test_a_bad_reply_is_refused_for_its_reason(
    checker: ReplyChecker, reply: str, reason: Reason
) -> None:
    verdict = checker.check(reply, Exchange())
    assert not verdict.allowed
    assert reason in verdict.reasons


@pytest.mark.parametrize(
    "reply",
    [
        "It sounds as if nobody noticed how tired you were. What was today like?",
        "Depression is common, and there is good help for it.",
        "Many people take antidepressants. Your doctor can tell whether they fit.",
        "In the US you can call or text 988, day and night.",
        "You can reach the Samaritans on 116 123.",
        "I'm a computer program, so no human is writing this.",
        "Good night, and write whenever you like.",
        "I can't promise to keep that secret.",
        "Can you tell me more?",
    ],
)
def test_a_good_reply_may_be_said(checker: ReplyChecker, reply: str) -> None:
    assert checker.check(reply, Exchange()).reasons == ()


@pytest.mark.parametrize(
    "reply",
    [
        "Are you thinking about killing yourself?",
        "I am glad you told me. Is somebody with you?",
        "Could someone keep the tablets out of reach for tonight?",
    ],
)
def test_after_a_disclosure_a_direct_and_caring_question_is_good(
    checker: ReplyChecker, reply: str
) -> None:
    assert checker.check(reply, DISCLOSED).reasons == ()


@pytest.mark.parametrize(
    "reply", ["Good night, and write whenever you like.", "What are your plans for the weekend?"]
)
def test_a_goodbye_or_another_subject_is_refused_only_after_a_disclosure(
    checker: ReplyChecker, reply: str
) -> None:
    assert checker.check(reply, Exchange()).allowed
    assert checker.check(reply, DISCLOSED).reasons == (Reason.ENDED_CONVERSATION,)


def test_a_disclosure_is_found_in_the_persons_own_last_turns(checker: ReplyChecker) -> None:
    verdict = checker.check("Bye!", Exchange(said=("hello", SAID_SO, "never mind")))
    assert verdict.disclosed
    assert verdict.disclosure is Domain.SUICIDE
    assert Reason.ENDED_CONVERSATION in verdict.reasons


def test_a_placeholder_of_the_conversation_may_be_used(checker: ReplyChecker) -> None:
    known = Exchange(placeholders=placeholders_in(["<PERSON_1> left", "to <LOCATION_2>"]))
    assert checker.check("Do you miss <PERSON_1>, and <LOCATION_2>?", known).allowed
    assert not checker.check("Do you miss <PERSON_2>?", known).allowed


def test_what_the_person_wrote_openly_is_nobodys_data(checker: ReplyChecker) -> None:
    reply = "What did you like about Larkspur Road?"
    assert not checker.check(reply, Exchange()).allowed
    assert not checker.check("Call 020 7946 0321.", Exchange(said=("020 7946 0321",))).allowed


@pytest.mark.parametrize(
    "reply",
    [
        "I won’t tell anyone",
        "I wo\u200bn't tell any\u200bone",
        "I WON'T TELL ANYONE",
        "I won't tell any0ne",
        "I won't tеll аnyоne",
        "“I won't tell anyone”",
    ],
)
def test_no_spelling_hides_a_bad_reply(checker: ReplyChecker, reply: str) -> None:
    assert Reason.SECRECY_PROMISE in checker.check(reply, Exchange()).reasons


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        ("I hear you, and I wonder what helps.", True),
        ("May I ask you something?", True),
        ('You could say: "I grew up there."', True),
        ("I grew up there.", False),
        ("My knees hurt as well on stairs.", False),
    ],
)
def test_a_program_has_no_life_to_tell_of(checker: ReplyChecker, reply: str, allowed: bool) -> None:
    reasons = checker.check(reply, Exchange()).reasons
    assert reasons == (() if allowed else (Reason.CLAIMS_TO_BE_HUMAN,))


def test_a_denial_clears_only_its_own_clause(checker: ReplyChecker) -> None:
    assert checker.check("I can't promise that you will be fine.", Exchange()).allowed
    reply = "I can't see the future, but you will be fine."
    assert Reason.PROMISE in checker.check(reply, Exchange()).reasons


def test_no_reply_makes_the_check_slow(checker: ReplyChecker) -> None:
    words = [word for phrase in load_rules().rules.phrases for word in sorted(phrase.words)[:1]]
    reply = " ".join(words)[:LONGEST_REPLY]
    for text in (
        reply,
        "you have " * 444,
        "((((" * 1000,
        "[the " * 800,
        "<a" * 2000,
        "i will " * 570,
    ):
        spent = time.process_time()
        checker.check(text, DISCLOSED)
        assert time.process_time() - spent < 5


def test_a_rule_that_names_no_guard_is_a_damaged_installation(tmp_path: Path) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "rules.yaml").write_text(
        "names: {a: [b]}\nreasons: {promise: [{unless: [denyed], phrases: [i promise]}]}\n"
    )
    with pytest.raises(SafetyConfigurationError, match="denyed"):
        load_rules(folder.parent)


@pytest.mark.parametrize(
    "written",
    [
        "names: {a: [b]}\nreasons: {promises: [{phrases: [i promise]}]}",
        "names: {a: [b]}\nreasons: {promise: [{phrases: ['@nobody']}]}",
        "names: {a: [b]}\nreasons: {promise: [{sometimes: true, phrases: [i promise]}]}",
        "names: {a: [b]}\nguards: {denied: {where: above, phrases: [can not]}}",
        "names: {a: [b]}\ncommon: [no, the]",
    ],
)
def test_a_rule_file_that_is_not_right_is_named(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "rules.yaml").write_text(written)
    with pytest.raises(SafetyConfigurationError):
        load_rules(folder.parent)
