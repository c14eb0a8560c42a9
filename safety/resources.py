"""Helplines and emergency numbers by region: values only, the words around them are elsewhere.

The facts live in `safety/helplines/<REGION>.yaml` (ISO 3166-1 alpha-2), each row with its
sources, how well they agree, and `verified_at`, which stays empty until a person has checked the
row on the operator's own site.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, TypeVar, cast

from safety.datafiles import read_mapping
from safety.text import Domain

_FOLDER: Final = Path(__file__).with_name("helplines")
_INTERNATIONAL: Final = "international"
_LINES_ON_A_CARD: Final = 3


class LineKind(enum.StrEnum):
    """Whom a line is for. A directory lists the lines of other countries."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    CHILD = "child"
    DOMESTIC_VIOLENCE = "domestic_violence"
    LGBTQ = "lgbtq"
    DIRECTORY = "directory"


class Agreement(enum.StrEnum):
    """How many independent publishers show the number. `memory` means none was found."""

    TWO_SOURCES = "two_sources"
    ONE_SOURCE = "one_source"
    MEMORY = "memory"


class Serves(enum.StrEnum):
    """Who answers an emergency number."""

    ALL = "all"
    POLICE = "police"
    AMBULANCE = "ambulance"
    FIRE = "fire"


@dataclass(frozen=True, kw_only=True, slots=True)
class Helpline:
    """One way to reach a person. Numbers are written as they are dialled inside the region; an
    empty field means there is no such way, or that it is not known. `text_word` is what to send
    to the number in `text`. `audience` names the only people a line is for, `hours` is in the
    region's own time, `verified_at` an ISO date or empty."""

    name: str
    kind: LineKind
    phone: str = ""
    text: str = ""
    text_word: str = ""
    whatsapp: str = ""
    web: str = ""
    languages: tuple[str, ...] = ()
    hours: str = ""
    audience: str = ""
    agreement: Agreement
    doubtful: bool = False
    verified_at: str = ""
    sources: tuple[str, ...] = ()

    @property
    def presentable(self) -> bool:
        """May be shown to a person as a line that exists."""
        return self.agreement is not Agreement.MEMORY and not self.doubtful

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        return cls(
            name=_text(row, "name"),
            kind=LineKind(_text(row, "kind")),
            phone=_text(row, "phone"),
            text=_text(row, "text"),
            text_word=_text(row, "text_word"),
            whatsapp=_text(row, "whatsapp"),
            web=_text(row, "web"),
            languages=_texts(row, "languages"),
            hours=_text(row, "hours"),
            audience=_text(row, "audience"),
            agreement=Agreement(_text(row, "agreement")),
            doubtful=row["doubtful"] is True,
            verified_at=_text(row, "verified_at"),
            sources=_texts(row, "sources"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class EmergencyNumber:
    """A number to dial when there is no time. Better sources come first in a region."""

    number: str
    serves: frozenset[Serves]
    agreement: Agreement
    verified_at: str = ""
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Self:
        return cls(
            number=_text(row, "number"),
            serves=frozenset(Serves(name) for name in _texts(row, "serves")),
            agreement=Agreement(_text(row, "agreement")),
            verified_at=_text(row, "verified_at"),
            sources=_texts(row, "sources"),
        )

    def as_line(self) -> Helpline:
        return Helpline(
            name=self.number,
            kind=LineKind.EMERGENCY,
            phone=self.number,
            agreement=self.agreement,
            verified_at=self.verified_at,
            sources=self.sources,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """A country's emergency numbers and lines. `code` is empty when the region is not known."""

    code: str
    name: str
    emergency: tuple[EmergencyNumber, ...]
    lines: tuple[Helpline, ...]

    @property
    def no_reliable_line(self) -> bool:
        """No crisis line here was seen at two publishers without doubt: the person is told so,
        and given the emergency number and an international directory."""
        return not any(
            line.kind is LineKind.CRISIS
            and line.agreement is Agreement.TWO_SOURCES
            and not line.doubtful
            for line in self.lines
        )

    def emergency_for(self, domain: Domain) -> EmergencyNumber:
        """The number to dial: the police where someone may be hurt by another, else an
        ambulance; a number that reaches everyone serves both."""
        wanted = Serves.POLICE if domain in _POLICE_MATTERS else Serves.AMBULANCE
        return min(self.emergency, key=lambda number: _preference(number, wanted))


_POLICE_MATTERS: Final = frozenset({Domain.HARM_TO_OTHERS, Domain.ABUSE, Domain.SAFEGUARDING_MINOR})
_EMERGENCY_FIRST: Final = frozenset({Domain.MEDICAL_EMERGENCY, Domain.HARM_TO_OTHERS})
_AGREEMENT_ORDER: Final = tuple(Agreement)


def regions() -> tuple[str, ...]:
    """The codes of all regions that have data, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("??.yaml")))


@functools.cache
def helplines(region: str) -> Region:
    """The data of a region by its code, in any case. A region without data gets what is true
    everywhere: 112 from a mobile phone, and an international directory."""
    code = region.upper()
    row = read_mapping(_FOLDER / f"{code if code in regions() else _INTERNATIONAL}.yaml")
    return Region(
        code=_text(row, "region"),
        name=_text(row, "name"),
        emergency=tuple(EmergencyNumber.of(number) for number in _rows(row, "emergency")),
        lines=tuple(Helpline.of(line) for line in _rows(row, "lines")),
    )


def card(
    region: str, domain: Domain, *, minor: bool = False, language: str | None = None
) -> tuple[Helpline, ...]:
    """What to show a person at risk, most useful first: up to three lines that may be presented
    and always the emergency number. `minor` is for a person known to be under 18; lines that
    speak `language` (BCP 47) come first."""
    here = helplines(region)
    emergency = here.emergency_for(domain).as_line()
    lines = _best_lines(here, _kinds_for(domain, minor=minor), language)
    if here.no_reliable_line:
        lines = (*lines, *_directories())
    return (emergency, *lines) if domain in _EMERGENCY_FIRST else (*lines, emergency)


def _best_lines(
    region: Region, kinds: tuple[LineKind, ...], language: str | None
) -> tuple[Helpline, ...]:
    if region.no_reliable_line:
        kinds = tuple(kind for kind in kinds if kind is not LineKind.CRISIS)
    fitting = [line for line in region.lines if line.presentable and line.kind in kinds]
    for_everyone = [line for line in fitting if not line.audience]
    chosen = sorted(for_everyone or fitting, key=lambda line: _rank(line, language))
    first = next((line for line in chosen if line.kind is kinds[0]), None)
    if first is not None:
        chosen = [first, *(line for line in chosen if line is not first)]
    return tuple(chosen[:_LINES_ON_A_CARD])


def _kinds_for(domain: Domain, *, minor: bool) -> tuple[LineKind, ...]:
    """Kinds that suit a domain, the most fitting first."""
    if minor or domain is Domain.SAFEGUARDING_MINOR:
        return (LineKind.CHILD, LineKind.CRISIS)
    if domain is Domain.ABUSE:
        return (LineKind.DOMESTIC_VIOLENCE, LineKind.CRISIS)
    return (LineKind.CRISIS,)


def _rank(line: Helpline, language: str | None) -> tuple[bool, int, bool]:
    """Lines in the person's language first, then better sources, then round the clock."""
    spoken = {tag.partition("-")[0] for tag in line.languages}
    return (
        language is not None and language.partition("-")[0].lower() not in spoken,
        _AGREEMENT_ORDER.index(line.agreement),
        not line.hours.startswith("24/7"),
    )


def _preference(number: EmergencyNumber, wanted: Serves) -> tuple[bool, bool, bool, int]:
    return (
        number.agreement is Agreement.MEMORY,
        not number.serves & {Serves.ALL, wanted},
        Serves.ALL not in number.serves,
        _AGREEMENT_ORDER.index(number.agreement),
    )


def _directories() -> tuple[Helpline, ...]:
    lines = helplines(_INTERNATIONAL).lines
    return tuple(line for line in lines if line.kind is LineKind.DIRECTORY)


_T = TypeVar("_T")


def _text(row: Mapping[str, object], key: str) -> str:
    return str(row.get(key, ""))


def _texts(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(str(value) for value in cast(Sequence[object], row.get(key, ())))


def _rows(row: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    return cast(Sequence[Mapping[str, object]], row[key])
