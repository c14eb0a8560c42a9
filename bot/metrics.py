"""How long each stage of a turn takes, for Prometheus and for the bench. No labels name people."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, Protocol, TypeAlias

from prometheus_client import CollectorRegistry, Counter, Histogram

Stage: TypeAlias = Literal["screen", "take_in", "dialog", "commit", "send"]
STAGES: tuple[Stage, ...] = ("screen", "take_in", "dialog", "commit", "send")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Observer(Protocol):
    """Is told how long a stage took, in seconds."""

    def observe(self, stage: Stage, seconds: float) -> None: ...


@contextmanager
def measured(observer: Observer, stage: Stage) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        observer.observe(stage, time.perf_counter() - began)


class Metrics:
    """What a worker counts, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._stages = Histogram(
            "evenkeel_stage_seconds",
            "Seconds a stage of a turn took.",
            ["stage"],
            registry=self.registry,
            buckets=_BUCKETS,
        )
        self.turns = Counter(
            "evenkeel_turns", "Turns that ended, by how.", ["result"], registry=self.registry
        )
        self.sends = Counter(
            "evenkeel_sends",
            "Messages handed to a platform, by result.",
            ["result"],
            registry=self.registry,
        )

    def observe(self, stage: Stage, seconds: float) -> None:
        self._stages.labels(stage).observe(seconds)
