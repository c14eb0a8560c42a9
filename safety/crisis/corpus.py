"""The messages the crisis screener is trained and measured with: `safety/training/crisis`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from safety.errors import SafetyConfigurationError
from safety.text import Domain, Severity

FOLDER: Final = Path(__file__).parents[1] / "training" / "crisis" / "messages"

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """`accepted` is the range of severities that a sensible clinician might give, the lowest and
    the highest of what both readings allow; `second` is what the second one gave; `earlier`
    are the person's turns before, oldest first."""

    id: str
    theme: str
    split: Split
    language: str
    kind: str
    text: str
    earlier: tuple[str, ...]
    domain: Domain
    severity: Severity
    accepted: tuple[Severity, Severity]
    second: Severity | None

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> Self:
        given = (
            [*row["accepted"], row["second"]["severity"]] if "second" in row else row["accepted"]
        )
        accepted = [Severity.of(label) for label in given]
        return cls(
            id=str(row["id"]),
            theme=str(row["theme"]),
            split=row["split"],
            language=str(row["lang"]),
            kind=str(row["kind"]),
            text=str(row["text"]),
            earlier=tuple(row.get("context", ())),
            domain=Domain(row["domain"]),
            severity=Severity.of(row["severity"]),
            accepted=(min(accepted), max(accepted)),
            second=Severity.of(row["second"]["severity"]) if "second" in row else None,
        )


def read_corpus(split: Split, folder: Path = FOLDER) -> list[Message]:
    """The messages of one part of the corpus. No theme is in two of them. Raises
    SafetyConfigurationError when a file is missing or damaged."""
    try:
        rows = [
            json.loads(line)
            for path in sorted(folder.glob("*.jsonl"))
            for line in path.read_text(encoding="utf-8").splitlines()
        ]
        return [Message.parse(row) for row in rows if row["split"] == split]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise SafetyConfigurationError(
            f"The crisis corpus cannot be read ({type(exc).__name__}); install Evenkeel again."
        ) from exc
