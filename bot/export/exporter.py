"""Makes the export that a person asked for in a conversation, when it is sent to them."""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.adapters.adapter import File
from bot.dialogs.dialog import Document
from bot.dialogs.export import MINUTES_BETWEEN
from bot.errors import BotError
from bot.export.archive import KIND, file_name, write_archive
from bot.export.enclosure import Enclosure
from bot.logs import where
from prompts.catalog import Catalog, Say
from storage.exporting.exports import Exports
from storage.outbox import OutboxRow

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

log = logging.getLogger(__name__)

LARGEST: Final = 50_000_000
"""Bytes. What a Telegram bot may send, and what a worker holds in memory for one person."""

MOST_TRIES: Final = 4
"""A platform that puts a file off more often than this will not take it."""


class TooLargeError(BotError):
    """The export is larger than what a conversation can carry."""


class Exporter:
    """One export at a time in a process, so that exports cannot crowd out turns. `locale` is for
    what must be said before anybody knows the person's own."""

    def __init__(self, exports: Exports, catalog: Catalog, *, locale: str) -> None:
        self._exports = exports
        self._catalog = catalog
        self._locale = locale
        self._one_at_a_time = asyncio.Semaphore(1)

    async def enclose(self, row: OutboxRow, document: str) -> Enclosure:
        """The file for an outbox row, or what to say instead. Never raises."""
        locale = self._locale
        try:
            Document(document)
            locale = (await self._exports.owner(row.user_id)).locale
            if row.attempts > MOST_TRIES:
                return self._words("export-not-taken", locale)
            lately = dict(await self._exports.lately(row.user_id, MINUTES_BETWEEN * 60))
            before = lately.pop(row.id, None)  # a platform asked to be given it later
            if lately:
                wait = _minutes_to_wait(max(lately.values()))
                return self._words("export-too-soon", locale, minutes=wait)
            async with self._one_at_a_time:
                file = await self._file(row, recorded=before is not None)
        except TooLargeError:
            return self._words("export-too-large", locale)
        except Exception as exc:  # noqa: BLE001 - whatever it was, the person must hear of it
            log.error("An export failed at %s; the person was told.", where(exc))
            return self._words("export-failed", locale)
        return Enclosure(file=file, otherwise=self._words("export-not-taken", locale).otherwise)

    async def _file(self, row: OutboxRow, *, recorded: bool) -> File:
        out = _Bounded()
        async with self._exports.of(row.user_id) as export:
            archived = await write_archive(export, out, self._catalog)
        if not recorded:  # before it is handed over: nothing leaves without a trace
            await self._exports.record(
                row.user_id, archived.counts, actor_id=row.user_id, sent_with=row.id
            )
        return File(name=file_name(export), kind=KIND, content=out.getvalue())

    def _words(self, key: str, locale: str, **args: int) -> Enclosure:
        return Enclosure(file=None, otherwise=self._catalog.render(Say(key, args), locale))


class _Bounded(io.BytesIO):
    def write(self, data: ReadableBuffer) -> int:
        if self.tell() + memoryview(data).nbytes > LARGEST:
            raise TooLargeError
        return super().write(data)


def _minutes_to_wait(last: datetime) -> int:
    gone = (datetime.now(UTC) - last).total_seconds() // 60
    return max(1, MINUTES_BETWEEN - int(gone))
