"""Finds the rules that a reply breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from safety.crisis.phrases import Match
from safety.replies.reading import Sentence
from safety.replies.rules import Guard, Rule, Rulebook, Where
from safety.replies.selfhood import claims_a_life
from safety.replies.verdict import Reason

PRESENT: Final = "present"

Named = tuple[str, str]
"""A guard's language and name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A reply as it is matched: `language` is None when it is none of ours."""

    sentences: tuple[Sentence, ...]
    language: str | None
    disclosed: bool


def broken_rules(reply: Read, book: Rulebook) -> Iterator[Reason]:
    """The reasons of all rules that match and are not cleared, repeated as they come."""
    sentences = reply.sentences
    guards = [tuple(book.guards.matches(each.line, each.words)) for each in sentences]
    anywhere = frozenset(
        (guard.owner.language, guard.owner.name)
        for standing in guards
        for guard in standing
        if guard.owner.where is Where.REPLY
    )
    for sentence, standing in zip(sentences, guards, strict=True):
        for match in book.rules.matches(sentence.line, sentence.words):
            applies = _applies(match.owner, reply) and _fits(match, sentence, reply)
            if applies and not _is_cleared(match, sentence, standing, anywhere, book):
                yield match.owner.reason


def claims_a_life_in(reply: Read, book: Rulebook) -> bool:
    """Whether a reply tells of a life; False in a language for which that is not listed."""
    selfhood = book.selves.get(reply.language or "")
    if selfhood is None:
        return False
    return any(claims_a_life(sentence, selfhood) for sentence in reply.sentences)


def stays_with_them(reply: Read, book: Rulebook) -> bool:
    """Whether a reply shows that a disclosure was heard, in any words of the guards that are named
    `present`: to speak of something else ends the conversation as well as a goodbye."""
    return any(
        guard.owner.name == PRESENT
        for sentence in reply.sentences
        for guard in book.guards.matches(sentence.line, sentence.words)
    )


def _applies(rule: Rule, reply: Read) -> bool:
    return not (
        (rule.disclosed and not reply.disclosed)
        or (rule.native and rule.language != reply.language)
    )


def _fits(match: Match[Rule], sentence: Sentence, reply: Read) -> bool:
    rule = match.owner
    return not (
        (rule.last and sentence is not reply.sentences[-1])
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
