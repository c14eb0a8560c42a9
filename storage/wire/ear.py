"""Hears when the server has spoken, without telling the event loop anew each time.

psycopg registers a connection's socket with the event loop for every wait and takes it off again.
The hot path waits on a duplicate of the descriptor, which stays registered while nobody else uses
the connection: the original remains psycopg's alone.
"""

from __future__ import annotations

import asyncio
import os
import weakref

import psycopg
from psycopg.pq.abc import PGconn


class Ear:
    def __init__(self, libpq: PGconn) -> None:
        self._libpq = libpq
        self._socket = os.dup(libpq.socket)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Future[None] | None = None
        weakref.finalize(self, os.close, self._socket)  # never while the loop knows it

    async def answer(self) -> None:
        """Until a whole answer has been read. Raises psycopg's error when the connection went."""
        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
            loop.add_reader(self._socket, self._hear)
        self._waiting = loop.create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    async def room(self) -> None:
        """Until the server takes more, or has spoken: one that cannot speak does not listen."""
        loop = asyncio.get_running_loop()
        room: asyncio.Future[None] = loop.create_future()
        loop.add_writer(self._socket, _settle, room)
        loop.add_reader(self._socket, _settle, room)
        try:
            await room
        finally:
            loop.remove_writer(self._socket)
            loop.remove_reader(self._socket)
            self._loop = None
        self._libpq.consume_input()

    def cover(self) -> None:
        """Stop listening. Waiting again uncovers it."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
        self._loop = None

    def _hear(self) -> None:
        """Read at once: a descriptor with something to read is reported again and again."""
        waiting = self._waiting
        if waiting is None or waiting.done():
            self.cover()  # psycopg's turn, or the connection was closed
            return
        try:
            self._libpq.consume_input()
        except psycopg.Error as exc:
            waiting.set_exception(exc)
            return
        if not self._libpq.is_busy():
            waiting.set_result(None)


def _settle(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
