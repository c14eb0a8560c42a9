"""Shares beside what was wanted and what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.bench.scores import as_table, read_recorded, record, score, worse_than_recorded
from bot.errors import ConfigurationError
from safety.rates import Rate

FOUND = score("found", "found", Rate(hits=80, total=100), wanted=0.75)
FALSE = score("false", "false alarms", Rate(hits=4, total=100), falls=True, wanted=0.02)


def test_a_share_holds_when_it_is_on_the_right_side_of_what_is_wanted() -> None:
    assert FOUND.holds is True
    assert FALSE.holds is False
    assert score("x", "x", Rate(hits=1, total=2)).holds is None


def test_what_is_recorded_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    assert read_recorded(path) == {}
    record(path, [FOUND, FALSE])
    assert read_recorded(path) == {"found": 0.8, "false": 0.04}


def test_a_damaged_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    path.write_text("[1]")
    with pytest.raises(ConfigurationError):
        read_recorded(path)


def test_less_found_and_more_false_alarms_are_worse_and_two_messages_are_not() -> None:
    assert worse_than_recorded([FOUND, FALSE], {"found": 0.83, "false": 0.01}) == [FOUND, FALSE]
    assert worse_than_recorded([FOUND, FALSE], {"found": 0.8, "false": 0.04}) == []
    assert worse_than_recorded([FOUND], {"found": 0.82}) == []
    assert worse_than_recorded([FOUND, FALSE], {"found": 0.5, "false": 0.5}) == []


def test_the_table_says_what_was_wanted_and_whether_it_holds() -> None:
    first, found, false = as_table([FOUND, FALSE], {"found": 0.79}).splitlines()
    assert first.endswith("wanted")
    assert found.endswith("at least 0.75: yes")
    assert "0.790" in found
    assert false.endswith("at most 0.02: no")
