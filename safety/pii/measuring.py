"""How well personal data is found, on labelled messages.

A find counts where it shares at least half of its characters with what was marked (intersection
over union) and has its type. F2 weighs recall four times as heavy as precision: what leaks is
worse than what is masked for nothing.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from safety.pii.labelled import Labelled, Mark

Find = Callable[[str], Iterable[Mark]]
"""Finds personal data in a text: ours, or a peer's."""

_LEAST_OVERLAP: Final = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """`right` finds of `found` ones, where `marked` were to be found. The shares are between 0
    and 1; of nothing they are 1."""

    right: int
    found: int
    marked: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.marked if self.marked else 1.0

    @property
    def f2(self) -> float:
        weighed = 4 * self.marked + self.found
        return 5 * self.right / weighed if weighed else 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """`whole` counts marks of which not a letter or digit is left to read, under whatever type.
    `altered` counts traps in which anything was found. `missed` and `wrong` say where to look:
    the number of the message, and what was not found or found for nothing."""

    by_type: Mapping[str, Tally]
    whole: int
    traps: int
    altered: int
    missed: Sequence[tuple[int, Mark]] = field(repr=False)
    wrong: Sequence[tuple[int, Mark]] = field(repr=False)

    @property
    def overall(self) -> Tally:
        tallies = self.by_type.values()
        return Tally(
            right=sum(tally.right for tally in tallies),
            found=sum(tally.found for tally in tallies),
            marked=sum(tally.marked for tally in tallies),
        )

    @property
    def wholly_masked(self) -> float:
        """The share of marks that are masked wholly, between 0 and 1."""
        marked = self.overall.marked
        return self.whole / marked if marked else 1.0

    @property
    def traps_altered(self) -> float:
        """The share of traps that were altered, between 0 and 1."""
        return self.altered / self.traps if self.traps else 0.0


def measure(
    messages: Sequence[Labelled], find: Find, *, alike: Mapping[str, str] | None = None
) -> Measured:
    """`alike` gives types another name before they are compared, for a set that knows fewer kinds
    than we do (`{"PASSPORT": "ID"}`)."""
    names = alike or {}
    right, found, marked = Counter[str](), Counter[str](), Counter[str]()
    missed: list[tuple[int, Mark]] = []
    wrong: list[tuple[int, Mark]] = []
    whole = altered = traps = 0
    for number, message in enumerate(messages):
        finds = [_renamed(each, names) for each in find(message.text)]
        marks = [_renamed(each, names) for each in message.marks]
        whole += sum(_is_hidden(message.text, mark, finds) for mark in marks)
        if not marks:
            traps += 1
            altered += bool(finds)
        finds = [each for each in finds if not _is_doubtful(each, message.doubtful)]
        left, extra = _unmatched(marks, finds)
        marked.update(mark.type for mark in marks)
        found.update(each.type for each in finds)
        right.update(mark.type for mark in marks)
        right.subtract(mark.type for mark in left)
        missed += [(number, mark) for mark in left]
        wrong += [(number, each) for each in extra]
    kinds = sorted(marked | found)
    tallies = {
        kind: Tally(right=right[kind], found=found[kind], marked=marked[kind]) for kind in kinds
    }
    return Measured(
        by_type=tallies, whole=whole, traps=traps, altered=altered, missed=missed, wrong=wrong
    )


def processor_milliseconds(texts: Sequence[str], find: Find) -> list[float]:
    """The processor time each text takes, in milliseconds, shortest first."""
    spent: list[float] = []
    for text in texts:
        started = time.process_time_ns()
        list(find(text))
        spent.append((time.process_time_ns() - started) / 1e6)
    return sorted(spent)


def _renamed(mark: Mark, names: Mapping[str, str]) -> Mark:
    return Mark(start=mark.start, end=mark.end, type=names.get(mark.type, mark.type))


def _unmatched(marks: Sequence[Mark], finds: Sequence[Mark]) -> tuple[list[Mark], list[Mark]]:
    """The marks that no find matches and the finds that match no mark; one matches one."""
    extra = list(finds)
    left: list[Mark] = []
    for mark in marks:
        best = max(extra, key=lambda each: _overlap(mark, each), default=None)
        if best is None or _overlap(mark, best) < _LEAST_OVERLAP:
            left.append(mark)
        else:
            extra.remove(best)
    return left, extra


def _overlap(mark: Mark, find: Mark) -> float:
    """Intersection over union, in characters; nothing between different types."""
    shared = mark.shared(find)
    union = (mark.end - mark.start) + (find.end - find.start) - shared
    return shared / union if mark.type == find.type and union else 0.0


def _is_hidden(text: str, mark: Mark, finds: Sequence[Mark]) -> bool:
    return not any(
        text[at].isalnum() and not any(find.start <= at < find.end for find in finds)
        for at in range(mark.start, mark.end)
    )


def _is_doubtful(find: Mark, doubtful: Sequence[Mark]) -> bool:
    return any(2 * find.shared(each) > find.end - find.start for each in doubtful)
