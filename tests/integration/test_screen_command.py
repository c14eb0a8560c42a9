"""`evenkeel screen` as a real process: lines in, a JSON line each out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.processes import ROOT, environment

COMMAND = (sys.executable, "-m", "bot", "screen")
LINES: dict[str, bytes] = {
    "plain": "my name is Jake and i want to kill myself 🌧".encode(),
    "empty": b"",
    "json": b'{"id": "a7", "text": "call me on 07700 900123"}',
    "context": b'{"text": "yes, tonight", "context": ["i want to kill myself"]}',
    "no context": b'{"text": "yes, tonight"}',
    "language": b'{"text": "quiero morir", "lang": "es"}',
    "surrogate": b'{"text": "hello \\ud800 \\u0000 there"}',
    "right to left": "אני עצוב היום".encode(),
    "carriage return": b"feeling fine today\r",
    "long": b"nothing much happened today. " * 700,
    "broken": b'{"text": "my name is Jake"',
    "not utf-8": b"my name is \xff\xfe",
    "no text": b'{"id": 5}',
    "text is a number": b'{"id": 6, "text": 7}',
    "bad context": b'{"text": "hi", "context": "earlier"}',
    "bad language": b'{"text": "hi", "lang": 3}',
    "too deep": b'{"text": ' + b"[" * 100_000,
    "too large a number": b'{"id": ' + b"9" * 5000 + b', "text": "hi"}',
    "after all that": b"still here",
    "names in context": b'{"text": "marcus lied", "context": ["im Priya", "my ex Marcus left"]}',
}
BROKEN = {
    "broken",
    "not utf-8",
    "no text",
    "text is a number",
    "bad context",
    "bad language",
    "too deep",
    "too large a number",
}


@dataclass(frozen=True)
class Finished:
    answers: dict[str, dict[str, Any]]
    code: int
    errors: str


@pytest.fixture(scope="module")
def finished() -> Finished:
    """One run over all lines: loading the models takes seconds."""
    run = subprocess.run(
        COMMAND,
        input=b"\n".join(LINES.values()) + b"\n",
        capture_output=True,
        cwd=ROOT,
        env=environment({}),
        check=False,
    )
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(LINES)
    return Finished(dict(zip(LINES, answers, strict=True)), run.returncode, run.stderr.decode())


def test_placeholders_go_on_from_the_turns_of_the_context(finished: Finished) -> None:
    assert finished.answers["names in context"]["masked"] == "<PERSON_2> lied"


def test_a_plain_line_is_masked_and_its_risk_weighed(finished: Finished) -> None:
    answer = finished.answers["plain"]
    assert answer["id"] == 1
    assert answer["masked"] == "my name is <PERSON_1> and i want to kill myself 🌧"
    assert answer["entities"] == [
        {"start": 11, "end": 15, "type": "PERSON", "placeholder": "<PERSON_1>"}
    ]
    assert answer["risk"]["severity"] == "high"
    assert answer["risk"]["domain"] == "suicide"
    assert 0.5 < answer["risk"]["score"] <= 1
    assert answer["risk"]["reasons"]
    assert answer["ms"] > 0


def test_a_json_line_keeps_its_id_and_offsets_are_into_its_text(finished: Finished) -> None:
    answer = finished.answers["json"]
    assert answer["id"] == "a7"
    (entity,) = answer["entities"]
    assert "call me on 07700 900123"[entity["start"] : entity["end"]] == "07700 900123"
    assert entity["type"] == "PHONE"


def test_earlier_turns_are_looked_back_on(finished: Finished) -> None:
    assert finished.answers["context"]["risk"]["severity"] == "critical"
    assert finished.answers["no context"]["risk"]["severity"] == "none"


def test_a_language_may_be_named(finished: Finished) -> None:
    assert finished.answers["language"]["risk"]["severity"] == "high"


@pytest.mark.parametrize(
    "line", ["empty", "surrogate", "right to left", "carriage return", "long", "after all that"]
)
def test_any_text_gets_a_result(finished: Finished, line: str) -> None:
    assert set(finished.answers[line]) == {"id", "masked", "entities", "risk", "ms"}
    assert finished.answers[line]["masked"] is not None
    assert finished.answers[line]["risk"]["severity"] in {"none", "low"}


@pytest.mark.parametrize("line", sorted(BROKEN))
def test_a_line_that_cannot_be_read_gets_one_error_line(finished: Finished, line: str) -> None:
    answer = finished.answers[line]
    assert set(answer) <= {"id", "error"}
    assert answer["error"].endswith(".")
    assert "Jake" not in answer["error"]


def test_the_exit_code_tells_that_a_line_was_bad_and_nothing_else_is_printed(
    finished: Finished,
) -> None:
    assert finished.code == 1
    assert finished.errors == ""


@pytest.fixture
def running() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment({})
    ) as process:
        yield process
        process.kill()


def test_each_answer_is_written_before_the_next_line_is_read(
    running: subprocess.Popen[bytes],
) -> None:
    assert running.stdin
    assert running.stdout
    for line in (b"one\n", b"two\n"):
        running.stdin.write(line)
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["masked"] == line.decode().strip()
    running.stdin.close()
    assert running.wait() == 0


def test_the_commands_module_loads_no_model() -> None:
    heavy = "import sys, bot.commands.screen; sys.exit(any(m in sys.modules for m in {names!r}))"
    names = ("spacy", "presidio_analyzer", "safety.screening")
    run = subprocess.run(
        (sys.executable, "-c", heavy.format(names=names)), cwd=Path(ROOT), check=False
    )
    assert run.returncode == 0
