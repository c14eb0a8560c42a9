"""The notation in which rules are written, and its translation into bounded patterns.

A phrase is a row of elements separated by spaces, matched against plain words:

    want              the word itself
    want|need         one of several words
    (end it|stop)     one of several phrases
    kill*             a word that begins so
    now?              may be absent; also `(right now)?`
    @means            one of the phrases listed under a name
    <n>               a number;  `<n10>` ten or more
    $                 the end of the sentence
    ..                up to three words, none of which negates;  `...` up to five

Nothing in it can repeat without bound, so no text can make a pattern slow. A phrase also knows
its triggers: words of which a text must contain one, so that a text is only tried against the
few phrases that could match it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from safety.errors import SafetyConfigurationError

Spell = Callable[[str], tuple[str, ...]]

_PREFIX_LENGTH: Final = 3
_GAP_WORD: Final = "(?!(?:not|never|no|nunca|jamas|sin|nicht|nie|kein|keine|pas|jamais|nao) )[^ ]+ "
"""What may stand in a gap: any word but one that would turn the meaning round."""
_WILD: Final = {
    "..": f"(?:{_GAP_WORD}){{0,3}}",
    "...": f"(?:{_GAP_WORD}){{0,5}}",
    "<n>": "[0-9]+ ",
    "<n10>": "[1-9][0-9]{1,3} ",
    "$": "$",
}


@dataclass(frozen=True)
class Phrase:
    """`pattern` is a regular expression over words that each end in one space. `triggers` are
    whole words, or beginnings of `_PREFIX_LENGTH` letters written with a star: a text without
    any of them cannot match. `words` are all words written out in the phrase."""

    pattern: str
    triggers: frozenset[str]
    words: frozenset[str]

    @functools.cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(f"(?<= )(?:{self.pattern})")


class Notation:
    """Reads phrases of one language: `names` are its named lists, `spell` its spelling, `common`
    words so frequent that they say little about which phrases could match."""

    def __init__(
        self, names: Mapping[str, Sequence[str]], spell: Spell, common: frozenset[str]
    ) -> None:
        self._names = names
        self._spell = spell
        self._common = common
        self._named: dict[str, _Piece] = {}

    def read(self, written: str) -> Phrase:
        """Translate a phrase. Raises SafetyConfigurationError naming it."""
        try:
            piece = self._sequence(written)
        except (KeyError, ValueError) as exc:
            raise SafetyConfigurationError(
                f"The rule phrase {written!r} cannot be read ({exc})."
            ) from exc
        if not piece.triggers:
            raise SafetyConfigurationError(
                f"The rule phrase {written!r} has no word that must be there."
            )
        return Phrase(piece.pattern, piece.triggers, piece.words)

    def _sequence(self, written: str) -> _Piece:
        pieces = [self._element(element) for element in _split(written, " ")]
        required = [piece.triggers for piece in pieces if piece.triggers]
        return _Piece(
            "".join(piece.pattern for piece in pieces),
            min(required, key=self._commonness, default=frozenset()),
            frozenset().union(*(piece.words for piece in pieces)),
        )

    def _element(self, written: str) -> _Piece:
        if written in _WILD:
            return _Piece(_WILD[written])
        if written.endswith("?"):
            piece = self._element(written[:-1])
            return _Piece(f"(?:{piece.pattern})?", words=piece.words)
        if written.startswith("(") and written.endswith(")"):
            return _choice([self._sequence(part) for part in _split(written[1:-1], "|")])
        if len(parts := list(_split(written, "|"))) > 1:
            return _choice([self._element(part) for part in parts])
        if written.startswith("@"):
            return self._name(written[1:])
        return self._word(written)

    def _name(self, name: str) -> _Piece:
        if name not in self._named:
            self._named[name] = _choice([self._sequence(each) for each in self._names[name]])
        return self._named[name]

    def _word(self, written: str) -> _Piece:
        words = self._spell(written.removesuffix("*"))
        if not words or any(char in "()|?*@<>" for char in "".join(words)):
            raise ValueError(f"{written!r} is not a word")
        if written.endswith("*"):
            stem = "".join(words)
            if len(stem) < _PREFIX_LENGTH:
                raise ValueError(f"{written!r} is too short a beginning")
            trigger = frozenset({stem[:_PREFIX_LENGTH] + "*"})
            return _Piece(f"{re.escape(stem)}[^ ]{{0,14}} ", trigger)
        return _Piece(
            "".join(re.escape(word) + " " for word in words),
            min((frozenset({word}) for word in words), key=self._commonness),
            frozenset(words),
        )

    def _commonness(self, triggers: frozenset[str]) -> tuple[int, int]:
        return len(triggers & self._common), len(triggers)


@dataclass(frozen=True, slots=True)
class _Piece:
    pattern: str
    triggers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def _choice(pieces: Sequence[_Piece]) -> _Piece:
    every_one = all(piece.triggers for piece in pieces)
    return _Piece(
        "(?:" + "|".join(dict.fromkeys(piece.pattern for piece in pieces)) + ")",
        frozenset().union(*(piece.triggers for piece in pieces)) if every_one else frozenset(),
        frozenset().union(*(piece.words for piece in pieces)),
    )


def _split(written: str, separator: str) -> Iterator[str]:
    """Parts of a phrase between separators that stand outside parentheses."""
    depth, part = 0, ""
    for char in written:
        depth += (char == "(") - (char == ")")
        if char == separator and depth == 0:
            if part:
                yield part
            part = ""
        else:
            part += char
    if part:
        yield part


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """`start` and `end` count words of the sentence."""

    owner: T
    start: int
    end: int


class PhraseIndex(Generic[T]):
    """Phrases by their triggers, each with what it belongs to."""

    def __init__(self, phrases: Iterable[tuple[Phrase, T]]) -> None:
        self._phrases = tuple(phrases)
        self._by_trigger: dict[str, list[int]] = {}
        for number, (phrase, _) in enumerate(self._phrases):
            for trigger in phrase.triggers:
                self._by_trigger.setdefault(trigger, []).append(number)

    def matches(self, line: str, words: Iterable[str]) -> Iterator[Match[T]]:
        """All matches in a line of words that begins with, and whose words end in, a space."""
        for number in self._candidates(words):
            phrase, owner = self._phrases[number]
            for found in phrase.regex.finditer(line):
                start = line.count(" ", 0, found.start()) - 1
                yield Match(owner, start, start + line.count(" ", found.start(), found.end()))

    @property
    def phrases(self) -> Iterator[Phrase]:
        return (phrase for phrase, _ in self._phrases)

    def compile(self) -> None:
        """Build every pattern now rather than when it is first needed."""
        for phrase in self.phrases:
            phrase.regex  # noqa: B018 - a cached property

    def _candidates(self, words: Iterable[str]) -> list[int]:
        found: set[int] = set()
        for word in words:
            found.update(self._by_trigger.get(word, ()))
            found.update(self._by_trigger.get(word[:_PREFIX_LENGTH] + "*", ()))
        return sorted(found)
