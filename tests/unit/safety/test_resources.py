from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from safety.resources import Agreement, Helpline, LineKind, Serves, card, helplines, regions
from safety.text import Domain

DIALLED = re.compile(r"[+*]?[\d(][\d ()-]*\d( ext \d)?")
WITHOUT_A_RELIABLE_LINE = {"BG", "TR", "ID", "NG", "EG", "AE"}


def names(lines: tuple[Helpline, ...]) -> list[str]:
    return [line.name for line in lines]


def test_there_is_data_for_69_countries() -> None:
    assert len(regions()) == 69


@pytest.mark.parametrize("region", regions())
def test_every_region_has_an_emergency_number_with_a_source(region: str) -> None:
    for domain in Domain:
        number = helplines(region).emergency_for(domain)
        assert re.fullmatch(r"\d[\d ]*\d", number.number)
        assert number.sources
        assert number.agreement is not Agreement.MEMORY


@pytest.mark.parametrize("region", regions())
def test_every_row_says_how_sure_it_is(region: str) -> None:
    here = helplines(region)
    assert here.code == region
    for line in here.lines:
        assert line.phone or line.text or line.whatsapp or line.web, line.name
        assert bool(line.sources) or not line.presentable, line.name
        assert len(line.sources) > 1 or line.agreement is not Agreement.TWO_SOURCES, line.name
        assert not line.verified_at or re.fullmatch(r"\d{4}-\d\d-\d\d", line.verified_at)


@pytest.mark.parametrize("region", regions())
def test_numbers_can_be_dialled_and_addresses_opened(region: str) -> None:
    for line in helplines(region).lines:
        for number in filter(None, (line.phone, line.text, line.whatsapp)):
            assert DIALLED.fullmatch(number) or re.fullmatch(r"\d{2,3}", number), line.name
        assert not line.web or re.match(r"https?://\w", line.web), line.name
        assert not line.text_word or line.text, line.name


@pytest.mark.parametrize("region", [*regions(), "", "XX"])
def test_a_card_never_shows_a_doubtful_line_and_always_the_emergency_number(region: str) -> None:
    for domain, minor in itertools.product(Domain, (True, False)):
        lines = card(region, domain, minor=minor)
        assert all(line.presentable for line in lines)
        assert len([line for line in lines if line.kind is LineKind.EMERGENCY]) == 1
        assert 2 <= len(lines) <= 5


def test_countries_without_a_reliable_line_say_so_and_point_to_a_directory() -> None:
    assert {code for code in regions() if helplines(code).no_reliable_line} == (
        WITHOUT_A_RELIABLE_LINE
    )
    for code in WITHOUT_A_RELIABLE_LINE:
        kinds = [line.kind for line in card(code, Domain.SUICIDE)]
        assert kinds == [LineKind.DIRECTORY, LineKind.EMERGENCY]


def test_an_unknown_region_gets_112_and_a_directory() -> None:
    nowhere = helplines("Atlantis")
    assert nowhere.code == ""
    assert nowhere.no_reliable_line
    assert [line.phone or line.web for line in card("Atlantis", Domain.NONE)] == [
        "https://findahelpline.com",
        "112",
    ]


def test_a_path_is_not_a_region() -> None:
    assert helplines("../helplines/US").code == ""


def test_a_region_may_be_written_in_small_letters() -> None:
    assert helplines("gb").code == "GB"


def test_abuse_leads_to_a_domestic_violence_line_first() -> None:
    first = card("US", Domain.ABUSE)[0]
    assert first.kind is LineKind.DOMESTIC_VIOLENCE
    assert first.phone == "1-800-799-7233"


def test_a_medical_emergency_leads_to_the_emergency_number_first() -> None:
    assert card("GB", Domain.MEDICAL_EMERGENCY)[0].phone == "999"


def test_a_person_under_18_gets_the_childrens_line_first() -> None:
    assert card("GB", Domain.SUICIDE, minor=True)[0].name == "Childline"
    assert card("GB", Domain.SAFEGUARDING_MINOR)[0].name == "Childline"


def test_where_police_and_ambulance_differ_the_domain_decides() -> None:
    japan = helplines("JP")
    assert japan.emergency_for(Domain.HARM_TO_OTHERS).number == "110"
    assert japan.emergency_for(Domain.SUICIDE).number == "119"
    assert Serves.AMBULANCE in japan.emergency_for(Domain.MEDICAL_EMERGENCY).serves


def test_two_source_lines_come_before_one_source_lines() -> None:
    for region in regions():
        crisis = [line for line in card(region, Domain.SUICIDE) if line.kind is LineKind.CRISIS]
        order = [list(Agreement).index(line.agreement) for line in crisis]
        assert order == sorted(order), region


def test_a_line_for_some_people_only_is_left_out_where_there_is_one_for_everyone() -> None:
    assert "Veterans Crisis Line" not in names(card("US", Domain.SUICIDE))
    assert names(card("MA", Domain.SUICIDE))[0] == "Sourire de Reda"


def test_a_line_in_the_persons_language_comes_first() -> None:
    assert card("FI", Domain.SUICIDE, language="en-GB")[0].name.endswith("in English")
    assert card("FI", Domain.SUICIDE, language="fi")[0].name == "MIELI Kriisipuhelin"


def test_each_number_is_in_one_file_of_its_own_region() -> None:
    folder = Path(__file__).parents[3] / "safety" / "helplines"
    assert {path.stem for path in folder.glob("*.yaml")} == {*regions(), "international"}
