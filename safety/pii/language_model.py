"""spaCy's named entities from the installed model, offline.

Heavy: import it only on the way of `Screener.load`. Presidio would fetch a model that is missing;
ours is part of the locked requirements, and asking the network for one is an error.
"""

from __future__ import annotations

import re
from typing import Final

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine

from safety.errors import NetworkRefusedError
from safety.pii import name_model
from safety.pii.entities import Entities
from safety.pii.ordinary import OrdinaryWords
from safety.pii.passage import Passage

LANGUAGE: Final = "en"

_KINDS: Final = {"PERSON": "PERSON", "ORG": "ORGANIZATION", "LOC": "LOCATION"}

# The tokenizer is slow on what is no word, and no name is that long.
_NO_WORD: Final = re.compile(r"\S{60,}")


class LanguageModel(SpacyNlpEngine):
    """Presidio's view of the model. It is asked only where an entity could be believed."""

    nlp: dict[str, spacy.language.Language] | None  # type: ignore[assignment] # set in load

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": LANGUAGE, "model_name": name_model.MODEL}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=_KINDS, labels_to_ignore=()
            ),
        )
        self.load()
        self.ordinary = OrdinaryWords.load(self.get_nlp(LANGUAGE).path)
        self.entities = Entities(self.ordinary)

    def load(self) -> None:
        """Raises SafetyConfigurationError when the model is missing or damaged."""
        self.nlp = {LANGUAGE: name_model.load()}

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """The entities of a text, read only where one could be believed."""
        passage = Passage(text)
        sentences = self.entities.worth_reading(passage)
        nlp = self.get_nlp(language)
        doc = nlp(_only(passage, sentences)) if sentences else nlp.make_doc("")
        return self._doc_to_nlp_artifact(doc, language)

    @staticmethod
    def _download_spacy_model_if_needed(model_name: str) -> None:
        raise NetworkRefusedError(f"The model {model_name} is not installed.")


def _only(passage: Passage, sentences: list[range]) -> str:
    """The text with everything but these sentences blank, so that offsets stay."""
    parts: list[str] = []
    last = 0
    for sentence in sentences:
        start, end = passage.words[sentence[0]].start, passage.words[sentence[-1]].end + 1
        parts += [" " * (start - last), _NO_WORD.sub(_blank, passage.text[start:end])]
        last = min(end, len(passage.text))
    return "".join(parts)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
