"""The console for people: a prompt that stays at the bottom, replies that appear above it."""

from __future__ import annotations

import io
import math
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.output import create_output
from prompt_toolkit.styles import Style
from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.adapters.adapter import Message
from bot.adapters.console_choices import Choices

_WIDEST: Final = 100  # longer lines are hard to read
_BAR: Final = 18
_STYLE: Final = Style.from_dict({"prompt": "ansicyan bold", "hint": "ansibrightblack italic"})


class Terminal:
    """`hint` stands in the empty prompt, `writing` while a reply is made; `counselors` is the
    heading of what only counselors would see."""

    waits: ClassVar[bool] = False
    patience: ClassVar[float] = math.inf

    def __init__(
        self, stdin: TextIO, stdout: TextIO, *, hint: str, writing: str, counselors: str
    ) -> None:
        if isinstance(stdout, io.TextIOWrapper):
            stdout.reconfigure(errors="replace")  # a terminal that is not UTF-8 shows a `?`
        self._stdout = stdout
        self._hint, self._writing, self._counselors = hint, writing, counselors
        self._busy = False
        self._console = Console(file=stdout, highlight=False)
        self._prompt: PromptSession[str] = PromptSession(
            [("class:prompt", "› ")],
            # In memory only: a history file would keep a person's words in plain sight.
            history=InMemoryHistory(),
            placeholder=self._placeholder,
            key_bindings=_keys(self._is_blank),
            style=_STYLE,
            input=create_input(stdin),
            output=create_output(stdout),
        )

    async def read(self) -> str | None:
        try:
            # Without its exception handler, which shows tracebacks and waits for Enter.
            line = await self._prompt.prompt_async(set_exception_handler=False)
        except (EOFError, KeyboardInterrupt):
            return None
        line.encode()  # bytes that are not UTF-8 come as lone surrogates, which this refuses
        return line

    async def show(
        self, message: Message, choices: Choices | None, saved: Path | None = None
    ) -> None:
        lines = [Text(_printable(message.text))]
        if message.progress is not None:
            lines.append(Text(_bar(*message.progress), style="green"))
        if choices is not None:
            lines.extend(_list(choices) if choices.numbered else [_row(choices)])
        self._print(*(Padding(line, (0, 0, 0, 2)) for line in lines))

    async def alert(self, text: str) -> None:
        # Ruled above and below only: wide and right-to-left letters would push a side out of line.
        panel = Panel(
            Text(_printable(text)),
            title=Text(self._counselors),
            box=box.HORIZONTALS,
            border_style="red",
        )
        self._print(panel)

    async def notice(self, sentence: str) -> None:
        self._print(Text(sentence, style="yellow"))

    def busy(self, busy: bool) -> None:
        self._busy = busy
        self._prompt.app.invalidate()

    def _print(self, *lines: RenderableType) -> None:
        """Print above the prompt, if there is one just now. Not with `run_in_terminal`: it leaves
        raw mode meanwhile, and keys that are pressed right then get lost or end the program."""
        app = self._prompt.app
        if app.is_running:
            app.renderer.erase()
        columns = os.get_terminal_size(self._stdout.fileno()).columns or 80
        for line in lines:
            self._console.print(line, width=min(columns, _WIDEST))
        self._console.print()
        app.invalidate()

    def _placeholder(self) -> StyleAndTextTuples:
        if self._prompt.app.is_done:  # it must not stay behind in the scrollback
            return []
        return [("class:hint", self._writing if self._busy else self._hint)]

    def _is_blank(self) -> bool:
        return not self._prompt.default_buffer.text.strip()


def _keys(is_blank: Callable[[], bool]) -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=Condition(is_blank))
    def _(_event: KeyPressEvent) -> None:
        """Nothing was said, so nothing is sent."""

    return keys


def _list(choices: Choices) -> list[Text]:
    return [
        Text.assemble((f"{place}. ", "cyan"), _printable(button.label))
        for place, button in enumerate(choices.buttons, start=1)
    ]


def _row(choices: Choices) -> Text:
    labels = (_printable(button.label) for button in choices.buttons)
    return Text("  ").join(Text(f"[{label}]", style="cyan") for label in labels)


def _bar(done: int, total: int) -> str:
    filled = _BAR * done // max(total, 1)
    return f"{'█' * filled}{'░' * (_BAR - filled)} {done}/{total}"


def _printable(text: str) -> str:
    """Without control characters: text that was typed or pasted must not steer the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
