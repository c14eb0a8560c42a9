"""Replaces personal data by placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from safety.known import NOTHING_KNOWN, Known
from safety.pii.engine import Finder
from safety.pii.placeholders import Placeholders, escape, without_placeholders
from safety.pii.reading import Reading, storable
from safety.pii.spans import Span, settle
from safety.text import Entity

LONGEST_TEXT: Final = 20_000
"""Characters that are screened and kept, five times the longest message of Telegram."""

CUT: Final = " […]"

# Masked once when loaded, so that no person's message waits for a word list to be read.
_SAMPLE: Final = (
    "Rose told Tom, who works at Tesco and lives at 1 High Street in Leeds: 2025550143, "
    "rose at example dot org, www.example.org, my insta is rose_1, Dr Who, i take Xanax."
)

_PIECE: Final = 4_000
_OVERLAP: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Masked:
    """`entities` have offsets into the text that was masked; `originals` are what the placeholders
    in `text` stand for, `known` what is known of the whole conversation after it."""

    text: str
    originals: Mapping[str, str]
    entities: tuple[Entity, ...]
    known: Known


class Masker:
    """Holds the recognizers. Masking is pure and offline."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    @classmethod
    def load(cls) -> Self:
        masker = cls(Finder.load())
        masker.mask(_SAMPLE)
        return masker

    def mask(self, written: str, known: Known = NOTHING_KNOWN) -> Masked:
        """`known` is what earlier placeholders of the conversation stand for. What lies beyond
        LONGEST_TEXT is not kept, and a mark says so."""
        kept = written[:LONGEST_TEXT]
        reading = Reading.of(kept)
        spans = self._spans(without_placeholders(reading.text), known)
        placeholders = Placeholders(known)
        mark = CUT if len(written) > LONGEST_TEXT else ""
        return _replace(kept, reading, spans, placeholders, mark)

    def _spans(self, text: str, known: Known) -> list[Span]:
        """What is masked, left to right: what was found, and the names among it once more."""
        found = settle(self._find(text))
        return settle([*found, *self._finder.mentions.find(text, found, known)])

    def _find(self, text: str) -> Iterator[Span]:
        for start, piece in _pieces(text):
            for span in self._finder.find(piece):
                yield Span(start=start + span.start, end=start + span.end, type=span.type)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces that overlap, cut between words, so that what one edge hides the other shows."""
    start = 0
    while len(text) - start > _PIECE:
        end = text.rfind(" ", start + _PIECE - _OVERLAP, start + _PIECE)
        end = end if end > 0 else start + _PIECE
        yield start, text[start:end]
        space = text.find(" ", end - _OVERLAP, end)
        start = space + 1 if space > 0 else end - _OVERLAP
    yield start, text[start:]


def _replace(
    written: str, reading: Reading, spans: list[Span], placeholders: Placeholders, mark: str
) -> Masked:
    entities: list[Entity] = []
    parts: list[str] = []
    last = 0
    for span in spans:
        start, end = reading.span(span.start, span.end)
        read = reading.text[span.start : span.end]
        tag = placeholders.for_value(span.type, read, written=storable(written[start:end]))
        entities.append(Entity(start=start, end=end, type=span.type, placeholder=tag))
        parts += [_kept(written[last:start]), tag]
        last = end
    parts += [_kept(written[last:]), mark]
    return Masked(
        text="".join(parts),
        originals=placeholders.originals,
        entities=tuple(entities),
        known=placeholders.known(),
    )


def _kept(text: str) -> str:
    return escape(storable(text))
