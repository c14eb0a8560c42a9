"""What a reply of a language model is checked against, and what the check says of it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from safety.text import Domain


class Reason(enum.StrEnum):
    """Why a reply must not be said."""

    DIAGNOSIS = "diagnosis"
    MEDICATION_CHANGE = "medication_change"
    METHOD_INFORMATION = "method_information"
    SECRECY_PROMISE = "secrecy_promise"
    LEADING_QUESTION = "leading_question"  # about ways to die; whether somebody wants to is asked
    ENDED_CONVERSATION = "ended_conversation"  # or changed the subject, after a disclosure
    PERSONAL_DATA = "personal_data"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"  # stands for nothing in this conversation
    CLAIMS_TO_BE_HUMAN = "claims_to_be_human"
    ROMANTIC_OR_SEXUAL = "romantic_or_sexual"
    PROMISE = "promise"  # of an outcome nobody can know
    ENCOURAGES_HARM = "encourages_harm"  # agrees, dares, belittles
    DISCOURAGES_HELP = "discourages_help"
    DANGEROUS_ADVICE = "dangerous_advice"  # about eating, alcohol and other drugs
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"  # in a language or script that the rules do not cover
    UNCHECKED = "unchecked"  # the check itself failed or took too long


RED_LINES: Final = (
    Reason.METHOD_INFORMATION,
    Reason.SECRECY_PROMISE,
    Reason.ENDED_CONVERSATION,
    Reason.CLAIMS_TO_BE_HUMAN,
    Reason.DIAGNOSIS,
)
"""The worst of them: what a release must not let through."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Exchange:
    """What the checker knows of the conversation: the person's own turns that the model was given,
    masked, oldest first, the latest last; the placeholders it was given; and whether a disclosure
    is known of otherwise (an open crisis), whatever the turns say."""

    said: tuple[str, ...] = ()
    placeholders: frozenset[str] = frozenset()
    disclosed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """`disclosure` is what the person disclosed in the turns looked at, `Domain.NONE` when that is
    not known; `disclosed` whether they disclosed anything."""

    reasons: tuple[Reason, ...] = ()
    disclosed: bool = False
    disclosure: Domain = Domain.NONE

    @property
    def allowed(self) -> bool:
        return not self.reasons


UNCHECKED: Final = Verdict(reasons=(Reason.UNCHECKED,))
"""Fail closed: what could not be checked is not said."""

_PLACEHOLDER: Final = re.compile(r"<[A-Z][A-Z_]{1,30}_[0-9]{1,9}>")


def placeholders_in(texts: Iterable[str]) -> frozenset[str]:
    """The placeholders that stand in masked texts."""
    return frozenset(tag for text in texts for tag in _PLACEHOLDER.findall(text))
