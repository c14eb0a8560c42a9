from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.crisis.lexicon import Lexicon, load_lexicon
from safety.crisis.screener import CrisisScreener
from safety.text import Context, Risk

Assess = Callable[..., Risk]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def assess(lexicon: Lexicon) -> Assess:
    """The risk of a text, after earlier turns if any are given."""
    screener = CrisisScreener(lexicon)

    def assess(text: str, *earlier: str) -> Risk:
        return screener.assess(text, Context(earlier=earlier))

    return assess
