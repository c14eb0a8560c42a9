"""Presidio's analyzer with our recognizers. Heavy: import it only on the way of `Screener.load`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Self

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from safety.pii.language_model import LANGUAGE, LanguageModel
from safety.pii.mentions import Mentions
from safety.pii.names import NameRecognizer
from safety.pii.recognizer import all_rule_recognizers
from safety.pii.spans import Span
from safety.text import EntityType


class NoEnhancer(ContextAwareEnhancer):
    """Leaves finds as they are: our recognizers look at the words around a find themselves."""

    def __init__(self) -> None:
        super().__init__(0, 0, 0, 0)

    def enhance_using_context(
        self, text: object, raw_results: list[RecognizerResult], *_: object, **__: object
    ) -> list[RecognizerResult]:
        return raw_results


class Finder:
    """Finds personal data in one piece of plain text."""

    def __init__(self, engine: AnalyzerEngine, mentions: Mentions) -> None:
        self._engine = engine
        self.mentions = mentions

    @classmethod
    def load(cls) -> Self:
        # At DEBUG Presidio logs what it reads.
        logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
        model = LanguageModel()
        registry = RecognizerRegistry(
            recognizers=[*all_rule_recognizers(), NameRecognizer(model.ordinary, model.entities)],
            supported_languages=[LANGUAGE],
        )
        engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=model,
            supported_languages=[LANGUAGE],
            context_aware_enhancer=NoEnhancer(),
        )
        return cls(engine, Mentions(model.ordinary))

    def find(self, text: str) -> Iterator[Span]:
        if not text.strip():
            return
        for result in self._engine.analyze(text, LANGUAGE):
            yield Span(start=result.start, end=result.end, type=EntityType(result.entity_type))
