"""What the figures of a bench say."""

from __future__ import annotations

import json

from bot.bench.figures import Figure, as_json, as_table, ratios
from bot.bench.rate import rate, rounds

FAST = Figure(
    name="fast", says="ours against theirs", unit="ratio", rounds=(1.0, 0.8, 0.95), at_least=0.9
)
COSTLY = Figure(name="costly", says="what it costs", unit="share", rounds=(0.07,), at_most=0.05)
PLAIN = Figure(name="plain", says="one turn", unit="ms", rounds=(2.0, 4.0))


def test_the_median_is_held_to_what_is_wanted() -> None:
    assert (FAST.median, FAST.holds) == (0.95, True)
    assert COSTLY.holds is False
    assert PLAIN.holds is None


def test_json_has_every_round() -> None:
    printed = json.loads(json.dumps(as_json([FAST, COSTLY, PLAIN])))
    assert printed["fast"]["rounds"] == [1.0, 0.8, 0.95]
    assert printed["fast"]["low"] == 0.8
    assert printed["costly"]["holds"] is False
    assert printed["plain"]["at_least"] is None


def test_the_table_shows_range_and_verdict() -> None:
    header, fast, costly, plain = as_table([FAST, COSTLY, PLAIN]).splitlines()
    assert "median" in header
    assert fast.split()[3:] == ["0.95", "0.80", "to", "1.00", "(3)", "at", "least", "0.90:", "yes"]
    assert costly.endswith("7.0 %     7.0 % to 7.0 % (1)  at most 5.0 %: no")
    assert plain.endswith("2.00 ms to 4.00 ms (2)")


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([9.0, 4.0], [10.0, 2.0]) == (0.9, 2.0)


def test_a_rate_counts_what_ends_while_everybody_works() -> None:
    warm = [0.1, 0.2, 0.3, 0.4, 0.5]
    quick = [*warm, 1.0, 1.5, 2.0, 2.5, 2.5]
    slow = [*warm[:4], 1.0, 2.0, 3.0, 8.0, 9.0, 10.0]
    assert rate([quick, slow]) == (4 + 1) / (2.5 - 1.0)


def test_a_rate_of_few_turns_takes_half_of_them_as_warm_up() -> None:
    assert rate([[1.0, 2.0, 3.0, 4.0]]) == 1.0
    assert rate([[1.0]]) == 0.0


def test_a_rate_of_clients_that_did_not_work_side_by_side_is_that_of_all_the_time() -> None:
    assert rate([[1.0, 2.0], [5.0, 6.0]]) == 3 / 5.0


def test_rounds_end_when_the_time_is_over_but_not_before_the_first() -> None:
    assert list(rounds(3, 60.0)) == [1, 2, 3]
    assert list(rounds(3, -1.0)) == [1]
