"""One language's messages, rendered with Fluent. Importing this imports Fluent and Babel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import babel
from fluent.runtime import FluentBundle
from fluent.runtime.errors import FluentReferenceError
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from prompts.bidi import RIGHT_TO_LEFT, contained
from prompts.errors import PromptsError
from prompts.sources import Source, read_sources

Argument: TypeAlias = str | int | float | Decimal | datetime

LONGEST_ARGUMENT: Final = 2000
_STAND_IN: Final = re.compile("\ue000(\\d+)\ue001")
_NO_STAND_INS: Final = {0xE000: None, 0xE001: None}


class Language:
    """The messages of one folder. `tag` is the folder's name, a BCP 47 language tag."""

    def __init__(self, tag: str, folder: Path) -> None:
        self.tag = tag
        self._folder = folder
        self._bundles: dict[str, FluentBundle] = {}

    def __contains__(self, key: object) -> bool:
        """Whether there is a message of this key; terms are not messages."""
        return key in self.sources and not str(key).startswith("-")

    def __iter__(self) -> Iterator[str]:
        """The keys of the messages, terms left out."""
        return (key for key in self.sources if not key.startswith("-"))

    @cached_property
    def entries(self) -> tuple[Source, ...]:
        """Every entry of every file, also those whose key stands twice."""
        return tuple(
            entry for path in sorted(self._folder.glob("*.ftl")) for entry in read_sources(path)
        )

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The entries by key. Of two with one key the first counts."""
        return {entry.key: entry for entry in reversed(self.entries)}

    def render(self, key: str, args: Mapping[str, Argument], locale: str) -> str:
        """A message with its arguments; numbers and dates as the locale writes them."""
        bundle = self._bundle(locale)
        self._bring(key, bundle)
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise PromptsError(f"{self.sources[key].place}: the message {key!r} has no words.")
        long: list[str] = []
        fitted = {name: self._fit(value, long) for name, value in args.items()}
        words, errors = bundle.format_pattern(pattern, fitted)
        if errors:
            raise PromptsError(f"{self.sources[key].place}: {key!r}: {_sentence(errors[0])}")
        return _STAND_IN.sub(lambda match: long[int(match[1])], str(words))

    def parse(self, source: Source) -> ast.Message | ast.Term:
        """The entry's syntax tree; `PromptsError` names the line that Fluent does not accept."""
        for entry in FluentParser().parse(source.text).body:
            if isinstance(entry, ast.Message | ast.Term):
                return entry
            if isinstance(entry, ast.Junk):
                raise _not_fluent(source, entry)
        raise PromptsError(f"{source.place}: {source.key!r} is not a Fluent message.")

    def _bundle(self, locale: str) -> FluentBundle:
        name = _known_locale(locale, self.tag)
        if name not in self._bundles:
            # Isolation marks go only where an argument needs them: see `_fit`.
            self._bundles[name] = FluentBundle([name], use_isolating=False)
        return self._bundles[name]

    def _bring(self, key: str, bundle: FluentBundle) -> None:
        """Parse a message, and what it refers to, into the bundle."""
        if bundle.has_message(key) or key not in self.sources:
            return
        entry = self.parse(self.sources[key])
        bundle.add_resource(ast.Resource([entry]))
        for reference in references(entry):
            self._bring(reference, bundle)

    def _fit(self, value: Argument, long: list[str]) -> Argument:
        """Keeps an argument's writing direction to itself. Fluent refuses arguments of more than
        2,500 characters; a journal entry may be longer, so it goes in after Fluent is done."""
        if not isinstance(value, str):
            return value
        plain = value.translate(_NO_STAND_INS)
        text = contained(plain, within_rtl=self.tag in RIGHT_TO_LEFT)
        if len(text) <= LONGEST_ARGUMENT:
            return text
        long.append(text)
        return f"\ue000{len(long) - 1}\ue001"


def _not_fluent(source: Source, junk: ast.Junk) -> PromptsError:
    span = junk.annotations[0].span
    line = source.line + source.text.count("\n", 0, span.start if span else 0)
    what = str(junk.annotations[0].message).rstrip(".")
    return PromptsError(f"{source.file}:{line}: {source.key!r}: {what}.")


def references(entry: ast.Message | ast.Term) -> frozenset[str]:
    """The keys of the messages (`key`) and terms (`-key`) that an entry refers to."""
    return frozenset(_walk(entry).references)


def variables(entry: ast.Message | ast.Term) -> frozenset[str]:
    """The names of the arguments that an entry needs."""
    return frozenset(_walk(entry).variables)


def _walk(entry: ast.Message | ast.Term) -> _Names:
    names = _Names()
    names.visit(entry)
    return names


class _Names(Visitor):
    def __init__(self) -> None:
        self.references: set[str] = set()
        self.variables: set[str] = set()

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802
        self.references.add(node.id.name)

    def visit_TermReference(self, node: ast.TermReference) -> None:  # noqa: N802
        self.references.add(f"-{node.id.name}")
        self.generic_visit(node)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802
        self.variables.add(node.id.name)


@lru_cache(maxsize=1000)
def _known_locale(locale: str, tag: str) -> str:
    """The locale to write numbers and dates for: the person's (`en-GB`) when its language is
    ours and Babel knows it, else our own."""
    try:
        known = babel.Locale.parse(locale.replace("-", "_"))
    except (ValueError, babel.UnknownLocaleError):
        return tag
    same = known.language == tag.partition("-")[0].lower()
    return str(known).replace("_", "-") if same else tag


def _sentence(error: Exception) -> str:
    """What Fluent found wrong. Other errors may quote an argument, so only their kind is told."""
    if isinstance(error, FluentReferenceError):
        return f"{error}."
    return f"Fluent failed with {type(error).__name__}."
