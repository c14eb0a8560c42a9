"""Messages as people type them, with what must be masked in each, and messages that must stay as
they are. Scored as a whole: no single message is worth a rule of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from safety.pii.labelled import read_labelled
from safety.pii.masking import Masker
from safety.pii.measuring import measure
from safety.pii.peers import ours
from safety.training import pii as training

DATA = Path(__file__).parents[3] / "data"
UNSEEN = Path(training.__file__).with_name("unseen.jsonl")


@dataclass(frozen=True)
class Labelled:
    text: str
    entities: frozenset[tuple[int, int, str]]


def corpus(name: str) -> Iterator[Labelled]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = ((span["start"], span["end"], span["type"]) for span in row["entities"])
        yield Labelled(row["text"], frozenset(spans))


def found(masker: Masker, text: str) -> frozenset[tuple[int, int, str]]:
    return frozenset((e.start, e.end, str(e.type)) for e in masker.mask(text).entities)


def test_personal_data_is_found_whole_and_by_its_kind(masker: Masker) -> None:
    messages = list(corpus("pii_chat.jsonl"))
    missed = [
        (message.text, message.text[start:end], kind)
        for message in messages
        for start, end, kind in message.entities - found(masker, message.text)
    ]
    total = sum(len(message.entities) for message in messages)

    assert len(missed) <= total * 0.07, missed


def test_nothing_else_is_masked_in_messages_that_hold_personal_data(masker: Masker) -> None:
    messages = list(corpus("pii_chat.jsonl"))
    wrong = [
        (message.text, message.text[start:end], kind)
        for message in messages
        for start, end, kind in found(masker, message.text) - message.entities
    ]
    assert len(wrong) <= len(messages) * 0.04, wrong


def test_moods_scores_medicines_and_public_figures_stay(masker: Masker) -> None:
    messages = list(corpus("pii_kept.jsonl"))
    altered = [masked for m in messages if (masked := masker.mask(m.text).text) != m.text]

    assert len(altered) <= len(messages) * 0.02, altered


def test_messages_that_nothing_was_tuned_on_are_masked_as_well_as_they_were(masker: Masker) -> None:
    """The floor is a little below what was measured; look at the figures, not at the messages,
    or they are seen no more."""
    measured = measure(read_labelled(UNSEEN), ours(masker))

    assert measured.overall.f2 >= 0.86
    assert measured.overall.precision >= 0.92
    assert measured.wholly_masked >= 0.84
    assert measured.traps_altered <= 0.06
