"""The console for scripts: one line a turn in, one JSON line a reply out."""

from __future__ import annotations

import asyncio
import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, ClassVar, TextIO

from bot.adapters.adapter import Message
from bot.adapters.console_choices import Choices

_CHUNK = 65_536


class Pipe:
    waits: ClassVar[bool] = True
    patience: ClassVar[float] = 60.0

    def __init__(self, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> None:
        self._stdin, self._stdout, self._stderr = stdin, stdout, stderr
        self._lines = _lines(_reader(stdin.buffer))

    async def read(self) -> str | None:
        line = await _in_thread(partial(next, self._lines, None))
        if line is None:
            return None
        return line.decode().removesuffix("\n").removesuffix("\r").removeprefix("\ufeff")

    async def show(
        self, message: Message, choices: Choices | None, saved: Path | None = None
    ) -> None:
        reply: dict[str, object] = {
            "text": message.text,
            "choices": [button.label for button in message.buttons],
            "dialog": message.dialog,
        }
        if message.progress is not None:
            reply["progress"] = list(message.progress)
        if saved is not None:
            reply["file"] = str(saved)
        try:
            # Bytes, since the locale of a script may well be ASCII.
            self._stdout.buffer.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
            self._stdout.buffer.flush()
        except BrokenPipeError:
            _discard(self._stdout)
            raise

    async def alert(self, text: str) -> None:
        await self.notice(f"counselors: {text}")

    async def notice(self, sentence: str) -> None:
        self._stderr.write(" ".join(sentence.split()) + "\n")
        self._stderr.flush()

    def busy(self, busy: bool) -> None:
        """Nothing to show: a script waits for its line."""


def _reader(stdin: BinaryIO) -> Callable[[], bytes]:
    """Reads what has arrived, up to a chunk. Straight from the descriptor where there is one:
    a thread that waits in Python's own buffer would hold its lock when the program ends."""
    try:
        return partial(os.read, stdin.fileno(), _CHUNK)
    except io.UnsupportedOperation:
        return partial(stdin.read, _CHUNK)


def _lines(read: Callable[[], bytes]) -> Iterator[bytes]:
    parts: list[bytes] = []
    while chunk := read():
        *whole, rest = chunk.split(b"\n")
        for end in whole:
            yield b"".join([*parts, end, b"\n"])
            parts = []
        parts.append(rest)
    if last := b"".join(parts):
        yield last


async def _in_thread(read: Callable[[], bytes | None]) -> bytes | None:
    """Wait for a blocking read. In a thread of its own that ends with the program, unlike those
    of `asyncio.to_thread`, which a program that is interrupted would wait for."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes | None] = loop.create_future()

    def settle(line: bytes | None, error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(line)
        else:
            done.set_exception(error)

    def work() -> None:
        line, error = None, None
        try:
            line = read()
        except Exception as exc:  # noqa: BLE001 - raised again where the line is awaited
            error = exc
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, line, error)

    threading.Thread(target=work, daemon=True).start()
    return await done


def _discard(stdout: TextIO) -> None:
    """Let what is left in the buffer go nowhere, or Python complains of it when it ends."""
    with suppress(io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout.fileno())
        os.close(nowhere)
