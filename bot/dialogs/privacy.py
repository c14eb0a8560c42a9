"""What is kept and how, and each consent with its switch: `/privacy`, `/privacy off ai_chat`."""

from __future__ import annotations

from typing import ClassVar, Final

from bot.dialogs.consent import ask_consent, consent, key, standing
from bot.dialogs.dialog import Choice, Outcome, Reply, Turn
from bot.dialogs.question import NO, YES, answer, ask, offers, say, yes_no
from prompts.catalog import Say
from storage.facts import Need
from storage.records import Purpose

ON: Final = "on"
OFF: Final = "off"

WHAT_WENT: Final = {
    Purpose.AI_CHAT: "privacy-model-deleted",
    Purpose.TEACHING: "privacy-teaching-ended",
}


class Privacy:
    name: ClassVar[str] = "privacy"
    commands: ClassVar[tuple[str, ...]] = ("/privacy",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        wish = _wish(turn)
        if wish is None:
            return Outcome(replies=(_overview(turn, turn.person.consents),))
        switch, purpose = wish
        if switch == OFF and purpose is not Purpose.SERVICE:
            return _settled(turn, purpose, granted=False)
        return _question(switch, purpose)

    def resume(self, turn: Turn) -> Outcome:
        asked = _open_question(turn)
        if asked is None or _wish(turn) is not None:
            return self.begin(turn)
        switch, purpose = asked
        match answer(turn):
            case "yes":
                return _settled(turn, purpose, granted=switch == ON)
            case "no":
                return Outcome(replies=(_overview(turn, turn.person.consents, edits=True),))
        return Outcome(replies=(ask(Say("privacy-unchanged"), choices=offers("privacy")),))

    def again(self, turn: Turn) -> Outcome:
        asked = _open_question(turn)
        return _question(*asked) if asked else self.begin(turn)


def _wish(turn: Turn) -> tuple[str, Purpose] | None:
    """`off ai_chat`, as typed or as a switch of the overview sends it."""
    words = turn.said.masked.casefold().split() if turn.said else []
    if len(words) != 2 or words[0] not in (ON, OFF) or words[1] not in set(Purpose):
        return None
    switch, purpose = words[0], Purpose(words[1])
    if switch == ON and purpose is Purpose.TEACHING:
        return None  # a yes is given about a message, never in advance
    return switch, purpose


def _open_question(turn: Turn) -> tuple[str, Purpose] | None:
    switch, purpose = turn.state.get("switch"), turn.state.get("purpose")
    if switch in (ON, OFF) and purpose in set(Purpose):
        return str(switch), Purpose(str(purpose))
    return None


def _question(switch: str, purpose: Purpose) -> Outcome:
    """Consent is given only under its own words; leaving the service is asked about once."""
    reply = ask_consent(purpose) if switch == ON else yes_no(Say("privacy-off-sure"))
    return Outcome(replies=(reply,), state={"switch": switch, "purpose": purpose.value})


def _settled(turn: Turn, purpose: Purpose, *, granted: bool) -> Outcome:
    """Record the choice and show where things stand now."""
    record = consent(turn, purpose, granted=granted)
    if purpose is Purpose.SERVICE and not granted:
        reply = Reply(
            lines=(Say("privacy-service-off"),),
            choices=offers("start", "export", "forget", "help_now"),
        )
        return Outcome(replies=(reply,), records=(record,))
    consents = turn.person.consents | {purpose} if granted else turn.person.consents - {purpose}
    gone = () if granted or purpose not in WHAT_WENT else (Say(WHAT_WENT[purpose]),)
    overview = _overview(turn, frozenset(consents), *gone, Say("privacy-changed"), edits=True)
    return Outcome(replies=(overview,), records=(record,))


def _overview(turn: Turn, consents: frozenset[Purpose], *before: Say, edits: bool = False) -> Reply:
    asked = standing(turn.service, consents)
    state = tuple(
        say(f"privacy-{key(purpose)}", granted=YES if purpose in consents else NO)
        for purpose in asked
    )
    first = before or (Say("privacy-kept"), Say("privacy-protected"), Say("privacy-seen"))
    return ask(
        *first,
        *state,
        Say("privacy-delete"),
        choices=(
            *(_switch(purpose, on=purpose not in consents) for purpose in asked),
            *offers("export", "forget"),
        ),
        edits=edits and turn.pressed is not None,
    )


def _switch(purpose: Purpose, *, on: bool) -> Choice:
    switch = ON if on else OFF
    name = key(purpose).removeprefix("consent-")
    return Choice(
        label=Say(f"button-{switch}-{name}"), command=f"/privacy {switch} {purpose.value}"
    )
