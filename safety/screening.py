"""Screens one text: masks personal data and weighs the risk. Checks what a language model wants to
say. Pure, offline, never raises."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

from safety.known import NOTHING_KNOWN, Known
from safety.replies.verdict import UNCHECKED, Exchange, Verdict
from safety.text import Context, Risk, ScreenedText, Screening, Severity

if TYPE_CHECKING:
    from safety.crisis.screener import CrisisScreener
    from safety.pii.masking import Masker
    from safety.reply_check import ReplyChecker


class Screener:
    """Holds the models. Loading takes seconds: a worker keeps it in a process of its own
    (`safety.executor`)."""

    def __init__(self, masker: Masker, crisis: CrisisScreener) -> None:
        self._masker = masker
        self._crisis = crisis

    @classmethod
    def load(cls) -> Self:
        """Load every model from this machine. Raises SafetyConfigurationError when one is
        missing or damaged."""
        # The models' libraries are heavy; whoever only names a Screener does not load them.
        from safety.crisis.screener import CrisisScreener
        from safety.pii.masking import Masker

        return cls(Masker.load(), CrisisScreener.load())

    def screen(self, text: str, context: Context) -> Screening:
        """Fails closed: when masking fails, nothing of the text is kept, but a risk that was
        found still counts."""
        started = time.perf_counter()
        risk: Risk | None = None
        try:
            risk = self._crisis.assess(text, context)
            masked = self._masker.mask(text, context.known)
        except Exception:  # noqa: BLE001 - whatever went wrong, the person must be answered
            return _failure(risk, _milliseconds_since(started))
        return Screening(
            text=ScreenedText.screened(masked.text, masked.originals),
            entities=masked.entities,
            risk=risk,
            ms=_milliseconds_since(started),
            known=masked.known,
        )

    def check_reply(self, reply: str, exchange: Exchange) -> Verdict:
        """Fails closed: a reply that cannot be checked is refused. The first one loads the rules
        for replies, unless `warm` did."""
        try:
            return self._replies.check(reply, exchange)
        except Exception:  # noqa: BLE001 - whatever went wrong, the reply must not be said
            return UNCHECKED

    def warm(self) -> None:
        """Load the rules for replies now. Raises SafetyConfigurationError when they are damaged."""
        self._replies  # noqa: B018 - a cached property

    @cached_property
    def _replies(self) -> ReplyChecker:
        from safety.reply_check import ReplyChecker

        return ReplyChecker(self._masker, self._crisis.assess)

    def known_after(self, earlier: Iterable[str]) -> Known:
        """What the placeholders of a conversation stand for after some unmasked turns, oldest
        first. A turn that cannot be masked has none."""
        known = NOTHING_KNOWN
        for turn in earlier:
            with contextlib.suppress(Exception):
                known = self._masker.mask(turn, known).known
        return known


def _failure(risk: Risk | None, ms: float) -> Screening:
    failure = Screening.failure("screening failed", ms)
    if risk is not None and risk.severity > Severity.MEDIUM:
        return replace(failure, risk=risk)
    return failure


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
