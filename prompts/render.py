"""System prompts for the language model, from `prompts/llm/<name>.md`.

A file begins with its version between two lines of `---`; the version is stored with every
reply, so that a reply can be traced to the words that led to it. `$language` in the text is a
variable. Change the version whenever the text changes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from prompts.errors import PromptsError

SHIPPED: Final = Path(__file__).parent / "llm"

_FILE: Final = re.compile(r"---\nversion: (?P<version>\S+)\n---\n+(?P<text>.+)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedPrompt:
    name: str
    version: str
    text: str


def render_prompt(name: str, *, folder: Path = SHIPPED, **variables: str) -> RenderedPrompt:
    """A prompt with its variables. `PromptsError` when one is missing or is not in the text."""
    version, template = _read(folder / f"{name}.md")
    wanted, given = set(template.get_identifiers()), set(variables)
    if wanted != given:
        names = ", ".join(f"${variable}" for variable in sorted(wanted ^ given))
        how = "needs" if wanted - given else "does not use"
        raise PromptsError(f"The prompt {name!r} {how} {names}.")
    text = template.substitute(variables).strip()
    return RenderedPrompt(name=name, version=version, text=text)


def _read(path: Path) -> tuple[str, Template]:
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptsError(f"The prompt {path.stem!r} cannot be read at {path}.") from error
    match = _FILE.fullmatch(content)
    if match is None:
        raise PromptsError(f"{path.name} must begin with `---`, `version: ...` and `---`.")
    template = Template(match["text"])
    if not template.is_valid():
        raise PromptsError(f"{path.name} has a lone $; write $$ for a dollar sign.")
    return match["version"], template
