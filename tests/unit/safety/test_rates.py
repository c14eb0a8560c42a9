"""Shares and how sure one can be of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.rates import Rate


def test_a_share_of_nothing_is_whole_and_says_nothing() -> None:
    assert Rate.of([]).share == 1
    assert Rate.of([]).interval == (0, 1)


def test_the_interval_is_wilsons() -> None:
    low, high = Rate(hits=8, total=10).interval
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_holds_the_share(hits: int, more: int) -> None:
    rate = Rate(hits=hits, total=hits + more)
    low, high = rate.interval
    assert 0 <= low <= rate.share + 1e-9
    assert rate.share - 1e-9 <= high <= 1
