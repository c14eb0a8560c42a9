"""The screening process: `python -m safety.child SOCKET SECONDS`.

It loads the models, says that it is ready, and then answers one text at a time over the socket
it inherited, until the socket ends. It must never outlive its parent, nor work on a text for
longer than it may, whatever happens to the parent meanwhile.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol, cast

from safety.replies.verdict import Exchange, Verdict
from safety.text import Context, Screening
from safety.wire import frame, read

READY: Final = "ready"
GRACE_SECONDS: Final = 1.0
"""The parent kills first; the process's own alarm is for a parent that cannot."""

_PR_SET_PDEATHSIG: Final = 1


class Screens(Protocol):
    """What answers texts: a Screener."""

    def screen(self, text: str, context: Context) -> Screening: ...

    def check_reply(self, reply: str, exchange: Exchange) -> Verdict: ...


def main() -> None:
    serve(_screener)


def _screener() -> Screens:
    from safety.screening import Screener

    screener = Screener.load()
    screener.warm()
    return screener


def serve(load: Callable[[], Screens]) -> None:
    """Load what screens, then answer until the parent is gone."""
    _stay_with_parent()
    # Libraries warn about their own dependencies: nothing the operator could act on.
    warnings.simplefilter("ignore")
    with socket.socket(fileno=int(sys.argv[1])) as channel, channel.makefile("rb") as requests:
        try:
            screener = _loaded(load)
        except Exception as exc:  # noqa: BLE001 - whatever it is, the parent tells the operator
            channel.sendall(frame(f"{exc} ({type(exc).__name__})"))
            return
        _silence()
        channel.sendall(frame(READY))
        _answer(screener, channel, requests, seconds=float(sys.argv[2]))


def _answer(screener: Screens, channel: socket.socket, requests: BinaryIO, seconds: float) -> None:
    try:
        while True:
            text, about = cast(tuple[str, Context | Exchange], read(requests))
            signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
            answer = _answer_to(screener, text, about)
            signal.setitimer(signal.ITIMER_REAL, 0)
            channel.sendall(frame(answer))
    except (EOFError, OSError):
        return


def _answer_to(screener: Screens, text: str, about: Context | Exchange) -> Screening | Verdict:
    """A text with a Context is a person's, one with an Exchange a language model's reply."""
    if isinstance(about, Exchange):
        return screener.check_reply(text, about)
    return screener.screen(text, about)


def _stay_with_parent() -> None:
    """End with the parent and only with it: Ctrl-C and a supervisor's signal reach the whole
    group, but the parent still has turns to finish, which need screening."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _loaded(load: Callable[[], Screens]) -> Screens:
    """Loading makes half a million objects that stay: collecting garbage meanwhile doubles the
    time, and walking them later costs milliseconds of a message's."""
    gc.disable()
    screener = load()
    gc.collect()
    gc.freeze()
    gc.enable()
    return screener


def _silence() -> None:
    """Nothing a library prints while it reads a person's words may reach a log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
