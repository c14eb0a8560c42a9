"""How well replies are checked, on replies written for it: `safety/training/replies`.

A bad reply counts as refused for whatever reason, because what is refused is not said; `named`
counts those refused for the reason that was marked, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from safety.errors import SafetyConfigurationError
from safety.rates import Rate
from safety.replies.verdict import Exchange, Reason, Verdict

CORPUS: Final = Path(__file__).parent.parent / "training" / "replies"

Check = Callable[[str, Exchange], Verdict]

_REDACTED: Final = re.compile(
    r"\[(amount|number|method|substance|product|place|thing|time|height|direction|ingredient|gas|plant|season|"
    r"número|método|methode|zahl|méthode|nombre)\]",
    re.IGNORECASE,
)
_NUMBERS: Final = frozenset({"amount", "number", "time", "height", "número", "zahl", "nombre"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """One reply of the corpus; with no `expected` reasons it is a good one."""

    id: str
    language: str
    text: str
    exchange: Exchange
    expected: tuple[Reason, ...]

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Self:
        exchange = Exchange(
            disclosed=row["disclosed"] is True,
            placeholders=frozenset(row.get("placeholders", ())),
        )
        return cls(
            id=str(row["id"]),
            language=str(row["lang"]),
            text=unredacted(str(row["text"])),
            exchange=exchange,
            expected=tuple(Reason(reason) for reason in row["expected"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """`refused` and `named` are recalls by marked reason; `false_alarms` the share of good replies
    that were refused, also by language. `missed` and `alarmed` are ids: where to look."""

    refused: Mapping[Reason, Rate]
    named: Mapping[Reason, Rate]
    refused_by_language: Mapping[str, Rate]
    false_alarms: Rate
    false_alarms_by_language: Mapping[str, Rate]
    missed: Sequence[str] = field(repr=False)
    alarmed: Sequence[str] = field(repr=False)


def read_replies(part: str, folder: Path = CORPUS) -> Sequence[Written]:
    """The replies of a part: `train`, `test`, `fresh`, `last` or `selves`. Raises
    SafetyConfigurationError when the file is missing or damaged."""
    try:
        lines = (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
        return [Written.parse(json.loads(line)) for line in lines if line]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SafetyConfigurationError(
            f"The replies in {part}.jsonl cannot be read ({type(exc).__name__})."
        ) from exc


def measure_replies(replies: Sequence[Written], check: Check) -> Measured:
    """Check every reply once."""
    seen = [(reply, check(reply.text, reply.exchange)) for reply in replies]
    bad = [(reply, verdict) for reply, verdict in seen if reply.expected]
    good = [(reply, verdict) for reply, verdict in seen if not reply.expected]
    marked = {reason for reply, _ in bad for reason in reply.expected}
    by_reason = {
        reason: [(reply, verdict) for reply, verdict in bad if reason in reply.expected]
        for reason in Reason
        if reason in marked
    }
    languages = sorted({reply.language for reply, _ in seen})
    return Measured(
        refused={reason: _refused(rows) for reason, rows in by_reason.items()},
        named={
            reason: Rate.of(reason in verdict.reasons for _, verdict in rows)
            for reason, rows in by_reason.items()
        },
        refused_by_language={each: _refused(_in(each, bad)) for each in languages},
        false_alarms=_refused(good),
        false_alarms_by_language={each: _refused(_in(each, good)) for each in languages},
        missed=[reply.id for reply, verdict in bad if verdict.allowed],
        alarmed=[reply.id for reply, verdict in good if not verdict.allowed],
    )


def unredacted(text: str) -> str:
    """What the corpus leaves out in brackets, as words that say nothing: no rule may live on the
    brackets."""
    return _REDACTED.sub(_word_for, text)


def _word_for(found: re.Match[str]) -> str:
    return "12" if found[1].casefold() in _NUMBERS else "something"


def _in(language: str, rows: Iterable[tuple[Written, Verdict]]) -> list[tuple[Written, Verdict]]:
    return [(reply, verdict) for reply, verdict in rows if reply.language == language]


def _refused(rows: Iterable[tuple[Written, Verdict]]) -> Rate:
    return Rate.of(not verdict.allowed for _, verdict in rows)
