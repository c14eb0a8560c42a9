"""Who wins when finds overlap."""

from __future__ import annotations

from safety.pii.spans import Span, settle
from safety.text import EntityType


def span(start: int, end: int, kind: EntityType) -> Span:
    return Span(start=start, end=end, type=kind)


def test_the_surer_kind_wins_however_short() -> None:
    card = span(5, 21, EntityType.CREDIT_CARD)
    phone = span(0, 30, EntityType.PHONE)

    assert settle([phone, card]) == [card]


def test_of_one_kind_the_longest_wins() -> None:
    whole = span(0, 12, EntityType.EMAIL)

    assert settle([span(0, 5, EntityType.EMAIL), whole, span(6, 12, EntityType.EMAIL)]) == [whole]


def test_among_names_the_longest_wins_and_then_the_person() -> None:
    hospital = span(0, 18, EntityType.ORGANIZATION)

    assert settle([span(3, 9, EntityType.PERSON), hospital]) == [hospital]
    person = span(0, 18, EntityType.PERSON)
    assert settle([hospital, person]) == [person]


def test_finds_side_by_side_all_stay_from_left_to_right() -> None:
    found = [
        span(10, 15, EntityType.PHONE),
        span(0, 5, EntityType.PERSON),
        span(5, 10, EntityType.URL),
    ]

    assert settle(found) == sorted(found, key=lambda each: each.start)
