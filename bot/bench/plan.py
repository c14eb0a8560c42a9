"""How much `evenkeel bench storage` measures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from bot.bench.turns import SAYINGS

FEW, MANY = 8, 32
PARTITIONS: Final = (0, 4, 16)

Tell: TypeAlias = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """`people` take turns in the hot path, a multiple of 32, `passes` turns each in every run;
    `turns` is how many a round has where places are compared; `crowd` people have `messages`
    in all in the large database; `sealing_turns` are the whole turns of a round, a multiple of
    what there is to say. Rounds end early, with the pgbench part after `peer_seconds` and with
    each other one after `place_seconds`."""

    rounds: int = 7
    people: int = 640
    passes: int = 2
    turns: int = 60
    crowd: int = 1_000
    messages: int = 100_000
    sealing_turns: int = 2 * len(SAYINGS)
    peer_seconds: float = 60.0
    place_seconds: float = 8.0


FULL: Final = Plan(
    rounds=11,
    people=640,
    passes=4,
    turns=120,
    crowd=10_000,
    messages=1_000_000,
    sealing_turns=4 * len(SAYINGS),
    peer_seconds=240.0,
    place_seconds=60.0,
)
