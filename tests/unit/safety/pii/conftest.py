"""One masker for all tests of this folder: loading it takes seconds."""

from __future__ import annotations

import pytest

from safety.pii.masking import Masker


@pytest.fixture(scope="session")
def masker() -> Masker:
    return Masker.load()
