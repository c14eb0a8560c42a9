from __future__ import annotations

import argparse
import io
import json
from collections.abc import Callable

import pytest

from bot.commands import score
from bot.instruments.instrument import load_instruments


def evenkeel(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    score.add_parser(parser.add_subparsers())
    args = parser.parse_args(["score", *arguments])
    run: Callable[[argparse.Namespace], int] = args.run
    return run(args)


def test_prints_scores_crisis_flags_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert evenkeel("phq9", "--responses", "[2, 2, 2, 2, 1, 1, 1, 0, 1]") == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == {
        "scores": [{"type": "total", "value": 12, "band": "moderate"}],
        "complete": True,
        "crisis": True,
        "flags": ["probable_major_depression", "major_depressive_syndrome"],
        "missing": [],
    }
    assert '"value": 12,' in printed


def test_null_is_an_item_without_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert evenkeel("gad7", "--responses", "[3, 3, null, 3, 3, 3, null]") == 0
    assert json.loads(capsys.readouterr().out) == {
        "scores": [{"type": "total", "value": None, "band": None}],
        "complete": False,
        "crisis": False,
        "flags": [],
        "missing": ["q3", "q7"],
    }


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["phq9", "--responses", "[0, 0, 4, 0, 0, 0, 0, 0, 0]"], "q3 takes 0, 1, 2 or 3."),
        (["phq9", "--responses", "[0, 0, true, 0, 0, 0, 0, 0, 0]"], "q3 takes 0, 1, 2 or 3."),
        (["phq9", "--responses", "[0, 0, NaN, 0, 0, 0, 0, 0, 0]"], "q3 takes 0, 1, 2 or 3."),
        (["phq9", "--responses", "[0, 0, 1.0, 0, 0, 0, 0, 0, 0]"], "q3 takes 0, 1, 2 or 3."),
        (["phq9", "--responses", "[0, 0]"], "PHQ-9 takes 9 answers, not 2."),
        (["phq9", "--responses", '{"q1": 0}'], "must be a list"),
        (["phq9", "--responses", "0"], "must be a list"),
        (["phq9", "--responses", "[0"], "--responses must be JSON."),
        (["phq9", "--responses", "[" * 100_000], "--responses must be JSON."),
        (["phq10", "--responses", "[0]"], "There is no instrument 'phq10'."),
        (["phq9"], "give INSTRUMENT and --responses"),
        (["--responses", "[0]"], "give INSTRUMENT and --responses"),
        ([], "--jsonl"),
        (["phq9", "--jsonl"], "--jsonl alone"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evenkeel(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert printed.err.count("\n") == 1


def answered(*lines: bytes) -> list[dict[str, object]]:
    out = io.StringIO()
    score.answer_lines(load_instruments(), lines, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_answered_and_a_wrong_one_stops_no_other() -> None:
    lines = answered(
        b'{"id": 1, "instrument": "gad7", "responses": [1, 1, 1, 1, 1, 1, 1]}\n',
        b"\n",
        b'{"id": "b", "instrument": "nope", "responses": []}\n',
        b'{"id": 3, "instrument": ["gad7"], "responses": []}\n',
        b'{"id": 4, "instrument": "gad7"}\n',
        b"not json\n",
        b"\xff\xfe\n",
        b"[]\n",
        b'{"instrument": "gad7", "responses": [0, 0, 0, 0, 0, 0, 0]}',
    )
    assert [line.get("id") for line in lines] == [1, "b", 3, 4, None, None, None, None]
    assert ["error" in line for line in lines] == [False, *[True] * 6, False]
    assert lines[0]["scores"] == [{"type": "total", "value": 7, "band": "mild"}]
    assert set(lines[1]) == {"id", "error"}


def test_jsonl_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = b'{"id": 1, "instrument": "gad7", "responses": [0, 0, 0, 0, 0, 0, null]}\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))
    assert evenkeel("--jsonl") == 0
    assert json.loads(capsys.readouterr().out)["missing"] == ["q7"]
