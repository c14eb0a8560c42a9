"""Countries are understood by code and by name, in English and in Spanish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.countries import LANGUAGES, SKIP, choices, name_of, read, said
from bot.dialogs.dialog import Turn
from bot.ids import new_id
from safety.resources import regions
from safety.text import ScreenedText
from tests.unit.bot.dialogs.stage import NOON, person, text


@pytest.mark.parametrize(
    ("words", "region"),
    [
        ("ES", "ES"),
        ("es", "ES"),
        ("Spain", "ES"),
        ("españa", "ES"),
        ("I live in Spain.", "ES"),
        ("soy de México", "MX"),
        ("the UK", "GB"),
        ("Northern Ireland", "GB"),
        ("Ireland", "IE"),
        ("EE.UU.", "US"),
        ("U.S.A.", "US"),
        ("Equatorial Guinea", "GQ"),
        ("Guinea", "GN"),
        ("IT", "IT"),
        ("skip", SKIP),
        ("no", SKIP),
        ("NO", SKIP),
        ("Norway", "NO"),
    ],
)
def test_a_country_is_understood(words: str, region: str) -> None:
    assert read(words) == region


@pytest.mark.parametrize("words", ["", "it", "si", "me", "Narnia", "Spain or France", "x" * 5000])
def test_what_names_no_single_country_is_not_guessed(words: str) -> None:
    assert read(words) is None


def test_a_country_that_was_masked_as_a_place_is_still_understood() -> None:
    masked = ScreenedText.screened("in <LOCATION_1>", {"<LOCATION_1>": "Chile"})
    assert said(Turn(id=new_id(), now=NOON, person=person(), said=masked)) == "CL"


def test_every_region_with_helplines_has_a_name_that_is_understood() -> None:
    for region in regions():
        for language in LANGUAGES:
            assert read(name_of(region, language)) == region


@pytest.mark.parametrize("locale", ["en", "en-GB", "es", "es-AR", "de", ""])
def test_the_offered_countries_have_helplines(locale: str) -> None:
    offered = choices(locale)
    assert offered[-1].value == SKIP
    assert {choice.value for choice in offered[:-1]} <= set(regions())
    assert all(text(choice.label) for choice in offered)


@given(st.text(max_size=200))
def test_any_words_are_read_without_failing(words: str) -> None:
    region = read(words)
    assert region is None or region == SKIP or len(region) == 2
