"""Starts the screening process first of all: it loads its models while the rest is imported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from safety.executor import ScreeningPool


@dataclass(frozen=True, kw_only=True)
class Warming:
    """A pool, and the task that ends when it is warm or raises why it cannot be."""

    pool: ScreeningPool
    warm: asyncio.Task[None]


@asynccontextmanager
async def warming(seconds: float) -> AsyncIterator[Warming]:
    """`seconds` bound the screening of one text."""
    pool = ScreeningPool(seconds=seconds)
    warm = asyncio.create_task(pool.start())
    await asyncio.sleep(0)  # lets the process be started before an import keeps the loop busy
    try:
        yield Warming(pool=pool, warm=warm)
    finally:
        warm.cancel()
        await asyncio.gather(warm, return_exceptions=True)
        await pool.close()
