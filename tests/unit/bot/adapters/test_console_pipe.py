"""The console as a script sees it: lines in, JSON lines out. The engine behind is a fake."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.adapters.adapter import Button, Message
from bot.adapters.console import COUNSELORS, ConsoleAdapter
from bot.errors import SendLaterError, SendUnknownError
from bot.updates import Pressed, Said, Update
from storage.addresses import Address, Platform
from storage.errors import KeyMissingError, StorageUnavailableError

YES_NO = (Button(label="Yes", data="mood:n1:yes"), Button(label="No", data="mood:n1:no"))
MENU = (Button(label="Mood", data="!/mood"), Button(label="Journal", data="!/journal"))

TRYING = 5.0  # seconds until a database that is down is known to be down

Answer = Callable[[Update], Iterable[Message]]


def echo(update: Update) -> Iterable[Message]:
    assert isinstance(update.content, Said)
    yield Message(text=f"heard {update.content.text}")


class Script:
    """Pipes `lines` into an adapter whose engine answers with `answer`. `raises` is what storage
    does first and `pauses` how long the adapter waited in between; `by_itself` holds messages that
    come without being asked for, by the number of the line they come with."""

    def __init__(self, lines: str | bytes, answer: Answer = echo, **settings: Any) -> None:
        raw = lines if isinstance(lines, bytes) else lines.encode()
        self.stdout = io.TextIOWrapper(io.BytesIO())
        self.stderr = io.StringIO()
        self.updates: list[Update] = []
        self.raises: list[Exception] = []
        self.by_itself: dict[int, Message] = {}
        self.pauses: list[float] = []
        self.time = 0.0
        self.running = 0
        self.at_once = 0
        self.answer = answer
        self.adapter = ConsoleAdapter(
            io.TextIOWrapper(io.BytesIO(raw)),
            self.stdout,
            self.stderr,
            interactive=False,
            user="avery",
            session="s1",
            words=lambda say: say.key,
            clock=lambda: self.time,
            pause=self._pause,
            **settings,
        )

    async def run(self) -> Script:
        await self.adapter.run(self.receive)
        return self

    async def receive(self, update: Update) -> asyncio.Task[None]:
        if self.raises:
            self.time += TRYING
            raise self.raises.pop(0)
        self.updates.append(update)
        if message := self.by_itself.get(len(self.updates)):
            await self.adapter.send(update.address, message)
        return asyncio.create_task(self._turn(update))

    async def _turn(self, update: Update) -> None:
        self.running += 1
        self.at_once = max(self.at_once, self.running)
        await asyncio.sleep(0)
        for message in self.answer(update):
            await self.adapter.send(update.address, message)
        self.running -= 1

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    @property
    def contents(self) -> list[Said | Pressed]:
        return [update.content for update in self.updates]  # type: ignore[misc]

    @property
    def replies(self) -> list[dict[str, Any]]:
        written = self.stdout.buffer.getvalue()
        return [json.loads(line) for line in written.splitlines()]


async def test_each_line_is_a_turn_of_one_person_and_each_reply_a_json_line() -> None:
    script = await Script("hello\nhow are you?\n").run()
    assert [reply["text"] for reply in script.replies] == ["heard hello", "heard how are you?"]
    assert script.replies[0] == {"text": "heard hello", "choices": [], "dialog": ""}
    first, second = script.updates
    assert (first.key, second.key) == ("console:s1:line:1", "console:s1:line:2")
    assert first.identity.subject == "avery"
    assert first.identity == second.identity
    assert first.at.utcoffset() is not None
    assert script.adapter.exit_code == 0


async def test_choices_are_listed_by_label_and_progress_is_two_numbers() -> None:
    question = Message(text="3?", buttons=YES_NO, dialog="phq9", progress=(3, 9))
    script = await Script("go\n", lambda _: [question]).run()
    assert script.replies == [
        {"text": "3?", "choices": ["Yes", "No"], "dialog": "phq9", "progress": [3, 9]}
    ]


async def test_a_turn_is_over_before_the_next_line_goes_in() -> None:
    script = await Script("a\nb\nc\n").run()
    assert script.at_once == 1
    assert len(script.replies) == 3


async def test_every_line_arrives_as_it_is_empty_long_or_from_right_to_left() -> None:
    lines = ["", "   ", "x" * 200_000, "שלום \u202eעולם", "emoji 🙂‍↕️", "nul \x00 tab \t", "last"]
    script = await Script("\ufeff" + "\r\n".join(lines)).run()
    assert script.contents == [Said(line) for line in lines]
    assert script.replies[3]["text"] == f"heard {lines[3]}"


async def test_a_line_that_is_not_utf8_is_reported_and_skipped() -> None:
    script = await Script(b"before\n\xff\xfe\x00 broken\nafter\n").run()
    assert script.contents == [Said("before"), Said("after")]
    assert script.stderr.getvalue() == "console-not-utf8\n"
    assert script.adapter.exit_code == 1


async def test_nothing_is_said_for_a_script_unless_the_caller_asks_for_it() -> None:
    assert (await Script("").run()).updates == []
    opened = await Script("", opening="/start").run()
    assert opened.contents == [Said("/start")]


async def test_quit_ends_before_the_input_does() -> None:
    script = await Script("hello\n /QUIT \nmore\n").run()
    assert script.contents == [Said("hello")]


def in_turn(*replies: Message) -> Answer:
    """Answers the first line with these messages, every other one with a plain `ok`."""
    left = [replies]
    return lambda _: left.pop() if left else [Message(text="ok", dialog="mood")]


@pytest.mark.parametrize("typed", ["2", "No", "no"])
async def test_a_choice_is_pressed_by_number_or_label(typed: str) -> None:
    question = Message(text="Yes or no?", buttons=YES_NO, dialog="mood")
    script = await Script(f"go\n{typed}\n", in_turn(question)).run()
    assert script.contents[1] == Pressed(data="mood:n1:no", message="s1:1")


async def test_the_newest_buttons_count_even_when_words_follow_them() -> None:
    old = Message(text="old", buttons=MENU, dialog="help")
    new = Message(text="new", buttons=YES_NO, dialog="mood")
    after = Message(text="take your time", dialog="mood")
    script = await Script("go\n1\n", in_turn(old, new, after)).run()
    assert script.contents[1] == Pressed(data="mood:n1:yes", message="s1:2")


async def test_a_question_is_answered_once() -> None:
    question = Message(text="?", buttons=YES_NO, dialog="mood")
    script = await Script("go\n1\n1\n", in_turn(question)).run()
    assert script.contents[2] == Said("1")


async def test_a_menu_works_as_often_as_one_likes() -> None:
    menu = Message(text="?", buttons=MENU, dialog="mood")
    script = await Script("go\n1\n1\n", in_turn(menu)).run()
    assert script.contents[1:] == [Pressed(data="!/mood", message="s1:1")] * 2


async def test_a_number_presses_nothing_that_another_dialog_left_behind() -> None:
    menu = Message(text="menu", buttons=MENU, dialog="help")
    script = await Script("go\n/mood\n2\n", in_turn(menu)).run()
    assert script.contents[2] == Said("2")


@pytest.mark.parametrize("dialog", ["", "nudge"])
async def test_words_that_come_by_themselves_leave_the_question_open(dialog: str) -> None:
    question = Message(text="?", buttons=YES_NO, dialog="mood")
    script = Script("go\nwhat\n1\n", in_turn(question))
    script.by_itself = {2: Message(text="It is evening.", dialog=dialog)}
    await script.run()
    assert script.contents[2] == Pressed(data="mood:n1:yes", message="s1:1")


async def test_what_storage_cannot_take_is_kept_and_tried_until_it_can() -> None:
    script = Script("hello\nagain\n")
    script.raises = [StorageUnavailableError() for _ in range(5)]
    await script.run()
    assert script.contents == [Said("hello"), Said("again")]
    assert script.stderr.getvalue() == "database-down\n"
    assert len(script.pauses) == 5
    assert script.adapter.exit_code == 0


async def test_a_script_gives_up_after_a_minute() -> None:
    script = Script("hello\n")
    script.raises = [StorageUnavailableError() for _ in range(1000)]
    with pytest.raises(StorageUnavailableError):
        await script.run()
    assert 60 <= script.time < 60 + TRYING + max(script.pauses)
    assert script.pauses[0] <= 0.25
    assert max(script.pauses) <= 8


async def test_what_waiting_would_not_mend_ends_at_once() -> None:
    script = Script("hello\n")
    script.raises = [KeyMissingError()]
    with pytest.raises(KeyMissingError):
        await script.run()
    assert script.pauses == []


async def test_a_reply_that_comes_after_its_turn_is_waited_for() -> None:
    script = Script("hello\nagain\n", lambda _: [])
    answer_later(script)
    await script.run()
    assert [reply["text"] for reply in script.replies] == ["late 1", "late 2"]
    assert script.at_once == 1


def answer_later(script: Script) -> None:
    """As when a turn breaks off and a sweep resumes it."""
    sweeps: list[asyncio.Task[Any]] = []

    def answer(update: Update) -> Iterable[Message]:
        late = Message(text=f"late {len(script.updates)}")
        sweeps.append(asyncio.create_task(after_the_turn(script, update.address, late)))
        return []

    script.answer = answer


async def after_the_turn(script: Script, address: Address, late: Message) -> None:
    while script.running:
        await asyncio.sleep(0)
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(script.updates) == len(script.replies) + 1, "the next line did not wait"
    await script.adapter.send(address, late)


async def test_counselors_are_shown_on_standard_error_in_one_line() -> None:
    def answer(_: Update) -> Iterable[Message]:
        yield Message(text="I am glad you told me.")

    script = await Script("hello\n", answer).run()
    alert = Message(text="HIGH: suicide\nPerson Heron, 0 min ago", buttons=YES_NO, safety=True)
    assert await script.adapter.send(COUNSELORS, alert)
    assert script.stderr.getvalue() == "counselors: HIGH: suicide Person Heron, 0 min ago\n"
    assert len(script.replies) == 1


async def test_another_persons_words_are_not_shown_here() -> None:
    script = await Script("").run()
    for chat in ("user:blake", "avery", ""):
        with pytest.raises(SendLaterError):
            await script.adapter.send(
                Address(platform=Platform.CONSOLE, chat=chat), Message(text="for Blake")
            )
    assert script.replies == []


async def test_somebody_called_counselors_is_a_person_like_any_other() -> None:
    script = Script("hello\n")
    script.adapter = ConsoleAdapter(
        io.TextIOWrapper(io.BytesIO(b"hello\n")),
        script.stdout,
        script.stderr,
        interactive=False,
        user="counselors",
        session="s1",
        words=lambda say: say.key,
    )
    await script.run()
    assert [reply["text"] for reply in script.replies] == ["heard hello"]


async def test_a_reader_that_went_away_ends_the_conversation_quietly() -> None:
    script = Script("a\nb\nc\n")
    read_end, write_end = os.pipe()
    os.close(read_end)
    refused: list[Exception] = []
    with os.fdopen(write_end, "w") as stdout:
        script.adapter = ConsoleAdapter(
            io.TextIOWrapper(io.BytesIO(b"a\nb\nc\n")),
            stdout,
            script.stderr,
            interactive=False,
            user="avery",
            session="s1",
            words=lambda say: say.key,
        )

        async def refuse(update: Update) -> None:
            try:
                await script.adapter.send(update.address, Message(text="a"))
            except SendUnknownError as exc:
                refused.append(exc)

        async def receive(update: Update) -> asyncio.Task[None]:
            script.updates.append(update)
            return asyncio.create_task(refuse(update))

        await script.adapter.run(receive)
    assert (len(refused), script.contents) == (1, [Said("a")])
    assert script.adapter.exit_code == 141


PROGRAM = """
import signal
# a shell that starts the tests in the background leaves interrupts ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
import asyncio, contextlib, sys
from bot.adapters.adapter import Message
from bot.adapters.console import ConsoleAdapter
from bot.errors import SendError

async def main():
    async def receive(update):
        return asyncio.create_task(answer(update))
    async def answer(update):
        with contextlib.suppress(SendError):
            await console.send(update.address, Message(text="heard " + update.content.text))
    console = ConsoleAdapter(
        sys.stdin, sys.stdout, sys.stderr,
        interactive=False, user="avery", session="s", words=lambda say: say.key,
    )
    await console.run(receive)
    return console.exit_code

try:
    sys.exit(asyncio.run(main()))
except KeyboardInterrupt:
    sys.exit(130)
"""


@contextmanager
def talking() -> Iterator[tuple[subprocess.Popen[bytes], Any, Any]]:
    """A program that chats on its standard streams, under a locale that knows ASCII only."""
    talk = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    with talk:
        try:
            yield talk, talk.stdin, talk.stdout
        finally:
            talk.kill()


def end_of(talk: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    assert talk.stderr
    return talk.wait(30), talk.stderr.read()


def test_a_real_script_gets_each_reply_before_it_writes_the_next_line() -> None:
    with talking() as (talk, stdin, stdout):
        for line in ("first", "zweitens: schön"):
            stdin.write(line.encode() + b"\n")
            stdin.flush()
            assert json.loads(stdout.readline())["text"] == f"heard {line}"
        stdin.close()
        assert end_of(talk) == (0, b"")


def test_an_interrupt_ends_a_script_that_waits_for_input() -> None:
    with talking() as (talk, stdin, stdout):
        stdin.write(b"hello\n")
        stdin.flush()
        stdout.readline()
        talk.send_signal(signal.SIGINT)
        assert end_of(talk) == (130, b"")


def test_a_pipe_that_is_closed_early_leaves_no_traceback() -> None:
    with talking() as (talk, stdin, stdout):
        stdout.close()
        stdin.write(b"hello\n" * 100)
        stdin.close()
        assert end_of(talk) == (141, b"")
