"""The rules of one theme as a Presidio recognizer."""

from __future__ import annotations

from presidio_analyzer import LocalRecognizer, RecognizerResult

from safety.pii.rules import Rule, load_rules, themes
from safety.pii.spans import Span


class RuleRecognizer(LocalRecognizer):
    """Unlike Presidio's own PatternRecognizer it lets a rule look at what stands around a value,
    and no time-out inside it can quietly skip a pattern."""

    def __init__(self, theme: str, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        super().__init__(
            supported_entities=sorted({rule.type for rule in rules}), name=f"{theme} rules"
        )

    def load(self) -> None:
        """Nothing: the rules are given."""

    def analyze(
        self, text: str, entities: object, nlp_artifacts: object = None
    ) -> list[RecognizerResult]:
        lowered = text.lower()
        has_digits = any(map(str.isdigit, text))
        return [
            result(span) for rule in self._rules for span in rule.find(text, lowered, has_digits)
        ]


def result(span: Span) -> RecognizerResult:
    """Presidio's form of a find. Every find counts alike, so the score is always 1."""
    return RecognizerResult(span.type, span.start, span.end, 1.0)


def all_rule_recognizers() -> list[RuleRecognizer]:
    return [RuleRecognizer(theme, load_rules(theme)) for theme in themes()]
