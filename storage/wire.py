"""Statements in one round trip with little of our own processor time in between.

A cursor of psycopg looks at every parameter's type anew and turns the event loop several times a
statement, which costs as much as a quarter of what the server does. Here a statement is prepared
once a connection, the server says what types its parameters have, and a call is one write and
one read of libpq's, through psycopg's wrapper of it. `evenkeel bench storage` measures it.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, LiteralString, TypeAlias

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

from storage.wire_values import BINARY, Encode

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]
_Encoded: TypeAlias = tuple[list[bytes | None], list[int]]

_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\)s|s|%)")
_NUMBERS: Final = itertools.count(1)
_GOOD: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


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


class Wire:
    """One connection, used by one task at a time. After anything but an answer of the server the
    connection is closed, since nobody knows what it would say next."""

    def __init__(self, connection: psycopg.AsyncConnection[TupleRow]) -> None:
        self._libpq: PGconn = connection.pgconn
        self._adapt = Transformer()
        self._prepared: dict[Numbered, tuple[tuple[type, Encode] | None, ...]] = {}

    async def run(
        self, statements: Iterable[tuple[LiteralString, Parameters]]
    ) -> list[list[TupleRow]]:
        """All of them or none, in this order; returns the rows of each. Raises psycopg's errors."""
        calls = [(numbered(statement), given) for statement, given in statements]
        try:
            return await self._run(calls)
        except psycopg.errors.InvalidSqlStatementName:
            # After a rollback psycopg deallocates every prepared statement, ours with them. None
            # of these has run.
            self._prepared.clear()
            return await self._run(calls)

    async def _run(self, calls: Sequence[tuple[Numbered, Parameters]]) -> list[list[TupleRow]]:
        for statement, _ in calls:
            if statement not in self._prepared:
                await self._prepare(statement)
        encoded = [self._encoded(statement, statement.values(given)) for statement, given in calls]
        self._libpq.enter_pipeline_mode()
        for (statement, _), values in zip(calls, encoded, strict=True):
            self._libpq.send_query_prepared(statement.name, *values, Format.BINARY)
        return [self._rows(answer) for answer in await self._answers()]

    async def _prepare(self, statement: Numbered) -> None:
        self._libpq.enter_pipeline_mode()
        self._libpq.send_prepare(statement.name, statement.text)
        self._libpq.send_describe_prepared(statement.name)
        _, described = await self._answers()
        types = [described.param_type(place) for place in range(described.nparams)]
        self._prepared[statement] = tuple(BINARY.get(type_) for type_ in types)

    def _encoded(self, statement: Numbered, values: Sequence[Any]) -> _Encoded:
        encoded: list[bytes | None] = []
        formats: list[int] = []
        for known, value in zip(self._prepared[statement], values, strict=True):
            binary = value is None or (known is not None and type(value) is known[0])
            formats.append(Format.BINARY if binary else Format.TEXT)
            encoded.append(self._one(known, value) if binary else self._as_text(value))
        return encoded, formats

    def _one(self, known: tuple[type, Encode] | None, value: Any) -> bytes | None:
        if value is None or known is None:
            return None
        try:
            return known[1](value)
        except struct.error:
            raise psycopg.DataError("a number is too large for its column") from None

    def _as_text(self, value: Any) -> bytes | None:
        [text] = self._adapt.dump_sequence([value], [PyFormat.TEXT])
        return None if text is None else bytes(text)

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
            self._libpq.finish()
            raise
        for answer in answers:
            if answer.status not in _GOOD:
                raise psycopg.errors.error_from_result(answer)
        return answers

    async def _flush(self) -> None:
        while self._libpq.flush():
            await self._wait(until_writable=True)
            self._libpq.consume_input()  # a server that cannot speak does not listen

    async def _fetch(self) -> list[PGresult]:
        """Every statement's answer, up to the end of the transaction or of the connection."""
        answers: list[PGresult] = []
        while self._libpq.status != ConnStatus.BAD:
            while self._libpq.is_busy():
                await self._wait()
                self._libpq.consume_input()
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

    async def _wait(self, *, until_writable: bool = False) -> None:
        """Until the server has said something, or can be told more."""
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        socket = self._libpq.socket
        loop.add_reader(socket, _settle, ready)
        if until_writable:
            loop.add_writer(socket, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(socket)
            if until_writable:
                loop.remove_writer(socket)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
