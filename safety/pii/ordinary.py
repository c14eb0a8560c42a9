"""Which words are ordinary English, by the lemma tables that come with the language model.

A word that no table knows is likelier a name. The tables (WordNet's lemmas) hold some proper names
among the nouns; whoever asks looks into the lists of names first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Self

from spacy.lookups import Lookups

from safety.errors import SafetyConfigurationError

_ENDINGS: Final = (
    ("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("d", ""),
    ("ing", ""), ("ing", "e"), ("in", ""), ("in", "ing"), ("ly", ""), ("er", ""), ("er", "e"),
    ("est", ""), ("est", "e"), ("y", ""), ("ness", ""), ("n't", ""),
)  # fmt: skip
_SHORTEST_STEM: Final = 2


class OrdinaryWords:
    """Knows a word in lower case and its common inflections."""

    def __init__(self, lemmas: Iterable[str]) -> None:
        self._lemmas = frozenset(lemmas)

    @classmethod
    def load(cls, model: Path) -> Self:
        """From the folder of an installed spaCy model."""
        try:
            lookups = Lookups().from_disk(model / "lemmatizer" / "lookups")
            tables = [lookups.get_table("lemma_index"), lookups.get_table("lemma_exc")]
        except (OSError, KeyError, ValueError) as exc:
            raise SafetyConfigurationError(
                "The language model lacks its lemma tables; install Evenkeel's locked "
                "requirements again."
            ) from exc
        words = (word for table in tables for entries in table.values() for word in entries)
        return cls(word for word in words if word.isalpha())

    def __contains__(self, word: str) -> bool:
        return word in self._lemmas or any(stem in self._lemmas for stem in _stems(word))


def _stems(word: str) -> Iterator[str]:
    """What an inflected word may come from: "stopped" from "stop"."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            stem = word[: -len(ending)] + instead
            yield stem
            if not instead and stem[-1] == stem[-2]:
                yield stem[:-1]
