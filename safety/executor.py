"""Screens in processes of its own, so that one text can neither stall the others nor harm the
worker. This module never imports the models: they live in the processes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final, TypeVar

from safety.errors import SafetyError
from safety.process import ProcessEndedError, ScreeningProcess
from safety.replies.verdict import UNCHECKED, Exchange, Verdict
from safety.text import Context, Screening

WAITING_SECONDS: Final = 10.0
"""How long a text may wait for a process; loading a fresh one takes some seconds."""

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class ScreeningPool:
    """`workers` warm processes. A text that takes longer than `seconds` costs its process its
    life, and a fresh one takes its place at once. A text whose process crashed is tried once
    more. Texts are screened in the order in which they came. `module` is what a process runs."""

    def __init__(
        self, *, seconds: float = 2.0, workers: int = 1, module: str = "safety.child"
    ) -> None:
        self._seconds = seconds
        self._module = module
        self._workers = workers
        self._processes: set[ScreeningProcess] = set()
        self._idle: asyncio.Queue[ScreeningProcess | None] = asyncio.Queue()
        self._starting: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Returns when one process is warm; the others follow. Raises SafetyError when it
        cannot start."""
        await _kept(self._start_one(), self._starting)
        for _ in range(self._workers - 1):
            _kept(self._supply(), self._starting)

    async def screen(self, text: str, context: Context) -> Screening:
        """Never raises: what cannot be screened is a failure."""
        started = time.perf_counter()
        try:
            return await self._asked(lambda process: process.screen(text, context))
        except TimeoutError:
            log.warning("A text took too long to screen.")
            reason = "screening took too long"
        except SafetyError:
            reason = "screening failed"
        return Screening.failure(reason, (time.perf_counter() - started) * 1000)

    async def check_reply(self, reply: str, exchange: Exchange) -> Verdict:
        """What may be said of what a language model wants to say. Never raises: a reply that
        cannot be checked is refused."""
        try:
            return await self._asked(lambda process: process.check_reply(reply, exchange))
        except TimeoutError:
            log.warning("A reply took too long to check.")
        except SafetyError:
            pass
        return UNCHECKED

    async def close(self) -> None:
        """End the processes. Texts that still wait fail."""
        self._closed = True
        self._idle.put_nowait(None)
        for start in self._starting:
            start.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        ends = [process.end() for process in self._processes]
        self._processes.clear()
        await asyncio.gather(*ends, *self._ending)

    async def _asked(self, ask: Callable[[ScreeningProcess], Awaitable[Answer]]) -> Answer:
        async with asyncio.timeout(self._seconds + WAITING_SECONDS):
            try:
                return await self._ask_once(ask)
            except ProcessEndedError:
                return await self._ask_once(ask)

    async def _ask_once(self, ask: Callable[[ScreeningProcess], Awaitable[Answer]]) -> Answer:
        process = await self._idle.get()
        if process is None:
            self._idle.put_nowait(None)
            raise SafetyError("The screening pool is closed.")
        try:
            async with asyncio.timeout(self._seconds):
                answer = await ask(process)
        except BaseException:
            self._replace(process)
            raise
        self._idle.put_nowait(process)
        return answer

    async def _start_one(self) -> None:
        process = await ScreeningProcess.start(self._seconds, self._module)
        self._processes.add(process)
        self._idle.put_nowait(process)

    def _replace(self, process: ScreeningProcess) -> None:
        if not self._closed:
            self._processes.discard(process)
            _kept(process.end(), self._ending)
            _kept(self._supply(), self._starting)

    async def _supply(self) -> None:
        """Start a process, and when that fails try again, ever more slowly."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._start_one()
            except SafetyError as exc:
                log.error("%s", exc)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return


def _kept(
    errand: Coroutine[object, object, None], tasks: set[asyncio.Task[None]]
) -> asyncio.Task[None]:
    """Run in the background, and be found there as long as it runs."""
    task = asyncio.create_task(errand)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task
