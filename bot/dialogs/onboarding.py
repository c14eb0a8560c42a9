"""The first conversation: who speaks, what is kept, consent purpose by purpose, the country.

Until a person agreed to the service nothing they write is kept, here neither: the state names the
open question and nothing else.
"""

from __future__ import annotations

from typing import ClassVar, Final

from bot.dialogs import countries
from bot.dialogs.consent import ask_consent, consent, more_about, purposes
from bot.dialogs.dialog import Choice, Outcome, Reply, Turn, Verbatim
from bot.dialogs.help_card import card_lines
from bot.dialogs.question import MOST_TRIES, NO, YES, answer, ask, choice, offers, tries
from prompts.catalog import Say
from safety.text import Domain
from storage.facts import Need
from storage.records import ProfileChanged, Purpose, Record

REGION: Final = "region"
DECLINED: Final = "declined"
MORE: Final = "more"
OTHER_LANGUAGE: Final = {"en": "es", "es": "en"}


class Onboarding:
    name: ClassVar[str] = "onboarding"
    commands: ClassVar[tuple[str, ...]] = ("/start",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        if turn.person.agreed_to(Purpose.SERVICE):
            return Outcome(replies=(_menu(Say("start-welcome-back")),))
        return _greet(turn, turn.person.locale)

    def resume(self, turn: Turn) -> Outcome:
        step = turn.state.get("step")
        if step == REGION:
            return _region_said(turn)
        if step == DECLINED:
            return _after_declining(turn)
        if step in set(Purpose):
            return _consent_said(turn, Purpose(str(step)))
        return self.begin(turn)

    def again(self, turn: Turn) -> Outcome:
        step = turn.state.get("step")
        if step == REGION:
            return Outcome(replies=(_ask_region(turn, Say("start-region")),), state=turn.state)
        if step in set(Purpose) and step != Purpose.SERVICE:
            return Outcome(replies=(ask_consent(Purpose(str(step))),), state=turn.state)
        return self.begin(turn)


def _greet(turn: Turn, locale: str, *records: Record, edits: bool = False) -> Outcome:
    hello = (Say("start-hello"), Say("start-what-i-am"))
    question = ask_consent(Purpose.SERVICE, *hello, more=_first_choices(locale), edits=edits)
    return Outcome(replies=(question,), state={"step": Purpose.SERVICE.value}, records=records)


def _first_choices(locale: str) -> tuple[Choice, ...]:
    other = OTHER_LANGUAGE.get(locale[:2], "en")
    return (choice(MORE, "button-tell-me-more"), choice(other, f"language-{other}"))


def _consent_said(turn: Turn, purpose: Purpose) -> Outcome:
    pressed = turn.pressed is not None
    match answer(turn):
        case "yes":
            return _next_question(turn, purpose, granted=True)
        case "no" if purpose is Purpose.SERVICE:
            return _declined(turn)
        case "no":
            return _next_question(turn, purpose, granted=False)
        case "more":
            return _ask_again(turn, purpose, more_about(purpose), edits=pressed)
        case "en" | "es" as locale if pressed:
            return _greet(turn, locale, ProfileChanged(locale=locale), edits=True)
    return _ask_again(turn, purpose, Say("consent-unclear"))


def _ask_again(turn: Turn, purpose: Purpose, line: Say, *, edits: bool = False) -> Outcome:
    more = _first_choices(turn.person.locale)[1:] if purpose is Purpose.SERVICE else ()
    return Outcome(replies=(ask_consent(purpose, line, more=more, edits=edits),), state=turn.state)


def _declined(turn: Turn) -> Outcome:
    card = card_lines(turn.person.region, Domain.NONE, turn.service.default_region)
    lines = (Say("start-declined"), *card, Say("start-declined-end"))
    return Outcome(replies=(_invitation(*lines),), state={"step": DECLINED})


def _invitation(*lines: Say | Verbatim) -> Reply:
    return ask(*lines, choices=(choice(YES, "button-read-again"),))


def _after_declining(turn: Turn) -> Outcome:
    if answer(turn) == YES:
        return _greet(turn, turn.person.locale)
    return Outcome(replies=(_invitation(Say("start-still-declined")),), state=turn.state)


def _next_question(turn: Turn, purpose: Purpose, *, granted: bool) -> Outcome:
    record = consent(turn, purpose, granted=granted)
    noted = Say(f"consent-noted-{YES if granted else NO}")
    asked = purposes(turn.service)
    following = asked[asked.index(purpose) + 1 :] if purpose in asked else ()
    if following:
        question, step = ask_consent(following[0], noted), following[0].value
    else:
        question, step = _ask_region(turn, noted, Say("start-region")), REGION
    return Outcome(replies=(question,), state={"step": step}, records=(record,))


def _ask_region(turn: Turn, *lines: Say) -> Reply:
    return ask(*lines, choices=countries.choices(turn.person.locale))


def _region_said(turn: Turn) -> Outcome:
    said = countries.said(turn)
    tried = tries(turn.state) + 1
    if said is None and tried <= MOST_TRIES:
        reply = _ask_region(turn, Say("region-unknown"))
        return Outcome(replies=(reply,), state={"step": REGION, "tries": tried})
    if said is None or said == countries.SKIP:
        return Outcome(replies=(_menu(Say("start-region-skipped"), Say("start-ready")),))
    lines = (countries.noted(said, turn.person.locale), Say("start-ready"))
    return Outcome(replies=(_menu(*lines),), records=(ProfileChanged(region=said),))


def _menu(*lines: Say) -> Reply:
    return ask(*lines, choices=offers("mood", "journal", "checkin", "breathe", "help"))
