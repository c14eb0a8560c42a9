"""What the crisis dialog asks, in which order, and what the typed answers mean. Data, no words.

The order follows published practice for talking with someone at risk: ask directly, get help on
the way, put distance to what could harm, bring in another person, stay. Nothing here names a
method, and no answer closes the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogs.dialog import Choice
from bot.dialogs.question import NO, YES, YES_OR_NO, choice
from safety.text import Domain

ASK: Final = "ask"
GENTLE: Final = "gentle"
STAY: Final = "stay"
TEACH: Final = "teach"

DANGER: Final = "danger"
SOME: Final = "some"
SAFE: Final = "safe"
MISREAD: Final = "misread"
NUMBERS: Final = "numbers"

STEPS: Final[Mapping[Domain, tuple[str, ...]]] = {
    Domain.SUICIDE: ("means", "company"),
    Domain.SELF_HARM: ("means", "company"),
    Domain.HARM_TO_OTHERS: ("distance", "company"),
    Domain.ABUSE: ("place",),
    Domain.SAFEGUARDING_MINOR: ("place",),
    Domain.PSYCHOSIS: ("company",),
    Domain.EATING_DISORDER: ("company",),
    Domain.SUBSTANCE: ("company",),
    Domain.MEDICAL_EMERGENCY: ("company",),
    Domain.NONE: ("place", "company"),
}
"""What is asked once somebody said that they are, or may be, in danger. Who may be hurt by the
people around them is not asked whether someone is with them."""

ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "means": ("near", "away", "nothing"),
    "distance": ("yes", "no"),
    "place": ("yes", "no", "watched"),
    "company": ("yes", "could", "no"),
}

ASKS_WHETHER_SAFE: Final = frozenset({Domain.ABUSE, Domain.SAFEGUARDING_MINOR, Domain.NONE})
"""Their question is `are you safe`, where yes is good news; the others ask for the danger."""

OWN_LABELS: Final = frozenset({Domain.SUICIDE, Domain.SELF_HARM})
"""Domains whose answers to the direct question are more than yes, not sure and no."""

_YES: Final = frozenset(
    {"y", "yes", "yeah", "yep", "yes i am", "i am", "yes i do", "i do", "yes i have"}
    | {"s", "si", "asi es", "si lo estoy", "lo estoy"}
)
_NO: Final = frozenset(
    {"n", "no", "nope", "no im not", "im not", "not at all", "no i dont", "i dont", "not now"}
    | {"no lo estoy", "para nada", "ahora no", "no ahora no"}
)
_UNSURE: Final = frozenset(
    {"maybe", "sometimes", "not sure", "im not sure", "i dont know", "dont know", "idk", "kind of"}
    | {"a bit", "a little", "quizas", "tal vez", "a veces", "no se", "no lo se", "un poco"}
)
_SAFE: Final = frozenset(
    {"im safe", "i am safe", "safe", "im ok", "im okay", "i am ok", "im fine", "i am fine"}
    | {"estoy a salvo", "a salvo", "estoy bien", "estoy seguro", "estoy segura"}
)
_IN_DANGER: Final = frozenset(
    {"im not safe", "i am not safe", "not safe", "no im not safe", "in danger", "im in danger"}
    | {"right now", "now", "no estoy a salvo", "en peligro", "estoy en peligro", "ahora"}
)
_MISREAD: Final = frozenset(
    {"you misread me", "you misunderstood", "you misunderstood me", "i was joking", "just joking"}
    | {"joking", "jk", "just kidding", "kidding", "it was a joke", "false alarm", "not like that"}
    | {"thats not what i meant", "i didnt mean that", "i didnt mean it like that"}
    | {
        "era broma",
        "es broma",
        "fue broma",
        "me entendiste mal",
        "no es eso",
        "no me referia a eso",
    }
    | {"no queria decir eso", "falsa alarma"}
)

_MERE_NODS: Final = frozenset({"ok", "okay", "vale"})
"""May only mean that the apology was heard: no consent."""

_NUMBERS: Final = frozenset(
    {"numbers", "the numbers", "show the numbers", "helplines", "numeros", "los numeros"}
    | {"ver los numeros", "telefonos"}
)


def typed_answers(step: str, domain: Domain) -> Mapping[str, frozenset[str]]:
    """What typed words mean as an answer to a step's question."""
    if step == TEACH:
        return {YES: YES_OR_NO[YES] - _MERE_NODS, NO: YES_OR_NO[NO]}
    asides = {MISREAD: _MISREAD, NUMBERS: _NUMBERS}
    if step in ANSWERS:
        yes, no = ("near", "nothing") if step == "means" else ("yes", "no")
        return {yes: _YES, no: _NO, **asides}
    if step == STAY:
        return {SAFE: _SAFE, **asides}
    whether_safe = step == ASK and domain in ASKS_WHETHER_SAFE
    danger, safe = (_NO, _YES) if whether_safe else (_YES, _NO)
    return {DANGER: danger | _IN_DANGER, SAFE: safe | _SAFE, SOME: _UNSURE, **asides}


def slug(domain: Domain) -> str:
    """A domain's part of a message key."""
    return domain.value.replace("_", "-")


def choices(step: str, domain: Domain) -> tuple[Choice, ...]:
    """The buttons under a step's question."""
    if step == TEACH:
        return (choice(YES, "button-yes"), choice(NO, "button-no"))
    if step in ANSWERS:
        return tuple(choice(value, f"crisis-{step}-{value}") for value in ANSWERS[step])
    if step == STAY:
        return (choice(SAFE, "button-safer"), choice(NUMBERS, "button-numbers"))
    values = (DANGER, SOME, SAFE)
    asked = tuple(choice(value, f"{_labels(step, domain)}-{value}") for value in values)
    return (*asked, choice(MISREAD, "button-misread"))


def _labels(step: str, domain: Domain) -> str:
    if step == GENTLE:
        return "crisis-gentle-label"
    if domain in OWN_LABELS:
        return f"crisis-{slug(domain)}-label"
    return "crisis-safe-label" if domain in ASKS_WHETHER_SAFE else "crisis-danger-label"
