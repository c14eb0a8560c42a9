"""What the engine asks of a platform, and what a platform may ask of the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

from bot.updates import Update
from storage.addresses import Address, Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """`data` is at most 64 bytes of ASCII, the tightest limit of any platform (Telegram's)."""

    label: str
    data: str


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class File:
    """A file to send, in memory only. `kind` is its media type, such as `application/zip`."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A reply in the person's language, ready to send; one outbox row. `replaces` is the
    platform's id of the message it takes the place of, where the platform can edit. `document`
    names a file that is made when the message is sent."""

    text: str
    buttons: tuple[Button, ...] = ()
    dialog: str = ""
    progress: tuple[int, int] | None = None
    replaces: str | None = None
    safety: bool = False
    document: str | None = None


Receive: TypeAlias = Callable[[Update], Awaitable["asyncio.Task[None]"]]
"""Takes an update in. It returns once the update is committed, which is when the platform may be
acknowledged; the task it returns is the turn itself, ending when the replies were sent. It raises
`storage.errors.StorageError` when nothing could be committed: do not acknowledge, try again."""


class Adapter(Protocol):
    """One platform. `limit` is how many characters (UTF-16 units) one message may have."""

    platform: ClassVar[Platform]
    limit: ClassVar[int]

    async def run(self, receive: Receive) -> None:
        """Bring updates to `receive`, in each person's order, until cancelled."""
        ...

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        """Send, or edit when `message.replaces` is set; returns the platform's message id, if it
        gave one. With a `file` it is always a new message, whose text stands beside the file.
        Raises `SendRefusedError`, `SendLaterError` or `SendUnknownError`, nothing else."""
        ...

    async def typing(self, address: Address) -> None:
        """Show that a reply is being made. Never raises."""
        ...

    async def close(self) -> None: ...
