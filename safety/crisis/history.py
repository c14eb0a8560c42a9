"""What a person said before, and what a short answer makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safety.crisis.lexicon import Lexicon
from safety.crisis.rules import Kind
from safety.crisis.sentences import sentences
from safety.crisis.signals import Signal, find_signals
from safety.crisis.weighing import weigh
from safety.text import NO_RISK, Risk, Severity

_TURNS_IN_FORCE: Final = 3
_LONGEST_ANSWER: Final = 8
_DECAY: Final = 0.8
EARLIER: Final = "said in an earlier turn"


def with_history(
    now: Risk, signals: Sequence[Signal], text: str, earlier: Sequence[str], lexicon: Lexicon
) -> Risk:
    """The risk of a turn in the light of the turns before it, oldest first.

    Named means or a time make the gravest of the last turns graver. A short answer takes it up:
    "yes" keeps it, "no" or "thanks" end it. Any other text is judged by itself.
    """
    before, turns_ago = _gravest(earlier[-_TURNS_IN_FORCE:], lexicon)
    if before.severity < Severity.MEDIUM:
        return now
    taken_up = _taken_up(before, _sharpening(before, signals), text, lexicon)
    if taken_up <= now.severity:
        return now
    return Risk(
        severity=taken_up,
        domain=before.domain,
        score=round(max(now.score, before.score * _DECAY**turns_ago), 3),
        reasons=tuple(dict.fromkeys((*_sharpening(before, signals), *before.reasons, EARLIER))),
    )


def _gravest(earlier: Sequence[str], lexicon: Lexicon) -> tuple[Risk, int]:
    """The gravest risk of some turns, and how many turns ago; of two alike the later."""
    gravest, turns_ago = NO_RISK, 0
    for ago, text in enumerate(reversed(earlier), start=1):
        risk = weigh(find_signals(text, lexicon))
        if risk.severity > gravest.severity:
            gravest, turns_ago = risk, ago
    return gravest, turns_ago


def _taken_up(before: Risk, sharper: Sequence[str], text: str, lexicon: Lexicon) -> Severity:
    read = sentences(text, lexicon.grammar)
    answers = {
        match.owner
        for sentence in read
        for match in lexicon.answers.matches(sentence.line, sentence.words)
    }
    if "eases" in answers or ("denies" in answers and "agrees" not in answers):
        return Severity.NONE
    if sharper:
        return Severity(min(Severity.CRITICAL, before.severity + 1))
    if sum(len(sentence.words) for sentence in read) > _LONGEST_ANSWER:
        return Severity.NONE
    return before.severity if "agrees" in answers else Severity.LOW


def _sharpening(before: Risk, signals: Sequence[Signal]) -> list[str]:
    """The details of a turn that make an earlier risk graver."""
    return [
        signal.rule.reason
        for signal in signals
        if signal.rule.kind is Kind.DETAIL
        and signal.rule.sharpens
        and before.domain in signal.rule.domains
        and not signal.reasons
    ]
