"""Shares of a whole, with how sure one can be of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

_Z: Final = 1.96


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """`hits` of `total`."""

    hits: int
    total: int

    @classmethod
    def of(cls, hits: Iterable[bool]) -> Self:
        counted = list(hits)
        return cls(hits=sum(counted), total=len(counted))

    @property
    def share(self) -> float:
        """Between 0 and 1; of nothing it is 1."""
        return self.hits / self.total if self.total else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Bounds of the true share with 95 % (Wilson's interval)."""
        if not self.total:
            return 0.0, 1.0
        share, total = self.share, self.total
        middle = share + _Z**2 / (2 * total)
        spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
        whole = 1 + _Z**2 / total
        return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)
