"""Asks where a person lives, so that helplines fit: buttons, a two-letter code or a name.

Names come from Unicode's CLDR through Babel, in every language we speak. What was typed is read
with originals restored, since a country may have been masked as a place; only its code is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from bot.dialogs.dialog import Choice, Turn, Verbatim
from bot.dialogs.question import choice, plain
from prompts.catalog import Say

SKIP: Final = "skip"
LANGUAGES: Final = ("en", "es")
LONGEST_ANSWER: Final = 80
SHORTEST_NAME: Final = 4

_FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("US", "GB", "CA", "AU", "IE", "IN"),
    "es": ("ES", "MX", "AR", "CO", "CL", "US"),
}
_SKIP_WORDS: Final = frozenset(
    {
        "skip",
        "no",
        "none",
        "rather not",
        "prefer not to say",
        "saltar",
        "omitir",
        "prefiero no decir",
    }
)
# Codes that are words as well: only in capitals do they mean the country.
_WORDS_TOO: Final = frozenset(
    {"am", "as", "at", "be", "by", "de", "do", "in", "is", "it", "la", "me", "my", "ni", "si"}
    | {"so", "to", "tu", "va", "ve", "ya"}
)
_NOT_COUNTRIES: Final = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ"})
_ALSO_CALLED: Final[Mapping[str, str]] = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "britain": "GB",
    "inglaterra": "GB",
    "escocia": "GB",
    "gales": "GB",
    "gran bretana": "GB",
    "usa": "US",
    "america": "US",
    "the states": "US",
    "eeuu": "US",
    "ee uu": "US",
    "holland": "NL",
    "holanda": "NL",
    "czech republic": "CZ",
    "republica checa": "CZ",
    "turkey": "TR",
    "korea": "KR",
    "corea": "KR",
    "emirates": "AE",
    "brasil": "BR",
    "deutschland": "DE",
    "osterreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "italia": "IT",
}


def choices(locale: str) -> tuple[Choice, ...]:
    codes = _FIRST.get(locale[:2], _FIRST["en"])
    named = tuple(choice(code, Verbatim(name_of(code, locale))) for code in codes)
    return (*named, choice(SKIP, "button-skip"))


def noted(region: str, locale: str) -> Say:
    return Say("region-noted", {"country": name_of(region, locale)})


def name_of(region: str, locale: str) -> str:
    """A country's name in a language; its code where neither we nor CLDR know better."""
    language = locale[:2] if locale[:2] in LANGUAGES else LANGUAGES[0]
    return _names(language).get(region, region)


def said(turn: Turn) -> str | None:
    """ISO 3166 alpha-2, `SKIP`, or None when no country was understood."""
    if turn.pressed is not None:
        return turn.pressed if turn.pressed == SKIP or turn.pressed in _names("en") else None
    return read(turn.said.restored()) if turn.said else None


def read(text: str) -> str | None:
    """Like `said`, from words alone."""
    words = plain(text[: LONGEST_ANSWER + 1])
    if not words or len(text) > LONGEST_ANSWER:
        return None
    if words in _SKIP_WORDS:
        return SKIP
    if words.upper() in _names("en") and (words not in _WORDS_TOO or text.strip().isupper()):
        return words.upper()
    return _by_name().get(words) or _mentioned(words)


def _mentioned(words: str) -> str | None:
    """The one country that a sentence names (`I live in Spain`); the longest name wins."""
    found = {
        (name, code)
        for name, code in _by_name().items()
        if (len(name) >= SHORTEST_NAME or name in _ALSO_CALLED)
        and re.search(rf"\b{re.escape(name)}\b", words)
    }
    whole = {
        code
        for name, code in found
        if not any(name in other and name != other for other, _ in found)
    }
    return whole.pop() if len(whole) == 1 else None


@lru_cache(maxsize=len(LANGUAGES))
def _names(language: str) -> Mapping[str, str]:
    from babel import Locale  # a third of a megabyte, needed once somebody is asked

    territories = Locale.parse(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code not in _NOT_COUNTRIES
    }


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, str]:
    known = {plain(name): code for each in LANGUAGES for code, name in _names(each).items()}
    return {**known, **_ALSO_CALLED}
