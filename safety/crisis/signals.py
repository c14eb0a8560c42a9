"""Finds what the rules know in a text, each find with the guards that stand beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from safety.crisis.lexicon import Lexicon
from safety.crisis.phrases import Match
from safety.crisis.rules import PROBABILITY, Guard, Kind, Rule, Scope
from safety.crisis.sentences import Sentence, sentences
from safety.text import Severity

_SUBJECT_WITHIN: Final = 10
_MOST_PER_SENTENCE: Final = 64
_GUARDED_WEIGHT: Final = 0.4


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """One match of a rule. `sentence` is the number of its sentence in the text, `reasons` say
    why its severity was lowered."""

    rule: Rule
    sentence: int
    severity: Severity
    reasons: tuple[str, ...] = ()

    @property
    def probability(self) -> float:
        """That this is a true risk, before it is weighed with others."""
        return PROBABILITY[self.rule.severity] * float(_GUARDED_WEIGHT ** len(self.reasons))


def find_signals(text: str, lexicon: Lexicon) -> tuple[Signal, ...]:
    """Every rule that matches a text, once per sentence and reason: the most severe reading."""
    read = [_ReadSentence.of(sentence, lexicon) for sentence in sentences(text, lexicon.grammar)]
    found: dict[tuple[int, Rule], Signal] = {}
    for number, here in enumerate(read):
        beside = read[max(0, number - 1) : number + 2]
        for match in here.rules:
            signal = _weigh(match, number, here, beside, lexicon)
            known = found.get((number, match.owner))
            if known is None or signal.severity > known.severity:
                found[number, match.owner] = signal
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _ReadSentence:
    """A sentence with everything that matches in it. Idioms are blanked before rules look."""

    sentence: Sentence
    rules: Sequence[Match[Rule]]
    guards: Sequence[Match[Guard]]
    exemptions: Sequence[Match[str]] = field(default_factory=list)

    @classmethod
    def of(cls, sentence: Sentence, lexicon: Lexicon) -> _ReadSentence:
        line, words = sentence.line, set(sentence.words)
        for idiom in list(lexicon.idioms.matches(line, words)):
            line = _blank(line, idiom)
        matches = itertools.islice(lexicon.rules.matches(line, words), _MOST_PER_SENTENCE)
        rules = _on_their_own(list(matches))
        if not rules:
            return cls(sentence, (), list(lexicon.guards.matches(line, words)))
        return cls(
            sentence,
            rules,
            list(lexicon.guards.matches(sentence.line, words)),
            list(lexicon.exemptions.matches(sentence.line, words)),
        )

    def exempt(self, guard: Match[Guard]) -> bool:
        return any(
            exemption.owner == guard.owner.reason
            and (
                guard.owner.scope is not Scope.BEFORE
                or exemption.start <= guard.start < exemption.end
            )
            for exemption in self.exemptions
        )


def _weigh(
    match: Match[Rule],
    number: int,
    here: _ReadSentence,
    beside: Iterable[_ReadSentence],
    lexicon: Lexicon,
) -> Signal:
    rule = match.owner
    steps: dict[str, int] = {}
    for guard in _guards_of(match, here, beside, lexicon):
        steps[guard.reason] = max(steps.get(guard.reason, 0), guard.lowers.get(rule.kind, 0))
    if not rule.of_another and _is_about_another(match, here.sentence, lexicon):
        steps["about another person"] = _ANOTHER[rule.kind]
    if _is_quoted(match, here.sentence):
        steps["quoted"] = _QUOTED[rule.kind]
    lowered = {reason: by for reason, by in steps.items() if by}
    severity = Severity(max(0, rule.severity - sum(lowered.values())))
    return Signal(rule=rule, sentence=number, severity=severity, reasons=tuple(lowered))


_ANOTHER: Final = {
    Kind.THOUGHT: 2,
    Kind.INTENT: 2,
    Kind.ACT: 1,
    Kind.DISTRESS: 2,
    Kind.DETAIL: 1,
}
_QUOTED: Final = {
    Kind.THOUGHT: 2,
    Kind.INTENT: 2,
    Kind.ACT: 1,
    Kind.DISTRESS: 1,
    Kind.DETAIL: 1,
}


def _guards_of(
    match: Match[Rule],
    here: _ReadSentence,
    beside: Iterable[_ReadSentence],
    lexicon: Lexicon,
) -> Iterator[Guard]:
    of_self = _speaks_of_self(match, here.sentence, lexicon)
    for read in beside:
        for found in read.guards:
            guard = found.owner
            if guard.language != match.owner.language or (guard.spares_self and of_self):
                continue
            if read is not here and guard.scope is not Scope.NEARBY:
                continue
            if _stands_right(found, match, here, lexicon) and not read.exempt(found):
                yield guard


def _stands_right(
    guard: Match[Guard], match: Match[Rule], here: _ReadSentence, lexicon: Lexicon
) -> bool:
    match guard.owner.scope:
        case Scope.BEFORE:
            between = here.sentence.words[guard.end : match.start]
            return here.sentence.clause_start(match.start) <= guard.start < match.start and all(
                word in lexicon.bridges[guard.owner.language] for word in between
            )
        case Scope.AFTER:
            return match.end <= guard.start <= match.end + guard.owner.within
        case Scope.SENTENCE | Scope.NEARBY:
            return True


def _speaks_of_self(match: Match[Rule], sentence: Sentence, lexicon: Lexicon) -> bool:
    selves = lexicon.selves[match.owner.language]
    return any(word in selves for word in sentence.words[max(0, match.start - 1) : match.end])


def _is_about_another(match: Match[Rule], sentence: Sentence, lexicon: Lexicon) -> bool:
    """The nearest person named before the match is not the writer, who is not named in it."""
    language = match.owner.language
    selves, people = lexicon.selves[language], lexicon.people[language]
    if any(word in selves for word in sentence.words[match.start : match.end]):
        return False
    before = sentence.words[max(0, match.start - _SUBJECT_WITHIN) : match.start]
    for word in reversed(before):
        if word in selves:
            return False
        if word in people:
            return True
    return False


def _is_quoted(match: Match[Rule], sentence: Sentence) -> bool:
    return bool(sentence.quoted) and sentence.quoted.issuperset(range(match.start, match.end))


def _blank(line: str, idiom: Match[str]) -> str:
    words = line.split(" ")
    for position in range(idiom.start + 1, idiom.end + 1):
        words[position] = "_"
    return " ".join(words)


def _on_their_own(matches: Sequence[Match[Rule]]) -> list[Match[Rule]]:
    """Without matches that begin inside one of another domain that is no less severe: "voices
    tell me to kill myself" speaks of voices."""
    return [match for match in matches if not any(_explains(each, match) for each in matches)]


def _explains(outer: Match[Rule], match: Match[Rule]) -> bool:
    return (
        outer.owner.domain is not match.owner.domain
        and Kind.DETAIL not in (outer.owner.kind, match.owner.kind)
        and outer.start < match.start < outer.end
        and outer.owner.severity >= match.owner.severity
    )
