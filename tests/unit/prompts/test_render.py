from __future__ import annotations

from pathlib import Path

import pytest

from prompts.errors import PromptsError
from prompts.render import render_prompt


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = "---\nversion: 3\n---\n\nSpeak $language for $$5.\n"
    (tmp_path / "kind.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_prompt_has_its_variables_and_its_version(folder: Path) -> None:
    prompt = render_prompt("kind", folder=folder, language="$es")
    assert (prompt.name, prompt.version, prompt.text) == ("kind", "3", "Speak $es for $5.")


def test_a_missing_variable_is_refused(folder: Path) -> None:
    with pytest.raises(PromptsError, match=r"'kind' needs \$language"):
        render_prompt("kind", folder=folder)


def test_a_variable_that_the_prompt_does_not_use_is_refused(folder: Path) -> None:
    with pytest.raises(PromptsError, match=r"'kind' does not use \$tone"):
        render_prompt("kind", folder=folder, language="es", tone="warm")


def test_a_prompt_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(PromptsError, match="'unkind' cannot be read"):
        render_prompt("unkind", folder=folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("No front matter.", "must begin with"),
        ("---\nversion:\n---\nText", "must begin with"),
        ("---\nversion: 1\n---\n", "must begin with"),
        ("---\nversion: 1\n---\nIt costs 5 $.", r"lone \$"),
    ],
)
def test_a_prompt_that_is_not_well_formed_is_refused(folder: Path, text: str, says: str) -> None:
    (folder / "bad.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptsError, match=says):
        render_prompt("bad", folder=folder)
