"""Frames between a worker and its screening process: four bytes of length, then a pickle.

Pickle is safe here because both ends are this package and the socket between them has no name.
"""

from __future__ import annotations

import pickle
import struct
from asyncio import StreamReader
from typing import BinaryIO, Final

_LENGTH: Final = struct.Struct("!I")


def frame(value: object) -> bytes:
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


async def receive(reader: StreamReader) -> object:
    """The next value. Raises asyncio.IncompleteReadError when the other end is gone."""
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return pickle.loads(await reader.readexactly(length))  # noqa: S301 - see the module


def read(stream: BinaryIO) -> object:
    """The next value, waiting for it. Raises EOFError when the other end is gone."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(header)
    return pickle.loads(stream.read(length))  # noqa: S301 - see the module
