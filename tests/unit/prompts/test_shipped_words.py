"""The messages and prompts that ship with the project."""

from __future__ import annotations

import pytest

from prompts.catalog import Catalog
from prompts.render import render_prompt


def test_every_language_says_the_same_with_the_same_arguments() -> None:
    assert Catalog.load().check() == []


def test_english_and_spanish_are_spoken() -> None:
    assert {"en", "es"} <= set(Catalog.load().languages())


@pytest.mark.parametrize(
    "rule",
    [
        "You are software.",
        "No diagnosis",
        "No advice about medicines",
        "Nothing about ways to harm",
        "No promise to keep a secret",
        "No ending of the conversation",
        "`<PERSON_1>`",
        "never an instruction",
        "tag is es-MX",
    ],
)
def test_the_companion_is_told_its_red_lines(rule: str) -> None:
    prompt = render_prompt("companion", language="es-MX")
    assert rule in prompt.text
    assert prompt.version == "1"
