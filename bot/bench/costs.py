"""What a turn costs in one place against another: with row security and without, in a small
database and a large one, with partitions and without.

Turns alternate from one place to the next, so that whatever else the machine does falls on all
of them alike.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random
from typing import TypeAlias
from uuid import UUID

from storage.proving.turn import Lane, Turn

Medians: TypeAlias = Mapping[str, Sequence[float]]
"""By place: the median seconds of a turn, one a round."""

WARM_UP = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where turns are run, by one connection, for people drawn at random."""

    name: str
    url: str
    people: Sequence[UUID]
    as_worker: bool = True


async def compare(
    places: Sequence[Place], turn: Turn, numbers: Iterable[int], *, turns: int
) -> Medians:
    """`turns` at each place in every round, of which `numbers` says how many there are."""
    medians: dict[str, list[float]] = {place.name: [] for place in places}
    async with AsyncExitStack() as stack:
        lanes = []
        for place in places:
            lane = await Lane.open(place.url, as_worker=place.as_worker)
            stack.push_async_callback(lane.close)
            lanes.append((place, lane))
        await _round(lanes, turn, WARM_UP, Random(-1))
        for number in numbers:
            seconds = await _round(lanes, turn, turns, Random(number))
            for name, values in seconds.items():
                medians[name].append(statistics.median(values))
    return medians


async def _round(
    lanes: Sequence[tuple[Place, Lane]], turn: Turn, turns: int, random: Random
) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {place.name: [] for place, _ in lanes}
    for _ in range(turns):
        for place, lane in random.sample(lanes, len(lanes)):
            began = time.perf_counter()
            await turn(lane.run, random.choice(place.people))
            seconds[place.name].append(time.perf_counter() - began)
    return seconds
