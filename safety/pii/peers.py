"""What finds personal data, as `safety.pii.measuring` asks it: our masker, and stock Presidio."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import EmailRecognizer

from safety.pii.labelled import Mark
from safety.pii.language_model import LANGUAGE
from safety.pii.masking import Masker
from safety.pii.measuring import Find
from safety.pii.name_model import MODEL

_THEIR_NAMES: Final = {
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "IBAN_CODE": "IBAN",
    "US_BANK_NUMBER": "IBAN",
    "IP_ADDRESS": "IP",
    "CRYPTO": "CRYPTO_WALLET",
    "US_DRIVER_LICENSE": "DRIVER_LICENSE",
    "US_PASSPORT": "PASSPORT",
    "US_SSN": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "UK_NHS": "NATIONAL_ID",
    "MEDICAL_LICENSE": "MEDICAL_RECORD",
}


def ours(masker: Masker) -> Find:
    def find(text: str) -> Iterator[Mark]:
        for entity in masker.mask(text).entities:
            yield Mark(start=entity.start, end=entity.end, type=entity.type.value)

    return find


def stock_presidio() -> Find:
    """Presidio as it comes, with the language model that we begin with. Its types get our names;
    those we have no name for keep theirs."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    model = SpacyNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": MODEL}])
    model.load()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(nlp_engine=model, languages=[LANGUAGE])
    registry.remove_recognizer("EmailRecognizer")
    registry.add_recognizer(_OfflineEmail())
    engine = AnalyzerEngine(nlp_engine=model, registry=registry, supported_languages=[LANGUAGE])

    def find(text: str) -> Iterator[Mark]:
        for result in engine.analyze(text, LANGUAGE):
            kind = _THEIR_NAMES.get(result.entity_type, result.entity_type)
            yield Mark(start=result.start, end=result.end, type=kind)

    return find


class _OfflineEmail(EmailRecognizer):
    """Presidio's own, with the list of public suffixes that is installed instead of the web's."""

    def __init__(self) -> None:
        super().__init__()
        self._suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return bool(self._suffixes(pattern_text).fqdn)
