"""Each worker's clock: ticks the sweeps, with jitter so that workers do not tick together.

APScheduler owns no person's schedule. What is due is decided by the database, so a sweep that
fires twice, late or on two workers at once changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import where
from storage.errors import StorageUnavailableError

log = logging.getLogger(__name__)
FIRST_TICK_SECONDS = 60.0
"""A worker that is started anew every day must come to what is due every few hours, too."""


class Clockwork:
    """Runs sweeps at intervals within the event loop."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def every(self, seconds: float, sweep: Callable[[], Awaitable[Any]]) -> None:
        """Tick a sweep; a tick that would overlap the last one is left out."""
        self._scheduler.add_job(
            _guarded,
            "interval",
            args=[sweep],
            seconds=seconds,
            next_run_time=datetime.now(UTC) + timedelta(seconds=min(seconds, FIRST_TICK_SECONDS)),
            jitter=max(1, int(seconds / 3)),
            max_instances=1,
            coalesce=True,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _guarded(sweep: Callable[[], Awaitable[Any]]) -> None:
    """A sweep that fails is logged and comes again at its next tick."""
    name = getattr(sweep, "__qualname__", "sweep")
    try:
        await sweep()
    except StorageUnavailableError:
        log.warning("%s waits: the database does not answer.", name)
    except Exception as exc:  # noqa: BLE001 - one failed tick must not end the clock
        log.error("%s failed: %s.", name, where(exc))
