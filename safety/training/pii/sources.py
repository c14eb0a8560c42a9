"""Reads the labelled texts that the names are learnt from: tweets, Presidio's made-up sentences,
questions to counselors, and the messages written for this project.

Each reader gives `Labelled` texts whose marks are PERSON, ORG and LOC alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from safety.pii.labelled import Labelled, Mark, read_labelled

TWEETS: Final = ("btc_a", "btc_b", "btc_e", "btc_f", "wnut17_train")
TWEETS_HELD_OUT: Final = ("btc_g", "wnut17_dev")

CHAT: Final = Path(__file__).with_name("chat.jsonl")

_OF_TWEETS: Final = {
    "PER": "PERSON", "person": "PERSON",
    "ORG": "ORG", "corporation": "ORG", "group": "ORG",
    "LOC": "LOC", "location": "LOC",
}  # fmt: skip
_OF_SENTENCES: Final = {"PERSON": "PERSON", "ORGANIZATION": "ORG", "GPE": "LOC"}
_OF_CHAT: Final = {"PERSON": "PERSON", "ORGANIZATION": "ORG", "LOCATION": "LOC"}


def tweets(path: Path) -> Iterator[Labelled]:
    """From a file of one token and its tag a line, with an empty line after each tweet."""
    with path.open(encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
        if filled:
            yield _tweet(line.rpartition("\t")[::2] for line in group)


def sentences(path: Path, *, held_out: bool) -> Iterator[Labelled]:
    """From presidio-research. Those made from templates of odd number are held out."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        if (row["template_id"] % 2 == 1) is held_out:
            marks = (
                Mark(start=span["start"], end=span["end"], type=span["type"])
                for span in row["spans"]
            )
            yield Labelled(text=row["text"], marks=_renamed(marks, _OF_SENTENCES))


def questions(path: Path) -> Iterator[Labelled]:
    """What people ask counselors, without marks: hardly any of it names anybody."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Labelled(text=json.loads(line)["text"], marks=())


def chat() -> Iterator[Labelled]:
    for message in read_labelled(CHAT):
        yield Labelled(text=message.text, marks=_renamed(message.marks, _OF_CHAT))


def _tweet(tokens: Iterable[tuple[str, str]]) -> Labelled:
    """The tokens with a space between; "@" and what follows it are one, and no name: a rule of
    ours finds them."""
    text, marks = "", list[Mark]()
    open_mark = False
    for word, tag in tokens:
        handle = text.endswith("@") and text[-2:-1] in ("", " ")
        text += "" if handle or not text else " "
        start, text = len(text), text + word
        open_mark = open_mark and tag.startswith("I-")
        kind = _OF_TWEETS.get(tag[2:])
        if open_mark:
            marks[-1] = Mark(start=marks[-1].start, end=len(text), type=marks[-1].type)
        elif tag.startswith("B-") and kind and not handle and not word.startswith("@"):
            marks.append(Mark(start=start, end=len(text), type=kind))
            open_mark = True
    return Labelled(text=text, marks=tuple(marks))


def _renamed(marks: Iterable[Mark], names: Mapping[str, str]) -> tuple[Mark, ...]:
    return tuple(
        Mark(start=mark.start, end=mark.end, type=names[mark.type])
        for mark in sorted(marks)
        if mark.type in names
    )
