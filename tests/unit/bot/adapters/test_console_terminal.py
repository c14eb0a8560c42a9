"""The console as a person sees it, through a pseudo-terminal. The engine behind is a fake."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import re
import struct
import termios
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.adapter import Button, Message
from bot.adapters.console import COUNSELORS, ConsoleAdapter
from bot.errors import SendUnknownError
from bot.updates import Pressed, Said, Update
from storage.errors import StorageUnavailableError

CONTROL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])|[\r\x07]")
WORDS = {
    "console-hint": "HINT",
    "console-writing": "WRITING",
    "console-counselors": "counselors see",
    "console-not-utf8": "NOT UTF-8",
    "console-goodbye": "GOODBYE",
    "database-down": "DATABASE DOWN",
}
YES_NO = (Button(label="Yes", data="mood:n1:yes"), Button(label="No", data="mood:n1:no"))
ENTER, CTRL_C, CTRL_D, UP = b"\r", b"\x03", b"\x04", b"\x1b[A"

Answer = Callable[[Update], Awaitable[Iterable[Message]]]


async def echo(update: Update) -> Iterable[Message]:
    content = update.content
    return [Message(text=f"heard {content.text}" if isinstance(content, Said) else "pressed")]


class Seat:
    """A terminal with somebody in front of it, and an engine that answers."""

    def __init__(self, answer: Answer, **settings: Any) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
        self._stdin = os.fdopen(os.dup(slave), "r")
        self._stdout = os.fdopen(slave, "w")
        self._arrived = asyncio.Event()
        self.raw = b""
        self.contents: list[Any] = []
        self.raises: list[Exception] = []
        self.answer = answer
        self.address: Any = None
        self.adapter = ConsoleAdapter(
            self._stdin,
            self._stdout,
            self._stdout,
            interactive=True,
            user="avery",
            session="s1",
            words=lambda say: WORDS[say.key],
            pause=self._pause,
            **settings,
        )

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Seat]:
        """Somebody sits here until the end of the block, and then leaves if they did not yet."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._master, self._read)
        self.running = asyncio.create_task(self.adapter.run(self._receive))
        try:
            async with asyncio.timeout(20):
                yield self
                self.type(CTRL_D)
                await self.running
        except TimeoutError:
            pytest.fail(f"after 20 seconds the screen shows: {self.screen!r}")
        finally:
            self.running.cancel()
            loop.remove_reader(self._master)
            for end in (self._stdin, self._stdout):
                end.close()
            os.close(self._master)

    def type(self, *keys: str | bytes) -> None:
        for key in keys:
            os.write(self._master, key.encode() if isinstance(key, str) else key)

    async def sees(self, text: str) -> str:
        """Everything shown so far, once `text` is part of it."""
        while text not in self.screen:
            self._arrived.clear()
            await self._arrived.wait()
        return self.screen

    @property
    def screen(self) -> str:
        shown = self.raw.decode(errors="replace").replace("\x1b[C", " ")  # a blank left as it is
        return CONTROL.sub("", shown)

    def _read(self) -> None:
        self.raw += os.read(self._master, 65_536)
        self._arrived.set()

    async def _receive(self, update: Update) -> asyncio.Task[None]:
        if self.raises:
            raise self.raises.pop(0)
        self.address = update.address
        self.contents.append(update.content)
        return asyncio.create_task(self._turn(update))

    async def _turn(self, update: Update) -> None:
        for message in await self.answer(update):
            await self.adapter.send(update.address, message)

    async def _pause(self, _: float) -> None:
        await self.sees("DATABASE DOWN")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("PROMPT_TOOLKIT_NO_CPR", "1")  # nobody here answers where the cursor is
    monkeypatch.delenv("NO_COLOR", raising=False)


async def test_a_person_is_greeted_talks_and_takes_leave() -> None:
    async with Seat(echo, opening="/start").taken() as seat:
        await seat.sees("heard /start")
        seat.type("hello", ENTER)
        await seat.sees("heard hello")
        seat.type("/quit", ENTER)
        await seat.running
        await seat.sees("GOODBYE")
    assert seat.contents == [Said("/start"), Said("hello")]
    assert seat.adapter.exit_code == 0


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
async def test_the_usual_keys_leave_politely(key: bytes) -> None:
    async with Seat(echo).taken() as seat:
        await seat.sees("HINT")
        seat.type(key)
        await seat.running
        await seat.sees("GOODBYE")


async def test_enter_alone_says_nothing() -> None:
    async with Seat(echo).taken() as seat:
        await seat.sees("HINT")
        seat.type(ENTER, "   ", ENTER, "hello", ENTER)
        await seat.sees("heard")
    assert [content.text.strip() for content in seat.contents] == ["hello"]


async def test_choices_are_numbered_and_progress_is_a_bar() -> None:
    async def answer(_: Update) -> Iterable[Message]:
        return [Message(text="How often?", buttons=YES_NO, dialog="phq9", progress=(3, 9))]

    async with Seat(answer).taken() as seat:
        seat.type("go", ENTER)
        screen = await seat.sees("2. No")
        assert "1. Yes" in screen
        assert "██████░░░░░░░░░░░░ 3/9" in screen
        seat.type("2", ENTER)
        while len(seat.contents) < 2:
            await asyncio.sleep(0.01)
    assert seat.contents[1] == Pressed(data="mood:n1:no", message="s1:1")


async def test_labels_that_are_numbers_get_no_second_number() -> None:
    async def answer(_: Update) -> Iterable[Message]:
        moods = tuple(Button(label=str(score), data=f"mood:n:{score}") for score in range(3))
        return [Message(text="Mood?", buttons=moods, dialog="mood")]

    async with Seat(answer).taken() as seat:
        seat.type("go", ENTER)
        assert "[0]  [1]  [2]" in await seat.sees("[2]")


async def test_numbers_typed_ahead_answer_the_questions_to_come() -> None:
    hold = asyncio.Event()

    async def answer(_: Update) -> Iterable[Message]:
        if len(seat.contents) == 1:
            await hold.wait()
        nonce = len(seat.contents)
        return [
            Message(
                text="?",
                buttons=(Button(label="Yes", data=f"d:{nonce}:y"),),
                dialog="d",
            )
        ]

    async with Seat(answer).taken() as seat:
        seat.type("go", ENTER, "1", ENTER, "1", ENTER)
        await seat.sees("› 1")
        hold.set()
        while len(seat.contents) < 3:
            await asyncio.sleep(0.01)
    assert [content.data for content in seat.contents[1:]] == ["d:1:y", "d:2:y"]


async def test_words_are_taken_in_while_a_reply_is_still_being_made() -> None:
    hold = asyncio.Event()

    async def answer(update: Update) -> Iterable[Message]:
        if update.content == Said("slow"):
            await hold.wait()
        return await echo(update)

    async with Seat(answer).taken() as seat:
        seat.type("slow", ENTER)
        await seat.sees("WRITING")
        seat.type("I want to die", ENTER)
        assert "heard slow" not in await seat.sees("heard I want to die")
        hold.set()
        await seat.sees("heard slow")


async def test_what_comes_by_itself_appears_above_a_half_typed_line() -> None:
    async with Seat(echo).taken() as seat:
        seat.type("hello", ENTER)
        await seat.sees("heard hello")
        seat.type("half a sen")
        await seat.sees("half a sen")
        await seat.adapter.send(seat.address, Message(text="It is evening."))
        await seat.sees("It is evening.")
        seat.type("tence", ENTER)
        await seat.sees("heard half a sentence")


async def test_many_messages_at_once_keep_their_order() -> None:
    async with Seat(echo).taken() as seat:
        seat.type("hello", ENTER)
        await seat.sees("heard hello")
        numbers = [f"number {number:03}" for number in range(50)]
        await asyncio.gather(
            *(seat.adapter.send(seat.address, Message(text=text)) for text in numbers)
        )
        await seat.sees("number 049")
    assert re.findall(r"number \d+", seat.screen) == numbers


async def test_counselors_are_shown_apart() -> None:
    async with Seat(echo).taken() as seat:
        await seat.sees("HINT")
        await seat.adapter.send(COUNSELORS, Message(text="HIGH: suicide, person Heron"))
        screen = await seat.sees("HIGH: suicide, person Heron")
        assert re.search(r"─ counselors see ─+ *\n *HIGH", screen)


async def test_a_database_that_is_down_loses_no_line() -> None:
    seat = Seat(echo)
    seat.raises = [StorageUnavailableError() for _ in range(30)]
    async with seat.taken():
        seat.type("hello", ENTER)
        await seat.sees("heard hello")
    assert seat.screen.count("DATABASE DOWN") == 1
    assert seat.contents == [Said("hello")]


async def test_colour_is_used_and_not_used_when_nobody_wants_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answer(_: Update) -> Iterable[Message]:
        return [Message(text="?", buttons=YES_NO)]

    coloured = re.compile(rb"\x1b\[[\d;]*3[0-7]")
    for no_color, expected in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", no_color)
        async with Seat(answer).taken() as seat:
            seat.type("go", ENTER)
            await seat.sees("2. No")
        assert bool(coloured.search(seat.raw)) is expected


async def test_every_script_and_width_passes_through() -> None:
    lines = ["שלום עולם", "日本語のとても長い文章です。" * 8, "👩🏽‍🚀🙂‍↕️ é", "ไทย"]

    async def answer(update: Update) -> Iterable[Message]:
        number = len(seat.contents)
        return [Message(text=f"from{number} {update.content.text} to{number}")]  # type: ignore[union-attr]

    async with Seat(answer).taken() as seat:
        for number, line in enumerate(lines, start=1):
            seat.type(line, ENTER)
            screen = await seat.sees(f"to{number}")
            reply = screen.partition(f"from{number}")[2].partition(f"to{number}")[0]
            assert line == re.sub(r"\n +", "", reply).strip()
    assert seat.contents == [Said(line) for line in lines]


async def test_text_cannot_steer_the_terminal() -> None:
    async def answer(_: Update) -> Iterable[Message]:
        return [Message(text="a\x1b]0;owned\x07b\x9b2Jc [red]d[/red]\rline", buttons=())]

    async with Seat(answer).taken() as seat:
        seat.type("go", ENTER)
        await seat.sees("[red]d[/red]")
    assert b"\x1b]0;owned" not in seat.raw
    assert b"\x9b2J" not in seat.raw


async def test_bytes_that_are_not_utf8_are_reported_and_not_sent() -> None:
    async with Seat(echo).taken() as seat:
        seat.type(b"caf\xe9 au lait", ENTER)
        await seat.sees("NOT UTF-8")
    assert seat.contents == []


async def test_the_last_lines_can_be_called_back_but_are_written_nowhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    async with Seat(echo).taken() as seat:
        seat.type("between us", ENTER)
        await seat.sees("heard between us")
        seat.type(UP, ENTER)
        while len(seat.contents) < 2:
            await asyncio.sleep(0.01)
    assert seat.contents == [Said("between us")] * 2
    assert list(tmp_path.rglob("*")) == []


async def test_a_terminal_that_is_gone_is_an_unknown_send() -> None:
    async with Seat(echo).taken() as seat:
        seat.type("hello", ENTER)
        await seat.sees("heard hello")
    with pytest.raises(SendUnknownError):
        await seat.adapter.send(seat.address, Message(text="too late"))
