from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from safety.crisis.lexicon import Lexicon, load_lexicon
from safety.crisis.opinion import NO_OPINION, Opinion
from safety.crisis.screener import CrisisScreener
from safety.text import Context, Risk

Assess = Callable[..., Risk]


class Silent:
    """A model without an opinion: the rules speak alone."""

    words: frozenset[str] = frozenset()

    def read(self, words: str, earlier: Sequence[str]) -> Opinion:
        return NO_OPINION


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def assess(lexicon: Lexicon) -> Assess:
    """The risk that the rules find in a text, after earlier turns if any are given."""
    screener = CrisisScreener(lexicon, Silent())

    def assess(text: str, *earlier: str) -> Risk:
        return screener.assess(text, Context(earlier=earlier))

    return assess
