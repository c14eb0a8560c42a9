"""Rounds, and turns a second of clients that work side by side."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Completions: TypeAlias = Sequence[Sequence[float]]
"""By client: when each of its turns ended, in seconds, in order."""

WARM_UP = 5
"""Turns of each client that do not count: its connection prepares statements and fills caches."""


def rounds(most: int, seconds: float) -> Iterator[int]:
    """Counts from 1. Ends early when the time is over, so that a slow machine measures less often
    instead of longer."""
    until = time.monotonic() + seconds
    for number in range(1, most + 1):
        if number > 1 and time.monotonic() > until:
            return
        yield number


def rate(completions: Completions) -> float:
    """Over the time in which every client is past its warm-up and none has finished; over all the
    time when there is no such time, since the clients had too little to do."""
    began = max(ended[_warm(ended) - 1] for ended in completions)
    stopped = min(ended[-1] for ended in completions)
    if stopped <= began:
        began = min(ended[0] for ended in completions)
        stopped = max(ended[-1] for ended in completions)
    counted = sum(began < end <= stopped for ended in completions for end in ended)
    return counted / (stopped - began) if counted else 0.0


def _warm(ended: Sequence[float]) -> int:
    return max(1, min(WARM_UP, len(ended) // 2))
