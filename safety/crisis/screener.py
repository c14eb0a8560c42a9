"""The crisis screener: rules, guards and earlier turns, weighed into one risk."""

from __future__ import annotations

from typing import Final

from safety.crisis.characters import is_mostly_foreign
from safety.crisis.history import with_history
from safety.crisis.lexicon import Lexicon, load_lexicon, warm
from safety.crisis.signals import find_signals
from safety.crisis.weighing import weigh
from safety.text import Context, Domain, Risk, Severity

LONGEST_TEXT: Final = 100_000
"""Characters that are read; what lies beyond is not."""

_NOT_UNDERSTOOD: Final = Risk(
    severity=Severity.LOW,
    domain=Domain.NONE,
    score=0.1,
    reasons=("language not covered: offer resources",),
)


class CrisisScreener:
    """Pure and offline. Build one and keep it: it holds the compiled rules of all languages."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon()

    def warm(self) -> None:
        """Compile every rule now, so that no message pays for it."""
        warm(self._lexicon)

    def assess(self, text: str, context: Context) -> Risk:
        """The risk a text shows, in the light of the turns before it."""
        read = text[:LONGEST_TEXT]
        signals = find_signals(read, self._lexicon)
        risk = with_history(weigh(signals), signals, read, context.earlier, self._lexicon)
        if risk.severity is Severity.NONE and is_mostly_foreign(read):
            return _NOT_UNDERSTOOD
        return risk
