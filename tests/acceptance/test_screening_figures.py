"""Screening judges no worse than it did: the figures of `evenkeel bench screening`, recorded."""

from __future__ import annotations

from bot.bench.scores import read_recorded, worse_than_recorded
from bot.bench.screening import RECORDED, measure_screening


def test_no_figure_of_screening_drops() -> None:
    recorded = read_recorded(RECORDED)
    scores = measure_screening(lambda _: None).scores
    assert {each.name for each in scores} == set(recorded)
    worse = worse_than_recorded(scores, recorded)
    assert [(each.name, each.share, recorded[each.name]) for each in worse] == []
