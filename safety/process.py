"""One screening process as its parent holds it: started, asked, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import Final, Self

from safety.child import READY
from safety.errors import SafetyError
from safety.replies.verdict import Exchange, Verdict
from safety.text import Context, Screening
from safety.wire import frame, receive

LOADING_SECONDS: Final = 60.0

_ROOT: Final = Path(__file__).resolve().parent.parent
_PASSED_ON: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH")


class ProcessEndedError(SafetyError):
    """The screening process ended while it worked on a text."""


class ScreeningProcess:
    """Answers one text at a time. Made by `start`; must be ended with `end`."""

    def __init__(
        self, process: subprocess.Popen[bytes], reader: StreamReader, writer: StreamWriter
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @property
    def pid(self) -> int:
        return self._process.pid

    @classmethod
    async def start(cls, seconds: float, module: str) -> Self:
        """A warm process that runs `module` and may work `seconds` on a text. Takes some
        seconds; raises SafetyError when it cannot start."""
        ours, theirs = socket.socketpair()
        with theirs:
            reader, writer = await asyncio.open_connection(sock=ours)
            try:
                process = _launch(module, theirs, seconds)
            except OSError as exc:
                writer.close()
                raise SafetyError(
                    f"The screening process cannot be started: {exc.strerror}. Free some memory."
                ) from exc
        started = cls(process, reader, writer)
        try:
            await started._become_warm()
        except BaseException:
            await started.end()
            raise
        return started

    async def _become_warm(self) -> None:
        try:
            async with asyncio.timeout(LOADING_SECONDS):
                said = await self._receive()
        except TimeoutError as exc:
            raise SafetyError(
                f"The screening process was not ready after {LOADING_SECONDS:.0f} seconds; "
                "free some memory or processor time and start again."
            ) from exc
        except ProcessEndedError as exc:
            raise SafetyError(
                "The screening process ended while it started; install Evenkeel's locked "
                "requirements again and make sure that 500 MB of memory are free."
            ) from exc
        if said != READY:
            raise SafetyError(f"Screening cannot start: {said}")

    async def screen(self, text: str, context: Context) -> Screening:
        """Raises ProcessEndedError when the process is gone. A call that is cancelled leaves
        the process in the middle of a text: end it then."""
        answer = await self._ask(text, context)
        if not isinstance(answer, Screening):
            raise ProcessEndedError("The screening process answered something else.")
        return answer

    async def check_reply(self, reply: str, exchange: Exchange) -> Verdict:
        """As `screen`."""
        answer = await self._ask(reply, exchange)
        if not isinstance(answer, Verdict):
            raise ProcessEndedError("The screening process answered something else.")
        return answer

    async def _ask(self, text: str, about: Context | Exchange) -> object:
        self._writer.write(frame((text, about)))
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()
        return await self._receive()

    async def _receive(self) -> object:
        try:
            return await receive(self._reader)
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise ProcessEndedError("The screening process ended.") from exc

    async def end(self) -> None:
        """Kill it at once and leave nothing behind. May be called again."""
        self._process.kill()
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)


def _launch(module: str, channel: socket.socket, seconds: float) -> subprocess.Popen[bytes]:
    """A fresh interpreter, so that nothing of the parent's memory is in it and the main program
    is not imported again. It finds this package by its working directory."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, str(channel.fileno()), str(seconds)],
        cwd=_ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(channel.fileno(),),
    )


def _environment() -> dict[str, str]:
    """What an interpreter needs and no more: tokens and keys stay with the parent. One thread
    for linear algebra: more only take memory."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
