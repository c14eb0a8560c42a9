"""Figures as a table for people and as JSON for machines."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Figures: TypeAlias = Mapping[str, Sequence[float]]
"""Seconds of every run, by stage."""


def percentile(values: Sequence[float], percent: int) -> float:
    """In milliseconds, interpolated."""
    if len(values) < 2:
        return 1000 * values[0] if values else 0.0
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return 1000 * cuts[percent - 1]


def as_json(figures: Figures) -> dict[str, dict[str, float]]:
    """Milliseconds: `{"screen": {"n": 300, "p50": ..., "p95": ..., "p99": ...}, ...}`."""
    return {
        stage: {
            "n": len(values),
            **{f"p{p}": round(percentile(values, p), 3) for p in (50, 95, 99)},
        }
        for stage, values in figures.items()
    }


def as_table(figures: Figures) -> str:
    lines = [f"{'stage':<10}{'turns':>8}{'p50 ms':>10}{'p95 ms':>10}{'p99 ms':>10}"]
    for stage, row in as_json(figures).items():
        cells = "".join(f"{row[name]:>10.2f}" for name in ("p50", "p95", "p99"))
        lines.append(f"{stage:<10}{row['n']:>8.0f}{cells}")
    return "\n".join(lines)
