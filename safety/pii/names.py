"""The Presidio recognizer of people, places and organisations."""

from __future__ import annotations

from presidio_analyzer import LocalRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from safety.pii.entities import Entities
from safety.pii.kept import kept_words
from safety.pii.ordinary import OrdinaryWords
from safety.pii.organisations import Organisations
from safety.pii.passage import Passage
from safety.pii.people import People
from safety.pii.places import Places
from safety.pii.recognizer import result
from safety.text import EntityType


class NameRecognizer(LocalRecognizer):
    """Asks our own readers and, where its evidence holds, the language model."""

    def __init__(self, ordinary: OrdinaryWords, entities: Entities) -> None:
        self._people = People(ordinary)
        self._places = Places(ordinary)
        self._organisations = Organisations(ordinary)
        self._entities = entities
        super().__init__(
            supported_entities=[
                EntityType.PERSON.value,
                EntityType.LOCATION.value,
                EntityType.ORGANIZATION.value,
            ],
            name="names",
        )

    def load(self) -> None:
        """Nothing: the readers are given."""

    def analyze(
        self, text: str, entities: object, nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        passage = Passage(text)
        kept = kept_words(passage)
        read = [
            *self._people.find(passage, kept),
            *self._places.find(passage, kept),
            *self._organisations.find(passage, kept),
        ]
        # Where our readers and the model differ on what words are, our readers have a cue.
        places = {(span.start, span.end) for span in read}
        learnt = self._entities.find(passage, kept, nlp_artifacts)
        read += [span for span in learnt if (span.start, span.end) not in places]
        return [result(span) for span in read]
