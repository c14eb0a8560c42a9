"""Finds words in bytes, whatever somebody may have made of them on the way to a file."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path


def found(words: Iterable[str], data: bytes) -> set[str]:
    """Which of the words are in `data`: as text in two encodings, in hex, in base64, in any
    case."""
    small = data.lower()
    return {
        word
        for word in words
        if any(form in small for form in _small_forms(word))
        or any(form in data for form in _in_base64(word))
    }


def unescaped(dump: bytes) -> bytes:
    """`bytea_output = escape` writes a byte as a backslash and three octal digits."""
    return re.sub(rb"\\+([0-3][0-7]{2})", lambda digits: bytes([int(digits[1], 8)]), dump)


def found_under(words: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """The same for every file of a folder, by its name. Of equal files (a server's templates) one
    is searched, and long runs of zeros (a log that is not full) are passed over."""
    files = {path.read_bytes(): path for path in folder.rglob("*") if path.is_file()}
    hits = {
        str(path.relative_to(folder)): found(words, re.sub(rb"\0{64,}", b"\0", data))
        for data, path in files.items()
    }
    return {name: words for name, words in hits.items() if words}


def _encoded(word: str) -> Iterator[bytes]:
    for cased in {word, word.lower(), word.upper(), word.title()}:
        yield cased.encode()
        yield cased.encode("utf-16-le")


def _small_forms(word: str) -> Iterator[bytes]:
    for encoded in _encoded(word):
        yield encoded.hex().encode()
        if encoded == encoded.lower():
            yield encoded


def _in_base64(word: str) -> Iterator[bytes]:
    """The letters that depend on the word alone, for each of its three places in a group."""
    for encoded in _encoded(word):
        for lead in range(3):
            whole = base64.b64encode(b"\0" * lead + encoded)
            end = len(whole) - (0, 4, 4)[(lead + len(encoded)) % 3]
            yield whole[(0, 2, 3)[lead] : end]
