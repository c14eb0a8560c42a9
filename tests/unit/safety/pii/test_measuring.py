"""The figures of masking, on finds whose figures are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safety.errors import SafetyConfigurationError
from safety.pii import measuring, peers
from safety.pii.labelled import Labelled, Mark, read_labelled
from safety.pii.masking import Masker
from safety.pii.measuring import Find, measure


def mark(start: int, end: int, kind: str = "PERSON") -> Mark:
    return Mark(start=start, end=end, type=kind)


def finding(*marks: Mark) -> Find:
    return lambda _: iter(marks)


PRIYA = Labelled(text="I am Priya Rao", marks=(mark(5, 14),))
TRAP = Labelled(text="I hope so", marks=())


def test_a_find_that_covers_half_of_a_mark_is_right_but_does_not_mask_it_wholly() -> None:
    measured = measure([PRIYA], finding(mark(5, 10)))

    assert measured.overall.recall == 1
    assert measured.whole == 0


def test_a_find_that_covers_less_than_half_is_wrong_and_a_miss() -> None:
    measured = measure([PRIYA], finding(mark(11, 14)))

    assert (measured.overall.recall, measured.overall.precision) == (0, 0)
    assert measured.missed == [(0, mark(5, 14))]
    assert measured.wrong == [(0, mark(11, 14))]


def test_another_type_is_wrong_although_nothing_can_be_read() -> None:
    measured = measure([PRIYA], finding(mark(5, 14, "LOCATION")))

    assert measured.overall.right == 0
    assert measured.wholly_masked == 1


def test_types_that_a_set_holds_alike_are_alike() -> None:
    message = Labelled(text="my id is 12345678", marks=(mark(9, 17, "ID"),))
    measured = measure([message], finding(mark(9, 17, "PASSPORT")), alike={"PASSPORT": "ID"})

    assert measured.by_type["ID"].f2 == 1


def test_recall_weighs_four_times_as_heavy() -> None:
    measured = measure([PRIYA], finding(mark(5, 14), mark(0, 1), mark(2, 4)))

    assert measured.overall.precision == pytest.approx(1 / 3)
    assert measured.overall.f2 == pytest.approx(5 / (4 + 3))


def test_one_find_matches_one_mark() -> None:
    measured = measure([PRIYA], finding(mark(5, 14), mark(5, 13)))

    assert (measured.overall.right, measured.overall.found) == (1, 2)


def test_a_trap_counts_as_altered_once() -> None:
    measured = measure([TRAP, PRIYA], finding(mark(2, 6), mark(7, 9)))

    assert (measured.traps, measured.altered, measured.traps_altered) == (1, 1, 1)


def test_what_is_found_in_a_doubtful_span_is_neither_right_nor_wrong() -> None:
    message = Labelled(text="in May 2001", marks=(), doubtful=(mark(3, 11, "DATE"),))

    assert measure([message], finding(mark(3, 11))).overall.found == 0


def test_of_nothing_every_share_is_whole() -> None:
    measured = measure([], finding())

    assert (measured.overall.f2, measured.wholly_masked, measured.traps_altered) == (1, 1, 0)


def test_the_time_of_each_text_is_told_shortest_first() -> None:
    spent = measuring.processor_milliseconds(["a", "b"], finding())

    assert spent == sorted(spent)
    assert len(spent) == 2


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "marked.jsonl"
    path.write_text('{"text": "no entities"}\n', encoding="utf-8")

    with pytest.raises(SafetyConfigurationError, match=r"marked\.jsonl cannot be read"):
        read_labelled(path)


def test_ours_is_asked_as_a_peer_is(masker: Masker) -> None:
    assert list(peers.ours(masker)("I am Priya")) == [mark(5, 10)]


@pytest.fixture(scope="module")
def stock() -> Iterator[Find]:
    yield peers.stock_presidio()


def test_stock_presidio_is_asked_without_a_network(stock: Find, no_network: list[object]) -> None:
    found = list(stock("Mail Barbara Walters at barbara@mail.com about her card"))

    assert mark(24, 40, "EMAIL") in found
    assert mark(5, 20) in found
    assert no_network == []
