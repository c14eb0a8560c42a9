"""What is said in the place of a reply that must not be said.

Nobody sees the reply itself: not the dialog that asked for it, and not the person.
"""

from __future__ import annotations

from typing import Final

from bot.dialogs.dialog import Outcome, Reply, State, Turn
from bot.dialogs.question import variant
from bot.generation import ModelReply
from bot.ids import new_id
from prompts.catalog import Say
from safety.replies.verdict import UNCHECKED
from safety.text import Risk, Severity
from storage.records import ReplyRefused

WORDINGS: Final = 3


def in_its_place(turn: Turn, state: State, reply: ModelReply) -> Outcome:
    """A short answer of our own. After a disclosure the crisis dialog goes on from there."""
    if disclosure(reply) is None:
        said = Reply(lines=(Say(f"reply-withheld-{variant(turn, WORDINGS)}"),))
    else:
        said = Reply(lines=(Say("reply-withheld-disclosed"),), safety=True)
    return Outcome(replies=(said,), state=state)


def disclosure(reply: ModelReply) -> Risk | None:
    """What the person disclosed before a reply that was withheld. It was acted on when they said
    it, so it alerts nobody again."""
    verdict = reply.verdict or UNCHECKED
    if not verdict.disclosed:
        return None
    return Risk(severity=Severity.LOW, domain=verdict.disclosure, score=0.0)


def refusal(reply: ModelReply) -> ReplyRefused:
    reasons = (reply.verdict or UNCHECKED).reasons
    return ReplyRefused(id=new_id(), reasons=tuple(reason.value for reason in reasons))
