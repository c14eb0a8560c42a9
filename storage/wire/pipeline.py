"""Statements in one round trip with little of our own processor time in between.

A cursor of psycopg looks at every parameter's type anew and turns the event loop several times a
statement, which costs as much as a quarter of what the server does. Here a statement is prepared
once a connection, the server says what types its parameters have, and a call is one write and
one read of libpq's, through psycopg's wrapper of it. `evenkeel bench storage` measures it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString, TypeAlias

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

from storage.wire.ear import Ear
from storage.wire.values import BINARY, NOT_SO, Encode

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]
_Encoded: TypeAlias = tuple[Sequence[bytes | None], Sequence[int]]

_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\)s|s|%)")
_NUMBERS: Final = itertools.count(1)
_GOOD: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_TEXT, _BINARY = int(Format.TEXT), int(Format.BINARY)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Numbered:
    """A statement as the server wants it: $1, $2. `parameters` are their names in this order;
    a parameter without a name has its place instead."""

    name: bytes
    text: bytes
    parameters: tuple[str, ...]

    def values(self, given: Parameters) -> Sequence[Any]:
        if isinstance(given, Mapping):
            return [given[name] for name in self.parameters]
        return given


@cache  # as many as there are statements: they are literals
def numbered(statement: LiteralString) -> Numbered:
    """From psycopg's notation: `%s`, `%(name)s`, and `%%` for a percent sign."""
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        name = found["name"] or f"{len(places)}"
        return f"${places.setdefault(name, len(places) + 1)}"

    return Numbered(
        text=_PLACEHOLDER.sub(number, statement).encode(),
        name=b"evenkeel_%d" % next(_NUMBERS),
        parameters=tuple(places),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Prepared:
    """How each parameter is written, and in which format."""

    encoders: tuple[Encode, ...]
    formats: tuple[int, ...]


class Wire:
    """One connection, used by one task at a time. After anything but an answer of the server the
    connection is closed, since nobody knows what it would say next."""

    def __init__(self, connection: psycopg.AsyncConnection[TupleRow]) -> None:
        self._libpq: PGconn = connection.pgconn
        self._ear = Ear(connection.pgconn)
        self._adapt = Transformer()
        self._prepared: dict[Numbered, _Prepared] = {}

    async def run(
        self, statements: Iterable[tuple[LiteralString, Parameters]]
    ) -> list[list[TupleRow]]:
        """All of them or none, in this order; returns the rows of each. Raises psycopg's errors."""
        calls = [(numbered(statement), given) for statement, given in statements]
        from_before = tuple(self._prepared)
        try:
            return await self._run(calls)
        except psycopg.errors.InvalidSqlStatementName:
            # After a rollback psycopg deallocates every prepared statement, ours with them; what
            # this call prepared is there. None of these has run.
            for statement in from_before:
                del self._prepared[statement]
            return await self._run(calls)

    async def _run(self, calls: Sequence[tuple[Numbered, Parameters]]) -> list[list[TupleRow]]:
        for statement, _ in calls:
            if statement not in self._prepared:
                await self._prepare(statement)
        encoded = [self._encoded(statement, statement.values(given)) for statement, given in calls]
        self._libpq.enter_pipeline_mode()
        for (statement, _), values in zip(calls, encoded, strict=True):
            self._libpq.send_query_prepared(statement.name, *values, _BINARY)
        return [self._rows(answer) for answer in await self._answers()]

    async def _prepare(self, statement: Numbered) -> None:
        self._libpq.enter_pipeline_mode()
        self._libpq.send_prepare(statement.name, statement.text)
        self._libpq.send_describe_prepared(statement.name)
        _, described = await self._answers()
        types = [described.param_type(place) for place in range(described.nparams)]
        self._prepared[statement] = _Prepared(
            encoders=tuple(BINARY.get(type_, self._as_text) for type_ in types),
            formats=tuple(_BINARY if type_ in BINARY else _TEXT for type_ in types),
        )

    def _encoded(self, statement: Numbered, values: Sequence[Any]) -> _Encoded:
        prepared = self._prepared[statement]
        try:
            encoded = [
                None if value is None else encode(value)
                for encode, value in zip(prepared.encoders, values, strict=True)
            ]
        except NOT_SO:
            return self._encoded_one_by_one(prepared, values)
        return encoded, prepared.formats

    def _encoded_one_by_one(self, prepared: _Prepared, values: Sequence[Any]) -> _Encoded:
        """Such as a whole number where a fraction is expected, or an identifier as a text."""
        encoded: list[bytes | None] = []
        formats: list[int] = []
        for encode, format_, value in zip(prepared.encoders, prepared.formats, values, strict=True):
            try:
                encoded.append(None if value is None else encode(value))
                formats.append(format_)
            except NOT_SO:
                encoded.append(self._as_text(value))
                formats.append(_TEXT)
        return encoded, formats

    def _as_text(self, value: Any) -> bytes:
        """As psycopg writes it."""
        [text] = self._adapt.dump_sequence([value], [PyFormat.TEXT])
        return b"" if text is None else bytes(text)

    def _rows(self, answer: PGresult) -> list[TupleRow]:
        if not answer.nfields:
            return []
        self._adapt.set_pgresult(answer)
        return self._adapt.load_rows(0, answer.ntuples, tuple)

    async def _answers(self) -> list[PGresult]:
        """What was sent is one transaction, which ends here."""
        try:
            self._libpq.pipeline_sync()
            await self._flush()
            answers = await self._fetch()
        except BaseException:
            self._ear.cover()
            self._libpq.finish()
            raise
        for answer in answers:
            if answer.status not in _GOOD:
                raise psycopg.errors.error_from_result(answer)
        return answers

    async def _flush(self) -> None:
        while self._libpq.flush():
            await self._ear.room()

    async def _fetch(self) -> list[PGresult]:
        """Every statement's answer, up to the end of the transaction or of the connection."""
        answers: list[PGresult] = []
        while self._libpq.status != ConnStatus.BAD:
            if self._libpq.is_busy():
                await self._ear.answer()
            answer = self._libpq.get_result()
            if answer is None:
                continue  # between two statements
            if answer.status == ExecStatus.PIPELINE_SYNC:
                self._libpq.exit_pipeline_mode()
                return answers
            answers.append(answer)
        if all(answer.status in _GOOD for answer in answers):
            raise psycopg.OperationalError("the connection was lost")
        return answers

    def close(self) -> None:
        """The connection itself stays open."""
        self._ear.cover()
