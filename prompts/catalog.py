"""Every word a person reads, from Fluent files (`prompts/locales/<language>/*.ftl`).

Fluent is Mozilla's translation format: translators know it, tools (Pontoon, Weblate, Crowdin)
read it, and a message is found by a key, so code holds no sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from prompts.errors import PromptsError

if TYPE_CHECKING:
    from prompts.language import Language

SHIPPED: Final = Path(__file__).parent / "locales"
FALLBACK: Final = "en"

_VARIANT: Final = re.compile(r"(.+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Say:
    """A message of the catalogue by its key, with its arguments. An argument may be a message
    itself. A datetime is shown in its own time zone, so convert it to the person's first."""

    key: str
    args: Mapping[str, str | int | float | Decimal | datetime | Say] = field(default_factory=dict)


class Catalog:
    """The messages of every language. English is the source that the others are checked against
    and the last to be asked for a message."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self._languages = {language.tag.lower(): language for language in languages}
        if FALLBACK not in self._languages:
            raise PromptsError(f"The catalogue has no folder {FALLBACK!r}; add its .ftl files.")

    @classmethod
    def load(cls, folder: Path | None = None) -> Self:
        """A catalogue over a folder with one subfolder a language. A language's files are read
        when it is first spoken, and a message is parsed when it is first said."""
        from prompts.language import Language  # brings Fluent and its locale data along

        folder = folder or SHIPPED
        if not folder.is_dir():
            raise PromptsError(f"There is no folder of messages at {folder}.")
        folders = sorted({path.parent for path in folder.glob("*/*.ftl")})
        return cls(Language(path.name, path) for path in folders)

    def render(self, say: Say, locale: str) -> str:
        """The message in the language of a BCP 47 locale, or the nearest there is: `es-MX`, then
        `es`, then `en`. `PromptsError` when it is in none of them or an argument is missing."""
        for language in self._nearest(locale):
            if say.key in language:
                return language.render(say.key, self._worded(say, locale), locale)
        raise PromptsError(f"There is no message {say.key!r} in the catalogue.")

    def languages(self) -> tuple[str, ...]:
        return tuple(language.tag for language in self._languages.values())

    def variants(self, prefix: str) -> tuple[str, ...]:
        """The keys `<prefix>-1`, `<prefix>-2` ...: ways to say one thing, to take turns with."""
        keys = self._variants.get(prefix)
        if keys is None:
            raise PromptsError(f"There is no message {prefix!r} with variants -1, -2 ...")
        return keys

    def check(self) -> list[str]:
        """Everything that is wrong with the files, in all languages, as sentences."""
        from prompts.proofreading import proofread

        languages = dict(self._languages)
        return proofread(languages.pop(FALLBACK), languages.values())

    def _nearest(self, locale: str) -> Iterator[Language]:
        parts = locale.lower().replace("_", "-").split("-")
        tags = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
        for tag in dict.fromkeys([*tags, FALLBACK]):
            if tag in self._languages:
                yield self._languages[tag]

    def _worded(self, say: Say, locale: str) -> dict[str, str | int | float | Decimal | datetime]:
        return {
            name: self.render(value, locale) if isinstance(value, Say) else value
            for name, value in say.args.items()
        }

    @cached_property
    def _variants(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for key in self._languages[FALLBACK]:
            if match := _VARIANT.fullmatch(key):
                found.setdefault(match[1], []).append((int(match[2]), key))
        return {prefix: tuple(key for _, key in sorted(keys)) for prefix, keys in found.items()}
