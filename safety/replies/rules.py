"""What a rule and a guard are, and how they are read from `rules/<language>/*.yaml`.

    names:    {drug: [pill, pills]}                 phrases listed under a name, for @drug
    expand:   {"don't": do not}                     contractions
    common:   [the, a]                              words that say little
    turns:    [but]                                 words after which a guard holds no longer
    self:     {i: [i], says: {am: []}, ...}         see `safety.replies.selfhood`
    guards:   {negated: {where: before, phrases: [can not]}}
    reasons:  {diagnosis: [{unless: [negated], phrases: [you have .. @disorder]}]}

Phrases are in the notation of `safety.crisis.phrases`: bounded, so that no reply can make one slow.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safety.crisis.phrases import Notation, Phrase, PhraseIndex
from safety.datafiles import read_mapping
from safety.errors import SafetyConfigurationError
from safety.replies.reading import Reader
from safety.replies.selfhood import Selfhood
from safety.replies.verdict import Reason

_FOLDER: Final = Path(__file__).with_name("rules")


class Where(enum.StrEnum):
    """Where a guard's words must stand to clear a match."""

    CLAUSE = "clause"  # in its clause, before it or at its beginning
    BEFORE = "before"  # in its sentence, before it, and nothing turns the sentence in between
    SENTENCE = "sentence"
    REPLY = "reply"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """Words that clear a match of the rules that name it."""

    language: str
    name: str
    where: Where


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Words that make a reply one that must not be said, unless a guard in `unless` clears them.

    `disclosed`: only after a disclosure. `asks`: only in a question, or (False) only in what is
    none. `opens`: only where a clause begins. `last`: only in the reply's last sentence. `spoken`:
    not in words that the reply puts into somebody's mouth by quotation marks. `native`: only in a
    reply of the rule's own language, for words that languages share.
    """

    language: str
    reason: Reason
    unless: frozenset[str] = frozenset()
    disclosed: bool = False
    asks: bool | None = None
    opens: bool = False
    last: bool = False
    spoken: bool = False
    native: bool = False


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of all languages. By language: `common` are the little words by which a text is
    known to be in it, `turns` the words that end a guard's reach, `selves` what a program may say
    of itself."""

    reader: Reader
    rules: PhraseIndex[Rule]
    guards: PhraseIndex[Guard]
    common: Mapping[str, frozenset[str]]
    turns: Mapping[str, frozenset[str]]
    selves: Mapping[str, Selfhood]


def load_rules(folder: Path = _FOLDER) -> Rulebook:
    """Read and compile every language's rules. Raises SafetyConfigurationError naming the file
    when one is not right."""
    files = tuple(_File(path) for path in sorted(folder.glob("*/*.yaml")))
    reader = Reader({word: meant for file in files for word, meant in file.of("expand").items()})
    common = {
        file.language: frozenset(word for each in file.common for word in reader.spell(each))
        for file in files
        if file.common
    }
    frequent = frozenset[str]().union(*common.values())
    notations = {
        language: Notation(names, reader.spell, frequent) for language, names in _names(files)
    }
    rules: list[tuple[Phrase, Rule]] = []
    guards: list[tuple[Phrase, Guard]] = []
    for file in files:
        read = notations[file.language].read
        rules += [(read(phrase), rule) for rule, phrases in file.rules() for phrase in phrases]
        guards += [(read(phrase), guard) for guard, phrases in file.guards() for phrase in phrases]
    _demand_known_guards(rules, guards)
    reader.know(frozenset(word for phrase, _ in rules for word in phrase.words))
    book = Rulebook(
        reader=reader,
        rules=PhraseIndex(rules),
        guards=PhraseIndex(guards),
        common=common,
        turns={file.language: file.turns for file in files if file.turns},
        selves={file.language: file.self for file in files if file.of("self")},
    )
    book.rules.compile()
    book.guards.compile()
    return book


class _File:
    """One YAML file; its language is the name of its folder."""

    def __init__(self, path: Path) -> None:
        self.language = path.parent.name
        self._name = f"{self.language}/{path.name}"
        self._content = read_mapping(path)

    def of(self, key: str) -> Mapping[str, Any]:
        found = self._content.get(key, {})
        if not isinstance(found, Mapping):
            raise self._complaint(key)
        return found

    @property
    def common(self) -> tuple[str, ...]:
        return self._words("common")

    @property
    def turns(self) -> frozenset[str]:
        return frozenset(self._words("turns"))

    @property
    def self(self) -> Selfhood:
        written = self.of("self")
        try:
            return Selfhood(
                says={word: frozenset(after) for word, after in written["says"].items()},
                **{key: frozenset(written[key]) for key in ("i", "my", "owns", "skips")},
            )
        except (KeyError, TypeError, AttributeError) as exc:
            raise self._complaint("self") from exc

    def rules(self) -> Iterator[tuple[Rule, Sequence[str]]]:
        for reason, rows in self.of("reasons").items():
            for row in rows:
                conditions = {key: value for key, value in row.items() if key != "phrases"}
                unless = frozenset(conditions.pop("unless", ()))
                try:
                    named = Reason(reason)
                    rule = Rule(language=self.language, reason=named, unless=unless, **conditions)
                except (TypeError, ValueError) as exc:
                    raise self._complaint(reason) from exc
                yield rule, row["phrases"]

    def guards(self) -> Iterator[tuple[Guard, Sequence[str]]]:
        for name, row in self.of("guards").items():
            try:
                guard = Guard(language=self.language, name=name, where=Where(row["where"]))
            except (KeyError, ValueError) as exc:
                raise self._complaint(name) from exc
            yield guard, row["phrases"]

    def _words(self, key: str) -> tuple[str, ...]:
        words = self._content.get(key, ())
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise self._complaint(key)  # YAML reads a bare "no" as false
        return tuple(words)

    def _complaint(self, what: str) -> SafetyConfigurationError:
        return SafetyConfigurationError(
            f"The reply rules {self._name} are not right under {what!r}; install Evenkeel again."
        )


def _names(files: Sequence[_File]) -> Iterator[tuple[str, Mapping[str, Sequence[str]]]]:
    for language in {file.language for file in files}:
        yield (
            language,
            {
                name: phrases
                for file in files
                if file.language == language
                for name, phrases in file.of("names").items()
            },
        )


def _demand_known_guards(
    rules: Sequence[tuple[Phrase, Rule]], guards: Sequence[tuple[Phrase, Guard]]
) -> None:
    """A guard that is misspelled would guard nothing, without a word."""
    known = {(guard.language, guard.name) for _, guard in guards}
    for _, rule in rules:
        for name in rule.unless:
            if (rule.language, name) not in known:
                raise SafetyConfigurationError(
                    f"The reply rules of {rule.language} name a guard that is none: {name!r}."
                )
