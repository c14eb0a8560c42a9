"""Settings: the language we speak, and the country whose helplines are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from bot.dialogs import countries
from bot.dialogs.dialog import Choice, Outcome, Turn
from bot.dialogs.question import answer, ask, choice, offers, say
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
    return Outcome(replies=(ask(line, choices=languages),), state={"ask": LANGUAGE})


def _ask_region(turn: Turn, line: Say) -> Outcome:
    reply = ask(line, choices=countries.choices(turn.person.locale))
    return Outcome(replies=(reply,), state={"ask": REGION})


def _language_said(turn: Turn) -> Outcome:
    language = answer(turn, LANGUAGES)
    if language not in LANGUAGES:
        return _ask_language(Say("language-unknown"))
    return _changed(Say("language-noted"), ProfileChanged(locale=language))


def _region_said(turn: Turn) -> Outcome:
    region = countries.said(turn)
    if region is None:
        return _ask_region(turn, Say("region-unknown"))
    if region == countries.SKIP:
        return Outcome(replies=(ask(Say("region-unchanged"), choices=_DOORS),))
    noted = countries.noted(region, turn.person.locale)
    return _changed(noted, ProfileChanged(region=region))


def _changed(line: Say, record: ProfileChanged) -> Outcome:
    return Outcome(replies=(ask(line, choices=_DOORS),), records=(record,))


_DOORS: Final[tuple[Choice, ...]] = offers("settings", "help")
