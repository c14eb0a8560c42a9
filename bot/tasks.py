"""Background tasks that are kept alive, waited for at the end, and never fail in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.logs import where
from storage.errors import StorageError

log = logging.getLogger(__name__)


class Tasks:
    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` in the background. It ends without raising: what it could not finish is in
        the database, where the sweeps find it."""
        task = asyncio.create_task(_guarded(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def finish(self, seconds: float) -> None:
        """Wait for what is running, at most so long."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in list(self._running):
            task.cancel()


async def _guarded(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except StorageError as exc:
        log.warning("A turn waits for the sweeps: %s", exc)
    except Exception as exc:  # noqa: BLE001 - the last border before the event loop
        log.error("A turn stopped at %s; the sweeps will take it up.", where(exc))
