"""Stays with a person at risk: the helplines, one direct question, a few short steps.

It speaks from a script and never through a language model. The same card never comes twice
running, no answer closes the door, and `You misread me` softens it at once. After that the person
is asked, once, whether that message may teach the screener; anything but a yes is a no.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import ClassVar, Final, Self
from uuid import UUID

from bot.dialogs.consent import consent, key
from bot.dialogs.crisis_script import (
    ANSWERS,
    ASK,
    DANGER,
    GENTLE,
    SOME,
    STAY,
    STEPS,
    TEACH,
    choices,
    slug,
    typed_answers,
)
from bot.dialogs.dialog import Choice, Outcome, Reply, State, Turn, Verbatim
from bot.dialogs.help_card import card_lines, emergency_number, names_on_card, shortened
from bot.dialogs.question import CONTINUE, HELP_NOW, YES, answer, offers, say, variant
from prompts.catalog import Say
from safety.text import Domain, Risk, Severity
from storage.facts import Need
from storage.records import MisreadReported, Purpose, Record

OPENINGS: Final = 3
STAYS: Final = 4
GRAVE: Final = frozenset({Domain.SUICIDE, Domain.NONE})
DOORS: Final[tuple[Choice, ...]] = (CONTINUE, *offers("breathe"), HELP_NOW)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """Where the conversation stands. `danger` is set once the danger is now; `cards` counts the
    cards shown, `rounds` the replies at the open question or while staying. `about` is the
    message that screening found the risk in, if it was one; `grave` that something critical has
    stood here before."""

    step: str = ASK
    domain: Domain = Domain.NONE
    danger: bool = False
    told: bool = False
    cards: int = 0
    rounds: int = 0
    about: str | None = None
    grave: bool = False

    @classmethod
    def of(cls, state: State) -> Self:
        about = state.get("about")
        return cls(
            step=str(state.get("step", ASK)),
            domain=Domain(str(state.get("domain", Domain.NONE))),
            danger=state.get("danger") is True,
            told=state.get("told") is True,
            cards=int(str(state.get("cards", 0))),
            rounds=int(str(state.get("rounds", 0))),
            about=None if about is None else str(about),
            grave=state.get("grave") is True,
        )


class Crisis:
    name: ClassVar[str] = "crisis"
    commands: ClassVar[tuple[str, ...]] = ("/crisis", "/help_now", "/sos")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.MESSAGES})

    def begin(self, turn: Turn) -> Outcome:
        before = Thread.of(turn.state)
        shown = max(before.cards, _cards_in(turn))
        grave = before.grave or before.danger
        thread = _about(turn, Thread(cards=shown, grave=grave))
        if turn.risk.severity is Severity.CRITICAL:
            return _danger(turn, thread)
        if turn.risk.calls_for_a_question:
            return _gentle(turn, thread)
        return _card(turn, thread)

    def resume(self, turn: Turn) -> Outcome:
        thread = Thread.of(turn.state)
        if turn.said is None and turn.pressed is None and turn.risk.severity is Severity.NONE:
            return self._asked_for(turn, thread)
        if turn.risk.severity is Severity.CRITICAL and not thread.danger:
            return _danger(turn, _about(turn, thread))
        if turn.risk.calls_for_humans and thread.step == GENTLE:
            return _card(turn, _about(turn, thread))
        answered = answer(turn, typed_answers(thread.step, thread.domain))
        if answered is None and turn.risk.calls_for_humans:
            return _stay(turn, thread) if thread.danger else _card(turn, _about(turn, thread))
        return _answered(turn, thread, answered)

    def again(self, turn: Turn) -> Outcome:
        thread = Thread.of(turn.state)
        if thread.step == STAY:
            return _stay(turn, thread)
        if thread.step == TEACH:
            return _ends(Say("crisis-teach-left"))
        return _goes_on(thread, _reply(Say("crisis-back")), _question(thread))

    def _asked_for(self, turn: Turn, thread: Thread) -> Outcome:
        """Help was asked for, by its command, while the dialog is open."""
        if thread.step == TEACH:
            return _card(turn, replace(thread, about=None))
        return _card(turn, thread) if thread.step == GENTLE else self.again(turn)


def _answered(turn: Turn, thread: Thread, answered: str | None) -> Outcome:
    if thread.step == TEACH:
        return _taught(turn, thread, answered)
    match answered:
        case "misread":
            return _misread(turn, thread)
        case "safe":
            return _ends(Say("crisis-safer" if thread.danger else "crisis-safe"))
        case "numbers":
            return _numbers(turn, thread)
    if thread.step == STAY:
        return _stay(turn, thread)
    if thread.step in ANSWERS:
        return _step_answered(turn, thread, answered)
    if answered == DANGER or (answered == SOME and _is_grave(thread)):
        return _alarm(thread)
    return _some(turn, thread) if answered == SOME else _unclear(turn, thread)


def _card(turn: Turn, thread: Thread) -> Outcome:
    """The helplines and the direct question. A card that was just shown comes back shorter, with
    another opening."""
    card = _card_lines(turn, thread)
    if thread.cards:
        opening = Say(f"crisis-again-{thread.cards % OPENINGS + 1}")
        card = shortened(card)
    else:
        opening = Say(f"crisis-{slug(thread.domain)}-open")
    thread = replace(thread, step=ASK, cards=thread.cards + 1)
    lines = (opening, *card, *_who_knows(turn, thread))
    return _goes_on(_told(turn, thread), _reply(*lines), _question(thread))


def _danger(turn: Turn, thread: Thread) -> Outcome:
    """The danger is now: the emergency number first, then a step towards safety."""
    lines: tuple[Say | Verbatim, ...] = (
        say("crisis-call-now", number=_number(turn, thread)),
        Say(f"crisis-{slug(thread.domain)}-danger"),
    )
    if not thread.cards:
        lines = (*lines, *_card_lines(turn, thread))
    lines = (*lines, *_who_knows(turn, thread))
    step = STEPS[thread.domain][0]
    thread = replace(thread, step=step, danger=True, cards=thread.cards + 1, rounds=0)
    return _goes_on(_told(turn, thread), _reply(*lines), _question(thread))


def _gentle(turn: Turn, thread: Thread) -> Outcome:
    """One direct question without alarm."""
    lead = Say(f"crisis-gentle-{variant(turn, OPENINGS)}")
    thread = replace(thread, step=GENTLE)
    return _goes_on(thread, _question(thread, lead))


def _alarm(thread: Thread) -> Outcome:
    """They said so when asked: the engine alerts humans and comes back with this risk."""
    severity = Severity.HIGH if thread.step == GENTLE else Severity.CRITICAL
    risk = Risk(
        severity=severity,
        domain=thread.domain,
        score=1.0,
        reasons=("said so when asked directly",),
    )
    return Outcome(state=asdict(thread), crisis=risk)


def _is_grave(thread: Thread) -> bool:
    """Thoughts of suicide call for humans even when they come only sometimes."""
    return thread.step == GENTLE and thread.domain in GRAVE


def _some(turn: Turn, thread: Thread) -> Outcome:
    """Thoughts or doubt, but no danger at this moment."""
    lines: tuple[Say | Verbatim, ...] = (Say(f"crisis-{slug(thread.domain)}-some"),)
    if not thread.cards:
        lines = (*lines, *_card_lines(turn, thread))
    thread = replace(thread, step=STEPS[thread.domain][0], cards=thread.cards + 1, rounds=0)
    return _goes_on(thread, _reply(*lines), _question(thread))


def _step_answered(turn: Turn, thread: Thread, answered: str | None) -> Outcome:
    known = answered in ANSWERS[thread.step]
    said = Say(f"crisis-{thread.step}-{answered}-said" if known else "crisis-step-unclear")
    steps = STEPS[thread.domain]
    following = steps[steps.index(thread.step) + 1 :] if thread.step in steps else ()
    if following:
        thread = replace(thread, step=following[0])
        return _goes_on(thread, _question(thread, said))
    if not thread.danger:
        return _ends(said, Say("crisis-some-end"))
    thread = replace(thread, step=STAY, rounds=0)
    line = say("crisis-stay-begin", number=_number(turn, thread))
    return _goes_on(thread, _question(thread, said, line))


def _stay(turn: Turn, thread: Thread) -> Outcome:
    """Answer, with the emergency number, and ask again what is open."""
    line = say(f"crisis-stay-{thread.rounds % STAYS + 1}", number=_number(turn, thread))
    return _goes_on(replace(thread, rounds=thread.rounds + 1), _question(thread, line))


def _unclear(turn: Turn, thread: Thread) -> Outcome:
    """Ask once more, in other words; after that an open door is better than a third question."""
    if thread.step == GENTLE:
        return _ends(Say("crisis-gentle-unanswered"))
    if thread.rounds:
        return _ends(say("crisis-open-door", number=_number(turn, thread)))
    thread = replace(thread, rounds=1)
    return _goes_on(thread, _question(thread, Say("crisis-unclear")))


def _numbers(turn: Turn, thread: Thread) -> Outcome:
    heading = Say(f"crisis-numbers-{thread.cards % 2 + 1}")
    lines = (heading, *_card_lines(turn, thread))
    shown = replace(thread, cards=thread.cards + 1)
    if thread.step == STAY:
        return _goes_on(shown, _question(thread, *lines))
    return _goes_on(shown, _reply(*lines), _question(thread))


def _misread(turn: Turn, thread: Thread) -> Outcome:
    """Softens at once. What was flagged stays for a human to review, and the person is told."""
    sorry = (Say("crisis-misread"), *((Say("crisis-misread-told"),) if thread.told else ()))
    if thread.about is None:
        return _ends(*sorry)
    report = MisreadReported(about=UUID(thread.about), teaches=False)
    if thread.danger or thread.grave or not turn.person.agreed_to(Purpose.SERVICE):
        return _ends(*sorry, records=(report,))
    buttons = (*choices(TEACH, thread.domain), *DOORS)
    asked = _reply(*sorry, Say(key(Purpose.TEACHING)), choices=buttons)
    return replace(_goes_on(replace(thread, step=TEACH), asked), records=(report,))


def _taught(turn: Turn, thread: Thread, answered: str | None) -> Outcome:
    """A yes must be one. Whatever else is said goes first, and leaves the message alone."""
    if answered == YES and thread.about is not None:
        agreed = consent(turn, Purpose.TEACHING, granted=True)
        report = MisreadReported(about=UUID(thread.about), teaches=True)
        return _ends(Say("crisis-teach-yes"), records=(agreed, report))
    if answered is None and turn.risk.calls_for_a_question:
        return _gentle(turn, _about(turn, thread))
    return _ends(Say("crisis-teach-left"))


def _goes_on(thread: Thread, *replies: Reply) -> Outcome:
    return Outcome(replies=replies, state=asdict(thread))


def _ends(*lines: Say, records: tuple[Record, ...] = ()) -> Outcome:
    return Outcome(replies=(_reply(*lines, choices=DOORS),), records=records)


def _reply(*lines: Say | Verbatim, choices: tuple[Choice, ...] = ()) -> Reply:
    return Reply(lines=lines, choices=choices, safety=True)


def _question(thread: Thread, *before: Say | Verbatim) -> Reply:
    """The open question of a step. While staying there is none, only the buttons."""
    asked = () if thread.step == STAY else (_asked(thread),)
    return _reply(*before, *asked, choices=choices(thread.step, thread.domain))


def _asked(thread: Thread) -> Say:
    if thread.step in ANSWERS:
        return Say(f"crisis-{thread.step}")
    return Say(f"crisis-{slug(thread.domain)}-{thread.step}")


def _about(turn: Turn, thread: Thread) -> Thread:
    """The same conversation, about the domain and the message that showed last."""
    risk = turn.risk
    if risk.calls_for_humans or risk.calls_for_a_question:
        about = None if turn.message_id is None else str(turn.message_id)
        thread = replace(thread, about=about)
    return thread if risk.domain is Domain.NONE else replace(thread, domain=risk.domain)


def _who_knows(turn: Turn, thread: Thread) -> tuple[Say, ...]:
    """The truth about humans: who was alerted, and that nobody may be reading."""
    if thread.told:
        return ()
    return (Say("crisis-told" if _alerted(turn) else "crisis-nobody-reads"),)


def _told(turn: Turn, thread: Thread) -> Thread:
    return replace(thread, told=thread.told or _alerted(turn))


def _alerted(turn: Turn) -> bool:
    return turn.risk.calls_for_humans and turn.service.counselors


def _number(turn: Turn, thread: Thread) -> str:
    return emergency_number(turn.person.region, thread.domain, turn.service.default_region)


def _card_lines(turn: Turn, thread: Thread) -> tuple[Say | Verbatim, ...]:
    person = turn.person
    region = turn.service.default_region
    return card_lines(person.region, thread.domain, region, locale=person.locale)


def _cards_in(turn: Turn) -> int:
    """How many of the last messages were cards, as when an earlier crisis has just ended."""
    names = names_on_card(turn.person.region, turn.risk.domain, turn.service.default_region)
    shown = [message.text for message in turn.facts.messages if message.role == "assistant"]
    return sum(any(name in text for name in names) for text in shown)
