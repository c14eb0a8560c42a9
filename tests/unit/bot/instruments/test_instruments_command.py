from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.commands import instruments
from tests.unit.bot.instruments.forms import invented, write


def evenkeel(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    instruments.add_parser(parser.add_subparsers())
    args = parser.parse_args(["instruments", *arguments])
    run: Callable[[argparse.Namespace], int] = args.run
    return run(args)


def test_list_has_a_line_for_each_instrument(capsys: pytest.CaptureFixture[str]) -> None:
    assert evenkeel("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:4] for line in lines[1:]] == [
        ["gad7", "1", "7", "A"],
        ["phq9", "1", "9", "A"],
    ]


def test_show_tells_wording_bands_crisis_licence_and_what_is_unconfirmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evenkeel("show", "phq9") == 0
    shown = capsys.readouterr().out
    for part in (
        "Little interest or pleasure in doing things",
        "0 Not at all; 1 Several days",
        "not scored; asked when total > 0",
        "15 to 19: moderately_severe",
        "Crisis [V2]: q9 > 0: high, suicide",
        "Flag other_depressive_syndrome [M]",
        "Licence A [V2]",
        "PMID 11556941",
    ):
        assert part in shown


def test_show_of_an_unknown_instrument_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evenkeel("show", "phq10") == 2
    printed = capsys.readouterr()
    assert "There is no instrument 'phq10'" in printed.err
    assert printed.err.count("\n") == 1


def test_check_finds_the_shipped_forms_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert evenkeel("check") == 0
    assert "WRONG" not in capsys.readouterr().out


def test_check_names_what_is_wrong_with_a_file_and_what_words_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unworded = write(tmp_path, invented())
    broken = write(tmp_path, invented(version=2, colour="blue"), "teapot.v2.yaml")
    assert evenkeel("check", str(unworded), str(broken)) == 2
    printed = capsys.readouterr().out
    assert "There is no message 'band-teapot-cold'" in printed
    assert "teapot.v2.yaml: colour is not a field" in printed
