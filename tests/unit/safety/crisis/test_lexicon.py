"""The rules as data."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
import yaml

from safety.crisis.characters import plain
from safety.crisis.lexicon import Lexicon, load_lexicon, warm
from safety.errors import SafetyConfigurationError

RULES = Path(__file__).parents[4] / "safety" / "crisis" / "rules"
LANGUAGES = {"en", "es", "de", "fr", "pt"}
PLAINLY = {"it", "nl", "pl", "ru", "uk", "tr", "sv", "ro", "cs", "el", "ar", "hi", "zh", "ja", "ko"}
"""Languages of which only the plainest words are known."""
DOMAINS = {
    "suicide",
    "self_harm",
    "harm_to_others",
    "abuse",
    "psychosis",
    "eating_disorder",
    "substance",
    "medical_emergency",
    "safeguarding_minor",
}


@functools.cache
def contents(language: str) -> list[dict[str, object]]:
    return [yaml.safe_load(path.read_text("utf-8")) for path in (RULES / language).glob("*.yaml")]


def test_every_language_has_rules_for_every_domain() -> None:
    assert {path.name for path in RULES.iterdir()} == LANGUAGES | PLAINLY
    for language in LANGUAGES:
        found = {domain for content in contents(language) for domain in content.get("domains", {})}
        assert found == DOMAINS, language


def test_every_pattern_compiles(lexicon: Lexicon) -> None:
    warm(lexicon)


def test_a_shorthand_of_one_language_is_no_word_of_another() -> None:
    """All languages are read at once: Portuguese "to" for "estou" would spoil English."""
    harmless = {"im", "n", "papa", "k"}
    for language in LANGUAGES:
        short = {word for content in contents(language) for word in content.get("expand", {})}
        others = {
            word
            for other in LANGUAGES - {language}
            for content in contents(other)
            for word in plain(yaml.safe_dump(content.get("domains", {}), allow_unicode=True))
            .replace("|", " ")
            .split()
        }
        assert short & others <= harmless, language


def rules_of(folder: Path, text: str) -> Lexicon:
    (folder / "xx").mkdir()
    (folder / "xx" / "crisis.yaml").write_text(text, encoding="utf-8")
    return load_lexicon(folder)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("domains: {nonsense: [{reason: r, kind: act, phrases: [x]}]}", "'r'"),
        ("domains: {suicide: [{reason: r, kind: wish, phrases: [x]}]}", "'r'"),
        ("domains: {suicide: [{reason: r, kind: act, severity: grave, phrases: [x]}]}", "'r'"),
        ("domains: {suicide: [{reason: r, kind: act, phrases: ['(x']}]}", "(x"),
        ("guards: [{reason: g, scope: near, lowers: {act: 1}, phrases: [x]}]", "'g'"),
        ("selves: [no, me]", "'selves'"),
        ("- a list", "crisis.yaml"),
        ("a: b: c", "crisis.yaml"),
    ],
)
def test_a_damaged_rule_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SafetyConfigurationError) as refused:
        rules_of(tmp_path, text)
    assert named in str(refused.value)
