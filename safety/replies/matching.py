"""Finds the rules that a reply breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from safety.crisis.phrases import Match
from safety.replies.reading import Sentence
from safety.replies.rules import Guard, Rule, Rulebook, Where
from safety.replies.verdict import Reason

Named = tuple[str, str]
"""A guard's language and name."""


def broken_rules(
    sentences: Sequence[Sentence], book: Rulebook, *, disclosed: bool
) -> Iterator[Reason]:
    """The reasons of all rules that match and are not cleared, repeated as they come."""
    guards = [tuple(book.guards.matches(each.line, each.words)) for each in sentences]
    anywhere = frozenset(
        (guard.owner.language, guard.owner.name)
        for standing in guards
        for guard in standing
        if guard.owner.where is Where.REPLY
    )
    for sentence, standing in zip(sentences, guards, strict=True):
        last = sentence is sentences[-1]
        for match in book.rules.matches(sentence.line, sentence.words):
            applies = _applies(match, sentence, disclosed=disclosed, last=last)
            if applies and not _is_cleared(match, sentence, standing, anywhere, book):
                yield match.owner.reason


def _applies(match: Match[Rule], sentence: Sentence, *, disclosed: bool, last: bool) -> bool:
    rule = match.owner
    return not (
        (rule.disclosed and not disclosed)
        or (rule.last and not last)
        or (rule.asks is not None and rule.asks != sentence.asks)
        or (rule.opens and match.start not in sentence.breaks)
        or (rule.spoken and match.start in sentence.quoted)
    )


def _is_cleared(
    match: Match[Rule],
    sentence: Sentence,
    standing: Sequence[Match[Guard]],
    anywhere: frozenset[Named],
    book: Rulebook,
) -> bool:
    rule = match.owner
    if any((rule.language, name) in anywhere for name in rule.unless):
        return True
    return any(
        guard.owner.language == rule.language
        and guard.owner.name in rule.unless
        and _reaches(guard, match, sentence, book)
        for guard in standing
    )


def _reaches(guard: Match[Guard], found: Match[Rule], sentence: Sentence, book: Rulebook) -> bool:
    match guard.owner.where:
        case Where.SENTENCE | Where.REPLY:
            return True
        case Where.CLAUSE:
            return sentence.clause_start(found.start) <= guard.start <= found.start
        case Where.BEFORE:
            between = sentence.words[guard.end : found.start]
            turns = book.turns.get(found.owner.language, frozenset())
            return guard.start <= found.start and turns.isdisjoint(between)
