"""The crisis screener: rules, guards, earlier turns and a model, weighed into one risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, Self

from safety.crisis.characters import is_mostly_foreign
from safety.crisis.history import with_history
from safety.crisis.judging import judged
from safety.crisis.lexicon import Lexicon, load_lexicon, warm
from safety.crisis.opinion import Opinion
from safety.crisis.signals import find_signals
from safety.crisis.weighing import weigh
from safety.crisis.wording import Wording
from safety.text import Context, Domain, Risk, Severity

LONGEST_TEXT: Final = 20_000
"""Characters that are read, five times the longest message of Telegram."""

_NOT_UNDERSTOOD: Final = Risk(
    severity=Severity.LOW,
    domain=Domain.NONE,
    score=0.1,
    reasons=("language not covered: offer resources",),
)


class Reads(Protocol):
    """What has an opinion of a text: a RiskModel. `words` are those it knows whole."""

    words: frozenset[str]

    def read(self, words: str, earlier: Sequence[str]) -> Opinion: ...


class CrisisScreener:
    """Pure and offline. Build one and keep it: it holds the compiled rules of all languages."""

    def __init__(self, lexicon: Lexicon, model: Reads) -> None:
        self._lexicon = lexicon
        self._wording = Wording(lexicon.grammar.spelling, model.words)
        self._model = model

    @classmethod
    def load(cls) -> Self:
        """Compile every rule and load the model now, so that no message pays for it. Raises
        SafetyConfigurationError when a file is missing or damaged."""
        from safety.crisis.model import RiskModel  # heavy

        lexicon = load_lexicon()
        warm(lexicon)
        return cls(lexicon, RiskModel.load())

    def assess(self, text: str, context: Context) -> Risk:
        """The risk a text shows, in the light of the turns before it."""
        read = _within_bounds(text)
        signals = find_signals(read, self._lexicon)
        rules = with_history(weigh(signals), signals, read, context.earlier, self._lexicon)
        earlier = [self._wording.of(_within_bounds(turn)) for turn in context.earlier[-3:]]
        risk = judged(rules, self._model.read(self._wording.of(read), earlier))
        if risk.severity is Severity.NONE and is_mostly_foreign(read):
            return _NOT_UNDERSTOOD
        return risk


def _within_bounds(text: str) -> str:
    """All of what people write. Of what is longer by far, the beginning and the end, which are
    kept apart."""
    if len(text) <= LONGEST_TEXT:
        return text
    half = LONGEST_TEXT // 2
    return f"{text[:half]}\n{text[-half:]}"
