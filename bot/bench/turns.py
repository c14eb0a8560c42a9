"""Whole turns on a fresh embedded database, the platform replaced by a list.

Everything else is what `evenkeel serve` runs: the screening process, PostgreSQL with durable
commits, row security, sealing. Turns run one after the other, so the figures are latencies, not
throughput.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bot.adapters.adapter import File, Message, Receive
from bot.app import App, running
from bot.bench.sealing import clocked
from bot.config import Settings
from bot.metrics import Metrics, Stage
from bot.updates import Pressed, Said, Update
from bot.warming import warming
from storage.addresses import Address, Identity, Platform

SAYINGS = (
    "/mood 7 slept well and went for a walk",
    "I could not sleep again, my head would not stop",
    "/mood 4 tired, argued with Jamie about money",
    "work was a lot today but I got through it",
    "/journal Today I called my sister. It was good to hear her voice.",
    "thank you, that helps a bit",
    "/history",
    "I feel anxious about the exam next week",
)


class Listener:
    """A platform that keeps what it is sent."""

    platform: ClassVar[Platform] = Platform.CONSOLE
    limit: ClassVar[int] = 4096

    def __init__(self) -> None:
        self.heard: list[Message] = []

    async def run(self, receive: Receive) -> None:
        raise RuntimeError("the bench brings its own updates")

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        self.heard.append(message)
        return str(len(self.heard))

    async def typing(self, address: Address) -> None: ...

    async def close(self) -> None: ...


class Stopwatch(Metrics):
    """Keeps every observation, where production keeps a histogram."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def observe(self, stage: Stage, seconds: float) -> None:
        self.seconds[stage].append(seconds)


async def measure_turns(turns: int) -> dict[str, list[float]]:
    """Seconds of every turn by stage, of the whole (`turn`), and of the sealing and opening in it
    (`seal`), after a warm-up."""
    stopwatch, listener = Stopwatch(), Listener()
    with tempfile.TemporaryDirectory(prefix="evenkeel-bench-") as folder:
        settings = Settings.model_construct(
            database_url=None, evenkeel_data_dir=_reachable(folder) / "data"
        )
        async with (
            warming(settings.evenkeel_screen_seconds) as screening,
            running(settings, screening, [listener], metrics=stopwatch) as app,
        ):
            say = _speaker(app)
            await _onboard(say, listener)
            for text in SAYINGS:
                await say(text)
            stopwatch.seconds.clear()
            with clocked() as sealing:
                for text in itertools.islice(itertools.cycle(SAYINGS), turns):
                    began = time.perf_counter()
                    await say(text)
                    stopwatch.seconds["turn"].append(time.perf_counter() - began)
                    stopwatch.seconds["seal"].append(sealing.take())
    return dict(stopwatch.seconds)


def _reachable(folder: str) -> Path:
    """As root, PostgreSQL runs as another user, which must get through a private folder."""
    path = Path(folder)
    path.chmod(0o711)
    return path


def _speaker(app: App) -> Callable[[str], Awaitable[None]]:
    numbers = itertools.count()

    async def say(words: str) -> None:
        """One update and its whole turn. A button is pressed by its data."""
        pressed = words.startswith("press ")
        update = Update(
            key=f"bench:line:{next(numbers)}",
            identity=Identity(platform=Platform.CONSOLE, subject="bench"),
            address=Address(platform=Platform.CONSOLE, chat="bench"),
            content=Pressed(data=words.removeprefix("press ")) if pressed else Said(words),
            at=datetime.now(UTC),
            locale="en",
        )
        await (await app.turns.receive(update))

    return say


async def _onboard(say: Callable[[str], Awaitable[None]], listener: Listener) -> None:
    """Say yes to everything, as the first button of each question does."""
    await say("/start")
    while listener.heard[-1].dialog == "onboarding" and listener.heard[-1].buttons:
        await say(f"press {listener.heard[-1].buttons[0].data}")
