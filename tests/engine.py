"""A whole worker on a test database, with a platform made of lists and a screener made of marks."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bot.adapters.adapter import File, Message, Receive
from bot.app import App, Parts, assemble
from bot.companion import Check, Companion
from bot.config import Settings
from bot.counselors.alerts import Post
from bot.generation import Generator
from bot.metrics import Metrics
from bot.server import bring_up_to_date
from bot.updates import Other, OtherKind, Pressed, Said, Update
from safety.replies.verdict import Exchange, Verdict
from safety.text import Context, Domain, Risk, ScreenedText, Screening, Severity
from storage.addresses import Address, Identity, Platform
from storage.encryption import Vault
from storage.engine import Database

CRISIS_WORDS = "I am going to end my life tonight"
WORRYING_WORDS = "everyone would be better off without me"
UNSCREENABLE = "this text breaks the screener"
HERE = Address(platform=Platform.CONSOLE, chat="someone")
COUNSELORS = Address(platform=Platform.CONSOLE, chat="counselors")


async def screen_by_marks(text: str, context: Context) -> Screening:
    """Finds exactly the texts above, so that a test says what screening says."""
    if UNSCREENABLE in text:
        return Screening.failure("screening failed", 1.0)
    severity = Severity.NONE
    if CRISIS_WORDS in text:
        severity = Severity.CRITICAL
    elif WORRYING_WORDS in text:
        severity = Severity.MEDIUM
    domain = Domain.SUICIDE if severity else Domain.NONE
    masked = text.replace("Maria", "<PERSON_1>")
    originals = {"<PERSON_1>": "Maria"} if masked != text else {}
    return Screening(
        text=ScreenedText.screened(masked, originals),
        entities=(),
        risk=Risk(severity=severity, domain=domain, score=float(severity) / 4),
        ms=0.1,
    )


async def allow(reply: str, exchange: Exchange) -> Verdict:
    """Lets every reply of a model pass."""
    return Verdict()


@dataclass
class ListPlatform:
    """Shows messages by appending them; `broken` is raised by the next sends. `files` are those
    that came with a message."""

    platform: ClassVar[Platform] = Platform.CONSOLE
    limit: ClassVar[int] = 4096
    shown: list[Message] = field(default_factory=list)
    alerts: list[Message] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)

    async def run(self, receive: Receive) -> None:
        raise RuntimeError("tests bring their own updates")

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        if self.broken:
            raise self.broken.pop(0)
        target = self.alerts if address == COUNSELORS else self.shown
        target.append(message)
        if file is not None:
            self.files.append(file)
        return str(len(target))

    async def typing(self, address: Address) -> None: ...

    async def close(self) -> None: ...


@dataclass
class Someone:
    """A person who talks to the worker. `said` gives the replies to one turn."""

    app: App
    platform: ListPlatform
    name: str = "someone"
    locale: str | None = "en"
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def update(self, content: Said | Pressed | Other, key: str | None = None) -> Update:
        return Update(
            key=key or f"test:{self.name}:{next(self.numbers)}",
            identity=Identity(platform=Platform.CONSOLE, subject=self.name),
            address=HERE,
            content=content,
            at=datetime.now(UTC),
            locale=self.locale,
        )

    async def does(self, update: Update) -> list[Message]:
        before = len(self.platform.shown)
        await (await self.app.turns.receive(update))
        await self.app.tasks.finish(10)
        return self.platform.shown[before:]

    async def says(self, text: str) -> list[Message]:
        return await self.does(self.update(Said(text)))

    async def presses(self, label: str) -> list[Message]:
        """Press the newest button with this label."""
        buttons = (
            button for message in reversed(self.platform.shown) for button in message.buttons
        )
        data = next(button.data for button in buttons if button.label == label)
        return await self.does(self.update(Pressed(data=data, message="1")))

    async def sends(self, kind: OtherKind) -> list[Message]:
        return await self.does(self.update(Other(kind)))

    async def agrees(self) -> None:
        """Go through onboarding with a yes to everything, in the United States."""
        await self.says("/start")
        while any(button.label == "Yes" for button in self.platform.shown[-1].buttons):
            await self.presses("Yes")
        await self.says("US")


@asynccontextmanager
async def worker(
    database: Database,
    admin_url: str,
    folder: Path,
    *,
    lease_seconds: float = 30.0,
    model: Generator | None = None,
    check: Check = allow,
    **settings_changed: str,
) -> AsyncIterator[tuple[App, ListPlatform]]:
    """A worker without its clock: sweeps run when a test calls them. With negative seconds a
    lease has run out as soon as it is taken."""
    bring_up_to_date(admin_url, hash_partitions=2)
    platform = ListPlatform()
    settings = Settings.model_construct(
        evenkeel_data_dir=folder,
        evenkeel_lease_seconds=lease_seconds,
        openai_base_url="http://model.invalid" if model else None,
        **settings_changed,
    )
    vault = await Vault.open(master_key=None, data_dir=folder, key_store_url=None)
    parts = Parts(
        database=database, vault=vault, screen=screen_by_marks, companion=Companion(model, check)
    )
    posts = [Post(adapter=platform, address=COUNSELORS)]
    app = assemble(settings, [platform], posts, parts, Metrics())
    try:
        yield app, platform
    finally:
        await app.tasks.finish(5)
        await vault.close()
