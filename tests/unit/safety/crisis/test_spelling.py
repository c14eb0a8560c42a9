"""How typed words become the words of rules."""

from __future__ import annotations

import itertools

import pytest

from safety.crisis.characters import is_mostly_foreign, plain
from safety.crisis.lexicon import Lexicon
from safety.crisis.sentences import sentences


def words(lexicon: Lexicon, text: str) -> list[str]:
    return [" ".join(sentence.words) for sentence in sentences(text, lexicon.grammar)]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("I'm", "i am"),
        ("don’t", "do not"),
        ("DONT", "do not"),
        ("wanna", "want to"),
        ("suicde", "suicide"),
        ("myslef", "myself"),
        ("my self harm", "my self harm"),
        ("my self", "myself"),
        ("diiiie", "die"),
        ("k1ll", "kill"),
        ("k-i-l-l", "kill"),
        ("k*ll", "kill"),
        ("overd*se", "overdose"),
        ("50mg", "50mg"),
        ("4pm", "4pm"),
        ("i'll go", "i will go"),
        ("ill go", "i will go"),
        ("mentally ill", "mentally ill"),
        ("want 2 go", "want to go"),
        ("2 days", "2 days"),
        ("não", "nao"),
        ("ﬁne", "fine"),
    ],
)
def test_a_typed_word_becomes_the_word_meant(lexicon: Lexicon, typed: str, meant: str) -> None:
    assert words(lexicon, typed) == [meant]


def test_ordinary_words_stay_as_they_are(lexicon: Lexicon) -> None:
    text = "the weather was good and we looked at old books in the library all afternoon"
    assert words(lexicon, text) == [text]


def test_sentences_end_where_people_end_them(lexicon: Lexicon) -> None:
    assert words(lexicon, "one. two! three?\nfour; five... six") == [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
    ]


def test_a_sentence_said_twice_is_read_once(lexicon: Lexicon) -> None:
    assert words(lexicon, "hello. " * 1000) == ["hello"]


def test_a_long_sentence_is_read_in_pieces_that_overlap(lexicon: Lexicon) -> None:
    text = " ".join(f"w{number}x" for number in range(200))
    pieces = [piece.split() for piece in words(lexicon, text)]
    assert all(len(piece) <= 60 for piece in pieces)
    assert all(left[-12:] == right[:12] for left, right in itertools.pairwise(pieces))


def test_pictures_part_no_phrase_and_their_meaning_is_kept(lexicon: Lexicon) -> None:
    assert words(lexicon, "i 🌸 feel 😂 odd") == ["i feel odd lol"]


def test_russian_stays_russian_but_lookalikes_become_latin() -> None:
    assert plain("хочу спать") == "хочу спать"
    assert plain("i wаnt tо dіe") == "i want to die"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [("хочу спать", True), ("не грустно", True), ("hello", False), ("12 !?", False), ("", False)],
)
def test_other_scripts_are_told(text: str, foreign: bool) -> None:
    assert is_mostly_foreign(text) is foreign
