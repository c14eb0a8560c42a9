"""The terminal as a platform: a person at a keyboard, or a script that pipes lines in.

`ConsoleAdapter` makes updates of lines and lines of messages. How they are read and shown is the
matter of a `Face`: `console_terminal.Terminal` for people, `console_pipe.Pipe` for scripts.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final, Protocol, TextIO

from bot.adapters.adapter import File, Message, Receive
from bot.adapters.console_choices import Choices, number
from bot.adapters.console_files import save
from bot.errors import SendLaterError, SendRefusedError, SendUnknownError
from bot.updates import Pressed, Said, Update
from prompts.catalog import Say
from storage.addresses import Address, Identity, Platform
from storage.errors import StorageUnavailableError

COUNSELORS: Final = Address(platform=Platform.CONSOLE, chat="counselors")
"""Where alerts for counselors go, so that somebody who tries Evenkeel out sees them too."""

UNREADABLE: Final = 1
UNANSWERED: Final = 1
PIPE_CLOSED: Final = 141  # what a shell reports of a program that nobody listens to any more

_QUIT: Final = frozenset({"/quit", "/exit"})
_AWAY_SECONDS: Final = 60.0
_LEAVING_SECONDS: Final = 5.0
_LATE_SECONDS: Final = 45.0  # the lease of a turn that broke off, and the sweep that resumes it


class Face(Protocol):
    """How lines come in and messages are shown. `show`, `alert` and `notice` raise `OSError` or
    `ValueError` when nobody is there to see them."""

    waits: ClassVar[bool]  # whether a turn must be over before the next line is read
    patience: ClassVar[float]  # for how many seconds a line that storage refused is tried again

    async def read(self) -> str | None:
        """The next line; None at the end. Raises `UnicodeError` for one that is not UTF-8."""
        ...

    async def show(
        self, message: Message, choices: Choices | None, saved: Path | None = None
    ) -> None:
        """`saved` is where a file that belongs to the message was put; the text says so too."""
        ...

    async def alert(self, text: str) -> None:
        """Show what counselors are told."""
        ...

    async def notice(self, sentence: str) -> None:
        """Show something about the console itself."""
        ...

    def busy(self, busy: bool) -> None:
        """Show whether a reply is being made."""
        ...


class ConsoleAdapter:
    """`user` names the person, `session` this run; `words` says what the console itself has to
    say (keys `console-*` and `database-down`); `opening` is sent as the first line, so that a
    newcomer is greeted; `folder` is where files are put. After `run`, `exit_code` is what the
    command should end with."""

    platform: ClassVar[Platform] = Platform.CONSOLE
    limit: ClassVar[int] = 65_536

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        stderr: TextIO,
        *,
        interactive: bool,
        user: str,
        session: str,
        words: Callable[[Say], str],
        opening: str | None = None,
        locale: str | None = None,
        folder: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.exit_code = 0
        self._face = _face(stdin, stdout, stderr, interactive, words)
        self._identity = Identity(platform=Platform.CONSOLE, subject=user)
        # Not the bare name: somebody may be called "counselors".
        self._address = Address(platform=Platform.CONSOLE, chat=f"user:{user}")
        self._session = session
        self._words = words
        self._opening = opening
        self._locale = locale
        self._folder = folder
        self._clock = clock
        self._pause = pause
        self._lines = itertools.count(1)
        self._messages = itertools.count(1)
        self._choices: Choices | None = None
        self._turns: set[asyncio.Task[None]] = set()
        self._answered = asyncio.Event()
        self._gone = False

    async def run(self, receive: Receive) -> None:
        """Returns when the person leaves or the input ends. What storage cannot take is kept and
        tried again; a script gives up after a minute with `StorageUnavailableError`."""
        if self._opening is not None:
            await self._take_in(Said(self._opening), receive)
        while (line := await self._next()) is not None:
            await self._take_in(await self._content(line), receive)
        if self._turns:
            await asyncio.wait(self._turns, timeout=_LEAVING_SECONDS)
        if not self._face.waits:
            await self._notice("console-goodbye")

    async def send(
        self, address: Address, message: Message, file: File | None = None
    ) -> str | None:
        if address not in (self._address, COUNSELORS):
            # Another person's words are not for this screen; they wait for their own session.
            raise SendLaterError(_AWAY_SECONDS)
        saved = await self._saved(file) if file is not None else None
        try:
            if address == COUNSELORS:
                await self._face.alert(message.text)
                return self._next_id()
            return await self._show(message, saved)
        except (OSError, ValueError) as exc:
            if address != COUNSELORS:
                self._leave()
            raise SendUnknownError from exc

    async def typing(self, address: Address) -> None:
        """Nothing to do: the console shows by itself that a turn is running."""

    async def close(self) -> None:
        """Nothing to do: the streams belong to the caller."""

    async def _next(self) -> str | None:
        """The next line that says something; None when it is time to leave."""
        while not self._gone:
            try:
                line = await self._face.read()
            except UnicodeError:
                self.exit_code = UNREADABLE
                await self._notice("console-not-utf8")
                continue
            if line is None or line.strip().casefold() in _QUIT:
                return None
            return line
        return None

    async def _content(self, line: str) -> Said | Pressed:
        if number(line) is not None and self._turns:
            # A number typed ahead answers the question that this turn is about to ask.
            await asyncio.wait(self._turns)
        choices = self._choices
        button = choices.find(line) if choices else None
        if choices is None or button is None:
            return Said(line)
        if not button.data.startswith("!"):  # only those of a question are used up by a press
            self._choices = None
        return Pressed(data=button.data, message=choices.message)

    async def _take_in(self, content: Said | Pressed, receive: Receive) -> None:
        update = Update(
            key=f"console:{self._session}:line:{next(self._lines)}",
            identity=self._identity,
            address=self._address,
            content=content,
            at=datetime.now(UTC),
            locale=self._locale,
        )
        self._answered.clear()
        turn = await self._received(update, receive)
        self._turns.add(turn)
        self._face.busy(True)
        turn.add_done_callback(self._over)
        if self._face.waits:
            await asyncio.wait({turn})
            await self._late_reply()

    async def _received(self, update: Update, receive: Receive) -> asyncio.Task[None]:
        give_up = self._clock() + self._face.patience
        pauses = _pauses()
        told = False
        while True:
            try:
                return await receive(update)
            except StorageUnavailableError:
                if self._clock() >= give_up:
                    raise
            if not told:
                await self._notice("database-down")
                told = True
            await self._pause(next(pauses))

    async def _late_reply(self) -> None:
        """A turn that broke off has sent nothing; it is resumed, and a script must see its reply
        before the next line goes in."""
        try:
            async with asyncio.timeout(_LATE_SECONDS):
                await self._answered.wait()
        except TimeoutError:
            self.exit_code = UNANSWERED
            await self._notice("console-reply-late")

    def _over(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        self._face.busy(bool(self._turns))

    async def _saved(self, file: File) -> Path:
        if self._folder is None:
            raise SendRefusedError("no folder")
        return await asyncio.to_thread(save, file, self._folder)

    async def _show(self, message: Message, saved: Path | None) -> str:
        sent = self._next_id()
        choices = None
        if message.buttons:
            choices = Choices(message=sent, dialog=message.dialog, buttons=message.buttons)
        if saved is not None:
            where = self._words(Say("console-file-saved", {"path": str(saved)}))
            message = replace(message, text=f"{message.text}\n\n{where}")
        await self._face.show(message, choices, saved)
        if choices is not None or self._moved_on(message):
            self._choices = choices
        self._answered.set()
        return sent

    def _moved_on(self, message: Message) -> bool:
        """Whether a reply without buttons shows that another dialog speaks now: then a bare
        number no longer answers the old question. What comes by itself changes nothing."""
        open_dialog = self._choices.dialog if self._choices else ""
        return bool(self._turns) and message.dialog not in ("", open_dialog)

    def _leave(self) -> None:
        """Nobody is there to see anything any more."""
        self._gone = True
        self.exit_code = PIPE_CLOSED
        self._answered.set()

    async def _notice(self, key: str) -> None:
        with suppress(OSError, ValueError):
            await self._face.notice(self._words(Say(key)))

    def _next_id(self) -> str:
        return f"{self._session}:{next(self._messages)}"


def _face(
    stdin: TextIO,
    stdout: TextIO,
    stderr: TextIO,
    interactive: bool,
    words: Callable[[Say], str],
) -> Face:
    if not interactive:
        from bot.adapters.console_pipe import Pipe

        return Pipe(stdin, stdout, stderr)
    from bot.adapters.console_terminal import Terminal

    return Terminal(
        stdin,
        stdout,
        hint=words(Say("console-hint")),
        writing=words(Say("console-writing")),
        counselors=words(Say("console-counselors")),
    )


def _pauses() -> Iterator[float]:
    """Doubling from a quarter of a second to eight, with jitter."""
    longest = 0.25
    while True:
        yield longest * random.uniform(0.5, 1.0)
        longest = min(8.0, longest * 2)
