"""`evenkeel bench storage`: what the storage layer costs, and whether pgbench would do better.

hot path      take in and turn commit: the worker against pgbench running the same
places        the same and the mark `sent`: with row security and without, by partitions
growth        a whole turn in an empty database and in one with a year of many people
sealing       its share of a whole turn of `evenkeel bench turns`
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from uuid import UUID

from bot.bench.costs import Medians, Place, compare
from bot.bench.figures import Figure, ratios
from bot.bench.plan import MANY, PARTITIONS, Plan, Tell
from bot.bench.race import race
from bot.bench.rate import rounds
from bot.bench.turns import measure_turns
from storage.migrate import DEFAULT_HASH_PARTITIONS
from storage.proving import crowd
from storage.proving.ground import Ground, Trial, proving_ground
from storage.proving.turn import Turn, marked_turn, whole_turn


def measure_storage(url: str | None, plan: Plan, tell: Tell) -> list[Figure]:
    """Every figure, on databases made for it. `url` is that of a server's superuser; without one
    an embedded server is started. Blocks for minutes; `tell` hears what is going on."""
    with proving_ground(url) as ground:
        figures = [*_race(ground, plan, tell), *measure_places(ground, plan, tell)]
    tell("Sealing: whole turns")
    return [*figures, _sealing(plan)]


def measure_places(ground: Ground, plan: Plan, tell: Tell) -> list[Figure]:
    """What a turn costs in one place against another."""
    return [*_places(ground, plan, tell), *_growth(ground, plan, tell)]


def _race(ground: Ground, plan: Plan, tell: Tell) -> list[Figure]:
    stem = crowd.stem()
    with _peopled(ground, DEFAULT_HASH_PARTITIONS, stem, plan) as trial:
        return race(trial, stem, plan, tell)


@contextmanager
def _peopled(ground: Ground, partitions: int, stem: str, plan: Plan) -> Iterator[Trial]:
    """With a few turns of everybody: an empty table is planned for as no other one is."""
    with ground.database(hash_partitions=partitions) as trial:
        crowd.sign_up(trial, stem, plan.people)
        crowd.load_history(trial, stem, plan.people, 4 * plan.people)
        trial.settle()
        yield trial


def _places(ground: Ground, plan: Plan, tell: Tell) -> list[Figure]:
    tell("Row security and partitions")
    stem = crowd.stem()
    with ExitStack() as stack:
        trials = {
            partitions: stack.enter_context(_peopled(ground, partitions, stem, plan))
            for partitions in PARTITIONS
        }
        medians = _compared(_where(trials, crowd.people(stem, plan.people)), marked_turn, plan)
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


def _where(trials: Mapping[int, Trial], people: Sequence[UUID]) -> list[Place]:
    """The administrator works where the policies are, and is held by none of them."""
    held = [
        Place(name=f"{partitions} partitions", url=trial.app_url, people=people)
        for partitions, trial in trials.items()
    ]
    unheld = trials[DEFAULT_HASH_PARTITIONS].admin_url
    return [*held, Place(name="no policy", url=unheld, people=people, as_worker=False)]


def _growth(ground: Ground, plan: Plan, tell: Tell) -> list[Figure]:
    """Both places have the shipped number of partitions."""
    tell(f"Growth: loading {plan.messages:,} messages of {plan.crowd:,} people")
    stem = crowd.stem()
    with (
        ground.database(hash_partitions=DEFAULT_HASH_PARTITIONS) as empty,
        ground.copy(empty) as full,
    ):
        crowd.sign_up(empty, stem, MANY)
        crowd.sign_up(full, stem, plan.crowd)
        crowd.load_history(full, stem, plan.crowd, plan.messages)
        full.settle()
        places = [
            Place(name="empty", url=empty.app_url, people=crowd.people(stem, MANY)),
            Place(name="full", url=full.app_url, people=crowd.people(stem, plan.crowd)),
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
