"""How far the two readings of the corpus agree: `python -m safety.training.crisis.agreement`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from safety.text import Severity

FOLDER = Path(__file__).with_name("messages")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """The severities and domains that the two readings gave one message."""

    first: Severity
    second: Severity
    same_domain: bool
    in_range: bool

    @property
    def apart(self) -> int:
        return abs(self.first - self.second)


def read_pairs(folder: Path = FOLDER) -> list[Pair]:
    lines = [
        line
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    rows = [row for row in map(json.loads, lines) if "second" in row]
    return [
        Pair(
            first=Severity.of(row["severity"]),
            second=Severity.of(row["second"]["severity"]),
            same_domain=row["domain"] == row["second"]["domain"],
            in_range=Severity.of(row["accepted"][0])
            <= Severity.of(row["second"]["severity"])
            <= Severity.of(row["accepted"][1]),
        )
        for row in rows
    ]


def weighted_kappa(pairs: Sequence[Pair]) -> float:
    """Cohen's kappa with quadratic weights: 1 is full agreement, 0 that of chance."""
    first, second = Counter(p.first for p in pairs), Counter(p.second for p in pairs)
    observed = sum(pair.apart**2 for pair in pairs) / len(pairs)
    by_chance = sum(
        (one - other) ** 2 * first[one] * second[other] for one in Severity for other in Severity
    )
    return 1 - observed / (by_chance / len(pairs) ** 2)


def main() -> None:
    pairs = read_pairs()
    counted = Counter((pair.first, pair.second) for pair in pairs)
    print(f"{len(pairs)} messages read twice")  # noqa: T201
    for says, share in (
        ("same severity", sum(not pair.apart for pair in pairs)),
        ("two steps apart or more", sum(pair.apart > 1 for pair in pairs)),
        ("second within the range of the first", sum(pair.in_range for pair in pairs)),
        ("same domain", sum(pair.same_domain for pair in pairs)),
    ):
        print(f"{says:<38} {share / len(pairs):.1%}")  # noqa: T201
    print(f"{'weighted kappa of severity':<38} {weighted_kappa(pairs):.3f}")  # noqa: T201
    print("first \\ second   " + "  ".join(f"{each.label:>8}" for each in Severity))  # noqa: T201
    for one in Severity:
        row = "  ".join(f"{counted[one, other]:>8}" for other in Severity)
        print(f"{one.label:<16} {row}")  # noqa: T201


if __name__ == "__main__":
    main()
