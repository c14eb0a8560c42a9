"""Names of people, places and organisations."""

from __future__ import annotations

import re
from typing import Final

from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from safety.pii.recognizer import result
from safety.pii.spans import Span
from safety.text import EntityType

_CUED: Final = re.compile(
    r"\bmy\ name(?:\ is|'?s)\ (?P<v>[^\W\d_]{2,20}(?:\ [A-Z][a-z'-]{1,20})?)", re.I
)


class NameRecognizer(LocalRecognizer):
    def __init__(self) -> None:
        super().__init__(supported_entities=["PERSON", "LOCATION", "ORGANIZATION"])

    def load(self) -> None:
        """Nothing."""

    def analyze(
        self, text: str, entities: object, nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        found = [
            Span(start=entity.start_char, end=entity.end_char, type=EntityType(entity.label_))
            for entity in nlp_artifacts.entities
        ]
        found += [
            Span(start=m.start("v"), end=m.end("v"), type=EntityType.PERSON)
            for m in _CUED.finditer(text)
        ]
        return [result(span) for span in found]
