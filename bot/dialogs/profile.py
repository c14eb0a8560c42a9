"""Settings: the language we speak, and the country whose helplines are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from bot.dialogs import countries
from bot.dialogs.dialog import Choice, Outcome, Turn
from bot.dialogs.question import MOST_TRIES, answer, ask, choice, offers, say, tries
from prompts.catalog import Say
from storage.facts import Need
from storage.records import ProfileChanged

LANGUAGE: Final = "language"
REGION: Final = "region"
LANGUAGES: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset({"en", "english", "ingles", "englisch"}),
    "es": frozenset({"es", "spanish", "espanol", "castellano", "spanisch"}),
}


class Profile:
    name: ClassVar[str] = "profile"
    commands: ClassVar[tuple[str, ...]] = ("/settings", "/profile", "/language", "/region")
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        match turn.command:
            case "/language":
                return self.resume(turn) if turn.said else _ask_language(Say("language-ask"))
            case "/region":
                return self.resume(turn) if turn.said else _ask_region(turn, Say("region-ask"))
        return _overview(turn)

    def resume(self, turn: Turn) -> Outcome:
        match turn.command:
            case "/language":
                return _language_said(turn)
            case "/region":
                return _region_said(turn)
        return _overview(turn)

    def again(self, turn: Turn) -> Outcome:
        match turn.command:
            case "/language":
                return _ask_language(Say("language-ask"))
            case "/region":
                return _ask_region(turn, Say("region-ask"))
        return _overview(turn)


def _overview(turn: Turn) -> Outcome:
    region = turn.person.region
    lines = (
        say("settings-language", language=turn.person.locale[:2]),
        say("settings-region", country=countries.name_of(region, turn.person.locale))
        if region
        else Say("settings-no-region"),
    )
    return Outcome(replies=(ask(*lines, choices=offers(LANGUAGE, REGION, "privacy")),))


def _ask_language(line: Say) -> Outcome:
    languages = tuple(choice(code, f"language-{code}") for code in LANGUAGES)
    return Outcome(replies=(ask(line, choices=languages),), state={"tries": 0})


def _ask_region(turn: Turn, line: Say) -> Outcome:
    reply = ask(line, choices=countries.choices(turn.person.locale))
    return Outcome(replies=(reply,), state={"tries": 0})


def _language_said(turn: Turn) -> Outcome:
    language = answer(turn, LANGUAGES)
    if language not in LANGUAGES:
        tried = tries(turn.state) + 1
        if tried > MOST_TRIES:
            return _unchanged()
        return replace(_ask_language(Say("language-unknown")), state={"tries": tried})
    return _changed(Say("language-noted"), ProfileChanged(locale=language))


def _region_said(turn: Turn) -> Outcome:
    region = countries.said(turn)
    tried = tries(turn.state) + 1
    if region is None and tried <= MOST_TRIES:
        return replace(_ask_region(turn, Say("region-unknown")), state={"tries": tried})
    if region is None or region == countries.SKIP:
        return _unchanged()
    noted = countries.noted(region, turn.person.locale)
    return _changed(noted, ProfileChanged(region=region))


def _unchanged() -> Outcome:
    return Outcome(replies=(ask(Say("settings-unchanged"), choices=_DOORS),))


def _changed(line: Say, record: ProfileChanged) -> Outcome:
    return Outcome(replies=(ask(line, choices=_DOORS),), records=(record,))


_DOORS: Final[tuple[Choice, ...]] = offers("settings", "help")
