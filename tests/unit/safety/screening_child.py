"""A screening process without models, whose screener does what the text says. Run as
`python -m tests.unit.safety.screening_child`, in the place of `safety.child`."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from safety.child import serve
from safety.replies.verdict import Exchange, Verdict
from safety.text import NO_RISK, Context, ScreenedText, Screening


class ObedientScreener:
    """Answers with its own process id in the place of the text."""

    def screen(self, text: str, context: Context) -> Screening:
        _obey(text)
        return Screening(
            text=ScreenedText.authored(_answer(text)), entities=(), risk=NO_RISK, ms=0.0
        )

    def check_reply(self, reply: str, exchange: Exchange) -> Verdict:
        _obey(reply)
        return Verdict(disclosed=exchange.disclosed)


def _obey(text: str) -> None:
    if text == "hang":
        while True:
            time.sleep(60)
    if text == "spin":
        while True:
            pass
    if text == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if text.startswith("crash once "):
        _crash_once(text.removeprefix("crash once "))


def _answer(text: str) -> str:
    return (
        os.environ.get(text.removeprefix("env "), "unset") if "env " in text else str(os.getpid())
    )


def _crash_once(marker: str) -> None:
    if not Path(marker).exists():
        Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    serve(ObedientScreener)
