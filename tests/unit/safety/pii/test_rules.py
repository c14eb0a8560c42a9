"""The rule files and the word lists, held to what their readers rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from safety.errors import SafetyConfigurationError
from safety.pii import cues
from safety.pii.lexicon import word_list
from safety.pii.rules import load_rules, themes
from safety.text import EntityType

RULES = [(theme, rule) for theme in themes() for rule in load_rules(theme)]
WORDS = sorted((Path(cues.__file__).parent / "words").glob("*.txt"))
UNBOUNDED = re._constants.MAXREPEAT  # type: ignore[attr-defined]


def repetitions(parsed: object) -> Iterator[int]:
    """The upper limit of every repetition in a parsed pattern."""
    for node in parsed if isinstance(parsed, (list, tuple, re._parser.SubPattern)) else ():  # type: ignore[attr-defined]
        if isinstance(node, tuple) and str(node[0]) in ("MAX_REPEAT", "MIN_REPEAT"):
            yield node[1][1]
        yield from repetitions(node)


@pytest.mark.parametrize(("theme", "rule"), RULES)
def test_no_rule_repeats_anything_without_end(theme: str, rule: object) -> None:
    pattern = rule.pattern  # type: ignore[attr-defined]
    parsed = re._parser.parse(pattern.pattern, pattern.flags)  # type: ignore[attr-defined]

    assert UNBOUNDED not in repetitions(parsed), theme
    assert "v" in pattern.groupindex


@pytest.mark.parametrize(
    "cue", [value for value in vars(cues).values() if isinstance(value, cues.Cue)]
)
def test_no_cue_repeats_anything_without_end(cue: cues.Cue) -> None:
    parsed = re._parser.parse(cue.pattern.pattern, cue.pattern.flags)  # type: ignore[attr-defined]

    assert UNBOUNDED not in repetitions(parsed)


def test_every_kind_of_structured_data_has_a_rule() -> None:
    names = {EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANIZATION}

    assert {rule.type for _, rule in RULES} == set(EntityType) - names


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.stem)
def test_a_word_list_is_in_lower_case_and_names_nothing_twice(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()

    assert lines
    assert [line for line in lines if line != line.casefold().strip() or not line] == []
    assert len(set(lines)) == len(lines)


def test_a_name_is_either_sure_or_also_a_word() -> None:
    assert not word_list("given_names") & word_list("ambiguous_names")


def test_a_missing_list_is_a_sentence() -> None:
    with pytest.raises(SafetyConfigurationError, match="install Evenkeel again"):
        word_list("no such list")
