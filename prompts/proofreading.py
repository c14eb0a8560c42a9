"""Compares the languages of the catalogue: the same keys with the same arguments in each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fluent.syntax import ast

from prompts.errors import PromptsError
from prompts.language import Language, references, variables

LONGEST_TEXT: Final = 2500  # of a part of a message without arguments; Fluent's own limit

Parsed = dict[str, ast.Message | ast.Term]


def proofread(source: Language, others: Iterable[Language]) -> list[str]:
    """Sentences about everything that is wrong; empty when nothing is."""
    found: list[str] = []
    readable = [language for language in (source, *others) if _read(language, found)]
    parsed = {language.tag: _parsed(language, found) for language in readable}
    if source not in readable:
        return found
    for other in readable[1:]:
        found += _missing(source, other)
        found += _missing(other, source)
        found += _other_arguments(other, parsed[source.tag], parsed[other.tag])
    return found


def _read(language: Language, found: list[str]) -> bool:
    try:
        return bool(language.entries)
    except PromptsError as error:
        found.append(str(error))
        return False


def _parsed(language: Language, found: list[str]) -> Parsed:
    """Every entry that can be parsed; what is wrong within the language goes into `found`."""
    parsed: Parsed = {}
    for source in language.entries:
        if source.key in parsed:
            found.append(f"{source.place}: {source.key!r} stands a second time.")
            continue
        try:
            parsed[source.key] = language.parse(source)
        except PromptsError as error:
            found.append(str(error))
    found += _within(language, parsed)
    return parsed


def _within(language: Language, parsed: Parsed) -> Iterator[str]:
    for key, entry in parsed.items():
        place = language.sources[key].place
        if entry.value is None:
            yield f"{place}: {key!r} has no words."
            continue
        for reference in references(entry) - set(language.sources):
            yield f"{place}: {key!r} refers to {reference!r}, which is not there."
        for element in entry.value.elements:
            if isinstance(element, ast.TextElement) and len(element.value) > LONGEST_TEXT:
                yield f"{place}: {key!r} is too long for one message; split it."


def _missing(source: Language, other: Language) -> Iterator[str]:
    """Messages of one language that another lacks. Terms are each language's own affair."""
    for key in source:
        if key not in other:
            yield f"{other.tag}: {key!r} is missing; it is at {source.sources[key].place}."


def _other_arguments(other: Language, original: Parsed, translated: Parsed) -> Iterator[str]:
    for key, entry in translated.items():
        if key.startswith("-") or key not in original:
            continue
        ours, theirs = variables(original[key]), variables(entry)
        if ours != theirs:
            place = other.sources[key].place
            names = ", ".join(f"${name}" for name in sorted(ours ^ theirs))
            yield f"{place}: {key!r} differs from English in its arguments: {names}."
