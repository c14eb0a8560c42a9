"""Parameters as PostgreSQL's binary format has them, for the types that the hot path sends.

The server says which type a parameter has. A value that does not go into it in this way (these
functions raise `NOT_SO`), and every type that is not listed, is left to psycopg.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct, error
from typing import Any, Final, TypeAlias
from uuid import UUID

Encode: TypeAlias = Callable[[Any], bytes]

_INT4: Final = Struct("!i").pack
_INT8: Final = Struct("!q").pack
_FLOAT8: Final = Struct("!d").pack
_ARRAY: Final = Struct("!iiIii").pack  # dimensions, flags, element type, length, first index
_EMPTY_ARRAY: Final = Struct("!iiI").pack
_NULL: Final = _INT4(-1)
_BYTEA, _TEXT, _UUID = 17, 25, 2950

NOT_SO: Final = (TypeError, AttributeError, error)


def _uuid(value: UUID) -> bytes:
    return value.bytes


def _text(value: str | UUID) -> bytes:
    return (str(value) if isinstance(value, UUID) else value).encode()


def _bytea(value: bytes) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError
    return value


def _boolean(value: bool) -> bytes:
    if not isinstance(value, bool):
        raise TypeError
    return b"\1" if value else b"\0"


def _list_of(element_type: int, encode: Encode) -> Encode:
    empty = _EMPTY_ARRAY(0, 0, element_type)

    def encoded(elements: list[Any]) -> bytes:
        if not isinstance(elements, list):
            raise TypeError
        if not elements:
            return empty
        parts = [_ARRAY(1, 0, element_type, len(elements), 1)]
        for element in elements:
            if element is None:
                parts.append(_NULL)
            else:
                value = encode(element)
                parts += (_INT4(len(value)), value)
        return b"".join(parts)

    return encoded


BINARY: Final[dict[int, Encode]] = {
    16: _boolean,
    _BYTEA: _bytea,
    20: _INT8,
    23: _INT4,
    _TEXT: _text,
    701: _FLOAT8,
    _UUID: _uuid,
    1001: _list_of(_BYTEA, _bytea),
    1009: _list_of(_TEXT, _text),
    2951: _list_of(_UUID, _uuid),
}
"""By a type's OID, which is the same on every server."""
