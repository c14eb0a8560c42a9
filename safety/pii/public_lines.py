"""Numbers and sites of helplines: people quote them, and nobody is found by them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from safety.pii.lexicon import word_list
from safety.resources import Helpline, Region, helplines, regions

_COUNTRY_CODE: Final = re.compile(r"^(?:00|1(?=\d{10}$))")
_SITE: Final = re.compile(r"^(?:https?://)?(?:www\.)?([^/\s]+)")


@cache
def helpline_numbers() -> frozenset[str]:
    """The digits of every helpline and emergency number we know, without a leading 00 or 1."""
    numbers = [number for region in _all() for number in _numbers(region)]
    return frozenset(bare(number) for number in numbers if number)


@cache
def helpline_sites() -> frozenset[str]:
    """The domains of their sites, without www. A page on a site for everybody does not make the
    site one."""
    sites = (_SITE.match(line.web.casefold()) for line in _lines())
    return frozenset(site[1] for site in sites if site) - word_list("public_sites")


def bare(number: str) -> str:
    """Digits only, in the form in which a person may have left out what dials abroad."""
    return _COUNTRY_CODE.sub("", re.sub(r"\D", "", number))


def _numbers(region: Region) -> Iterator[str]:
    yield from (emergency.number for emergency in region.emergency)
    for line in region.lines:
        yield from (line.phone, line.text, line.whatsapp)


def _lines() -> Iterator[Helpline]:
    for region in _all():
        yield from region.lines


def _all() -> Iterator[Region]:
    return (helplines(code) for code in (*regions(), "international"))
