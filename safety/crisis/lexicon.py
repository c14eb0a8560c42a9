"""Loads the rules of all languages into one lexicon, ready to be matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from safety.crisis.characters import plain
from safety.crisis.phrases import Notation, Phrase, PhraseIndex
from safety.crisis.rules import Guard, Kind, Rule, Scope
from safety.crisis.sentences import Grammar, Rewrite
from safety.crisis.spelling import Spelling
from safety.datafiles import read_mapping
from safety.errors import SafetyConfigurationError
from safety.text import Domain, Severity

_FOLDER: Final = Path(__file__).with_name("rules")
_Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the screener knows of words. `answers` are short replies that take up what was
    said before; `exemptions` are phrases that cancel the guards whose reason they carry.

    By language: `people` are words for other persons, `selves` for the writer, `bridges` words
    that may stand between a guard and what it lowers.
    """

    grammar: Grammar
    rules: PhraseIndex[Rule]
    guards: PhraseIndex[Guard]
    idioms: PhraseIndex[str]
    answers: PhraseIndex[str]
    exemptions: PhraseIndex[str]
    people: Mapping[str, frozenset[str]]
    selves: Mapping[str, frozenset[str]]
    bridges: Mapping[str, frozenset[str]]


def load_lexicon(folder: Path = _FOLDER) -> Lexicon:
    """Read every language. Patterns are compiled when they are first needed; see `warm`."""
    files = [_File(path) for path in sorted(folder.glob("*/*.yaml"))]
    spelling = Spelling(
        {word: meant for file in files for word, meant in file.texts("expand").items()},
        [word for file in files for word in file.list("prone_to_typos")],
    )
    reader = _Reader(files, spelling)
    lexicon = Lexicon(
        grammar=reader.grammar(),
        rules=PhraseIndex(reader.rules()),
        guards=PhraseIndex(reader.guards()),
        idioms=PhraseIndex(reader.labelled("idioms")),
        answers=PhraseIndex(reader.labelled("answers")),
        exemptions=PhraseIndex(reader.labelled("exemptions")),
        people=reader.words("people"),
        selves=reader.words("selves"),
        bridges=reader.words("bridges"),
    )
    spelling.know(reader.seen)
    return lexicon


def warm(lexicon: Lexicon) -> None:
    """Compile every pattern now, so that no message pays for it."""
    lexicon.rules.compile()
    lexicon.guards.compile()
    for index in (lexicon.idioms, lexicon.answers, lexicon.exemptions):
        index.compile()


class _File:
    """One YAML file; `language` is the name of its folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.language = path.parent.name
        self.content = read_mapping(path)

    def texts(self, key: str) -> Mapping[str, str]:
        return cast(Mapping[str, str], self.content.get(key, {}))

    def list(self, key: str) -> Sequence[str]:
        words = cast(Sequence[object], self.content.get(key, ()))
        if not all(isinstance(word, str) for word in words):  # YAML reads a bare "no" as false
            raise SafetyConfigurationError(
                f"The crisis rules {self.language}/{self.path.name} hold under {key!r} a word that "
                "must be put in quotation marks."
            )
        return cast(Sequence[str], words)

    def rows(self, key: str) -> Sequence[_Row]:
        return cast(Sequence[_Row], self.content.get(key, ()))

    def groups(self, key: str) -> Mapping[str, Sequence[str]]:
        return cast(Mapping[str, Sequence[str]], self.content.get(key, {}))

    def domains(self) -> Mapping[str, Sequence[_Row]]:
        return cast(Mapping[str, Sequence[_Row]], self.content.get("domains", {}))


class _Reader:
    """Turns rows into rules and remembers every word it saw."""

    def __init__(self, files: Sequence[_File], spelling: Spelling) -> None:
        self._files = files
        self._spelling = spelling
        self.seen: set[str] = set()
        names: dict[str, dict[str, Sequence[str]]] = {}
        for file in files:
            names.setdefault(file.language, {}).update(file.groups("names"))
        common = frozenset().union(*self.words("common").values())
        self._notations = {
            language: Notation(named, self._spell, common) for language, named in names.items()
        }

    def grammar(self) -> Grammar:
        rows = [row for file in self._files for row in file.rows("rewrite")]
        rewrites = [
            Rewrite(
                word=str(row["word"]),
                meant=str(row["as"]),
                after=frozenset(_list(row, "after")),
                not_after=frozenset(_list(row, "not_after")),
            )
            for row in rows
        ]
        return Grammar(
            spelling=self._spelling,
            rewrites={rewrite.word: rewrite for rewrite in rewrites},
        )

    def rules(self) -> Iterator[tuple[Phrase, Rule]]:
        for file in self._files:
            for domain, rows in file.domains().items():
                for row in rows:
                    rule = self._rule(file, domain, row)
                    yield from ((phrase, rule) for phrase in self._phrases(file, row))

    def guards(self) -> Iterator[tuple[Phrase, Guard]]:
        for file in self._files:
            for row in file.rows("guards"):
                guard = self._guard(file, row)
                yield from ((phrase, guard) for phrase in self._phrases(file, row))

    def labelled(self, key: str) -> Iterator[tuple[Phrase, str]]:
        for file in self._files:
            for label, phrases in file.groups(key).items():
                for written in phrases:
                    yield self._phrase(file, written), label

    def words(self, key: str) -> Mapping[str, frozenset[str]]:
        """A list of words, by language."""
        found: dict[str, set[str]] = {file.language: set() for file in self._files}
        for file in self._files:
            found[file.language].update(plain(word) for word in file.list(key))
        return {language: frozenset(words) for language, words in found.items()}

    def _rule(self, file: _File, domain: str, row: _Row) -> Rule:
        with _Complaint(file, row):
            return Rule(
                language=file.language,
                domain=Domain(domain),
                kind=Kind(str(row["kind"])),
                severity=Severity.of(str(row.get("severity", "none"))),
                reason=str(row["reason"]),
                of_another=row.get("of_another") is True,
                sharpens=frozenset(Kind(kind) for kind in _list(row, "sharpens")),
                domains=frozenset(Domain(name) for name in (*_list(row, "also"), domain)),
            )

    def _guard(self, file: _File, row: _Row) -> Guard:
        with _Complaint(file, row):
            return Guard(
                language=file.language,
                reason=str(row["reason"]),
                scope=Scope(str(row["scope"])),
                lowers={
                    Kind(kind): steps
                    for kind, steps in cast(Mapping[str, int], row["lowers"]).items()
                },
                within=cast(int, row.get("within", 6)),
                spares_self=row.get("spares_self") is True,
            )

    def _phrases(self, file: _File, row: _Row) -> Iterator[Phrase]:
        for written in _list(row, "phrases"):
            yield self._phrase(file, written)

    def _phrase(self, file: _File, written: str) -> Phrase:
        phrase = self._notations[file.language].read(written)
        self.seen.update(phrase.words)
        return phrase

    def _spell(self, word: str) -> tuple[str, ...]:
        """Rules are spelled as texts are, so that they meet."""
        words = plain(word).replace("'", "").split() if "'" in word else plain(word).split()
        return tuple(meant for each in words for meant in self._spelling.expand(each))


class _Complaint:
    """Names the file and the rule when a row is not right."""

    def __init__(self, file: _File, row: _Row) -> None:
        self._where = f"{file.language}/{file.path.name}, {row.get('reason')!r}"

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (KeyError, ValueError, AttributeError)):
            raise SafetyConfigurationError(
                f"The crisis rule {self._where} is not right."
            ) from error


def _list(row: _Row, key: str) -> Sequence[str]:
    return cast(Sequence[str], row.get(key, ()))
