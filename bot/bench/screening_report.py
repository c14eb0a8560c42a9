"""A report of screening, for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.bench.report import percentile
from bot.bench.scores import as_table, worse_than_recorded
from bot.bench.screening import Report
from safety.crisis.measuring import PREVALENCE
from safety.text import Severity

_PERCENTILES: Final = (50, 95, 99)


def as_json(report: Report, recorded: Mapping[str, float]) -> dict[str, Any]:
    return {
        "scores": {each.name: each.as_json() for each in report.scores},
        "precision_at_prevalence": round(report.precision, 4),
        "confusion": {
            severity.label: {
                given.label: report.confusion.get((severity, given), 0) for given in Severity
            }
            for severity in Severity
        },
        "milliseconds": {f"p{percent}": _spent(report, percent) for percent in _PERCENTILES},
        "memory_mb": round(report.memory),
        "worse_than_recorded": [each.name for each in worse_than_recorded(report.scores, recorded)],
    }


def as_text(report: Report, recorded: Mapping[str, float]) -> str:
    parts = [
        as_table(report.scores, recorded),
        _confusion(report),
        f"Of alarms where {PREVALENCE:.2%} of messages show a crisis and the others are everyday "
        f"ones, {report.precision:.1%} are true.",
        "Processor time of a message: "
        + ", ".join(f"p{percent} {_spent(report, percent)} ms" for percent in _PERCENTILES)
        + f". Memory: {report.memory:.0f} MB.",
    ]
    worse = worse_than_recorded(report.scores, recorded)
    if worse:
        parts.append("Worse than recorded: " + ", ".join(each.says for each in worse) + ".")
    return "\n\n".join(parts)


def _confusion(report: Report) -> str:
    lines = ["severity \\ given    " + "  ".join(f"{given.label:>8}" for given in Severity)]
    for severity in Severity:
        counts = (report.confusion.get((severity, given), 0) for given in Severity)
        lines.append(f"{severity.label:<18} " + "  ".join(f"{count:>8}" for count in counts))
    return "\n".join(lines)


def _spent(report: Report, percent: int) -> float:
    return round(percentile([spent / 1000 for spent in report.milliseconds], percent), 2)
