"""Checks what a language model wants to say, before it is stored or sent. Pure and offline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from safety.crisis.characters import is_mostly_foreign
from safety.replies.matching import Read, broken_rules, claims_a_life_in, stays_with_them
from safety.replies.personal import Masks, tells_of_somebody
from safety.replies.reading import Sentence
from safety.replies.rules import Rulebook, load_rules
from safety.replies.verdict import Exchange, Reason, Verdict
from safety.text import NO_RISK, Context, Risk, Severity

LONGEST_REPLY: Final = 4_000
"""Characters; a companion is asked for four sentences, and Telegram takes 4,096."""

TURNS_LOOKED_AT: Final = 6
"""How many of the person's last turns are searched for a disclosure."""

_FEWEST_WORDS: Final = 8
_LEAST_COMMON: Final = 0.15
"""Of a text in one of our languages about half the words are common ones; of Italian, which is
near to two of them, a tenth."""

_ENGLISH: Final = "en"
_TAG: Final = re.compile(r"<[^<>\s][^<>]{0,60}>")
_SLOT: Final = re.compile(
    r"\[(?:insert |your |the |user |first |last |full |person |client |patient ){0,4}"
    r"(?:name|user|person|city|company|place|friend|number)[^\[\]]{0,30}\]|\{[a-z_ .]{1,40}\}",
    re.IGNORECASE,
)

Assess = Callable[[str, Context], Risk]


class ReplyChecker:
    """Holds the rules. Loading them takes a fifth of a second: build one and keep it."""

    def __init__(self, masker: Masks, assess: Assess, rules: Rulebook | None = None) -> None:
        self._masker = masker
        self._assess = assess
        self._rules = rules or load_rules()

    def check(self, reply: str, exchange: Exchange) -> Verdict:
        """Every reason to refuse a reply, each once."""
        risk = self._disclosure(exchange)
        disclosed = exchange.disclosed or risk is not NO_RISK
        reasons = dict.fromkeys(self._reasons(reply, exchange, disclosed=disclosed))
        return Verdict(reasons=tuple(reasons), disclosed=disclosed, disclosure=risk.domain)

    def _reasons(self, reply: str, exchange: Exchange, *, disclosed: bool) -> Iterator[Reason]:
        if not any(char.isalnum() for char in reply):
            yield Reason.EMPTY
            return
        if len(reply) > LONGEST_REPLY:
            yield Reason.TOO_LONG
            return
        sentences = self._rules.reader.sentences(reply)
        language = self._language(reply, sentences)
        if language is None:
            yield Reason.UNREADABLE
        read = Read(sentences=sentences, language=language, disclosed=disclosed)
        yield from broken_rules(read, self._rules)
        if claims_a_life_in(read, self._rules):
            yield Reason.CLAIMS_TO_BE_HUMAN
        if disclosed and not stays_with_them(read, self._rules):
            yield Reason.ENDED_CONVERSATION
        if _SLOT.search(reply) or not exchange.placeholders.issuperset(_TAG.findall(reply)):
            yield Reason.UNKNOWN_PLACEHOLDER
        if tells_of_somebody(reply, self._masker, exchange.said, in_english=language == _ENGLISH):
            yield Reason.PERSONAL_DATA

    def _disclosure(self, exchange: Exchange) -> Risk:
        """The gravest risk in the person's last turns, from medium up."""
        said = exchange.said[-TURNS_LOOKED_AT:]
        risks = [
            self._assess(text, Context(earlier=said[:number])) for number, text in enumerate(said)
        ]
        risk = max(risks, key=lambda each: each.severity, default=NO_RISK)
        return risk if risk.severity >= Severity.MEDIUM else NO_RISK

    def _language(self, reply: str, sentences: tuple[Sentence, ...]) -> str | None:
        """The one of our languages that a reply is in; None when it is in none of them."""
        words = [word for sentence in sentences for word in sentence.words]
        if is_mostly_foreign(reply) or not words:
            return None
        shares = {
            language: sum(word in common for word in words) / len(words)
            for language, common in self._rules.common.items()
        }
        best = max(shares, key=lambda language: (shares[language], language == _ENGLISH))
        return best if len(words) < _FEWEST_WORDS or shares[best] >= _LEAST_COMMON else None
