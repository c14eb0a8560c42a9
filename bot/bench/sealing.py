"""How long a turn spends sealing and opening."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from storage.encryption import UserKey, Vault

_CIPHERS: tuple[tuple[type, str], ...] = (
    (UserKey, "seal"),
    (UserKey, "open"),
    (Vault, "fingerprint"),
    (Vault, "lookup"),
)


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def take(self) -> float:
        """What was counted since the last time."""
        taken, self.seconds = self.seconds, 0.0
        return taken


@contextmanager
def clocked() -> Iterator[Clock]:
    """Count the time inside every cipher, as a profiler would: around the method itself, so that
    no caller can be forgotten."""
    clock = Clock()
    originals = [(owner, name, getattr(owner, name)) for owner, name in _CIPHERS]
    for owner, name, original in originals:
        setattr(owner, name, _counting(original, clock))
    try:
        yield clock
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


def _counting(method: Callable[..., Any], clock: Clock) -> Callable[..., Any]:
    @wraps(method)
    def counted(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return method(*args, **kwargs)
        finally:
            clock.seconds += time.perf_counter() - began

    return counted
