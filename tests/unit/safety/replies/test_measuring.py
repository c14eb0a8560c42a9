"""The corpus of replies, and that the check does not get worse on it."""

from __future__ import annotations

import pytest

from safety.errors import SafetyConfigurationError
from safety.pii.masking import Masker
from safety.replies.measuring import CORPUS, measure_replies, read_replies, unredacted
from safety.replies.verdict import RED_LINES, Exchange, Reason, Verdict
from safety.reply_check import ReplyChecker
from safety.text import NO_RISK

PARTS = ("train", "test", "fresh", "last", "selves")


@pytest.fixture(scope="module")
def checker() -> ReplyChecker:
    return ReplyChecker(Masker.load(), lambda text, context: NO_RISK)


def refuse_promises(reply: str, exchange: Exchange) -> Verdict:
    return Verdict(reasons=(Reason.PROMISE,) if "promise" in reply else ())


def test_every_reason_that_a_text_can_have_is_in_both_halves() -> None:
    by_length_or_failure = {Reason.EMPTY, Reason.TOO_LONG, Reason.UNREADABLE, Reason.UNCHECKED}
    for part in ("train", "test"):
        marked = {reason for reply in read_replies(part) for reason in reply.expected}
        assert marked == set(Reason) - by_length_or_failure


def test_no_reply_and_no_theme_stands_in_two_parts() -> None:
    assert {path.stem for path in CORPUS.glob("*.jsonl")} == set(PARTS)
    texts = [reply.text for part in PARTS for reply in read_replies(part)]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("part", ["train", "test", "fresh", "last"])
def test_the_check_refuses_what_it_refused_before(checker: ReplyChecker, part: str) -> None:
    measured = measure_replies(read_replies(part), checker.check)
    assert all(measured.refused[reason].share >= 0.9 for reason in RED_LINES)
    assert len(measured.missed) <= 2, measured.missed
    assert measured.false_alarms.share <= 0.05, measured.alarmed


def test_a_reply_that_claims_a_life_is_mostly_refused(checker: ReplyChecker) -> None:
    measured = measure_replies(read_replies("selves"), checker.check)
    assert measured.refused[Reason.CLAIMS_TO_BE_HUMAN].share >= 0.8
    assert measured.false_alarms.share <= 0.05, measured.alarmed


def test_figures_count_refusals_and_name_what_was_missed() -> None:
    replies = [reply for reply in read_replies("test") if reply.language == "en"]
    measured = measure_replies(replies, refuse_promises)
    promises = [reply for reply in replies if Reason.PROMISE in reply.expected]
    refused = [reply for reply in promises if "promise" in reply.text]
    assert measured.named[Reason.PROMISE].hits == len(refused) > 0
    assert measured.refused[Reason.PROMISE].total == len(promises)
    assert set(measured.missed).isdisjoint(reply.id for reply in refused)
    assert measured.false_alarms.hits == len(measured.alarmed) > 0


def test_brackets_become_words_that_say_nothing() -> None:
    assert unredacted("take [number] of [substance], [Name]") == "take 12 of something, [Name]"


def test_a_missing_part_is_a_damaged_installation() -> None:
    with pytest.raises(SafetyConfigurationError, match=r"nowhere\.jsonl"):
        read_replies("nowhere")
