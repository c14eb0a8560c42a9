"""An export as a zip: for programs (`export.json`, `csv/`), for reading (`index.html`), and a
`README.txt`.

A zip takes one file after the other, so the rows are read once for each kind; the snapshot they
come from does not change meanwhile. No more than one batch of them is in memory, and they are
written nowhere but into the zip.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.export import document, sheets
from bot.export.page import Page
from bot.export.words import Words
from prompts.catalog import Catalog
from storage.exporting.exports import ExportedRow, PersonExport
from storage.exporting.tables import EXPORT_TABLES, ExportTable, Reason

KIND: Final = "application/zip"
_OWNER_ONLY: Final = 0o100600 << 16

Make: TypeAlias = Callable[[Sequence[ExportedRow]], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class Archived:
    """Rows by table, and those among them of which something did not open."""

    counts: dict[str, int]
    unreadable: dict[str, int]

    @property
    def lost(self) -> int:
        return sum(self.unreadable.values())


def file_name(export: PersonExport) -> str:
    return f"evenkeel-export-{export.taken_at:%Y-%m-%d}.zip"


async def write_archive(export: PersonExport, out: IO[bytes], catalog: Catalog) -> Archived:
    """Write the zip to `out`. What `out` raises comes through."""
    words = Words(catalog, export.owner)
    with ZipFile(out, "w") as archive:
        archive_file = partial(_file, archive, export)
        with archive_file("export.json") as file:
            archived = await _document(export, file)
        for table in EXPORT_TABLES:
            with archive_file(f"csv/{table.name}.csv") as file:
                file.write(sheets.header(table))
                await _rows(export, table, file, partial(sheets.rows, table))
        with archive_file("index.html") as file:
            await _page(export, file, Page(words, archived.counts, archived.lost))
        with archive_file("README.txt") as file:
            file.write(_readme(export, words, archived))
    return archived


async def _document(export: PersonExport, file: IO[bytes]) -> Archived:
    tally = _Tally()
    file.write(document.head(export))
    for table in EXPORT_TABLES:
        file.write(document.table_head(table, first=table is EXPORT_TABLES[0]))
        await _rows(export, table, file, partial(tally.lines, table.name))
    archived = tally.archived()
    file.write(document.foot(archived.counts, archived.unreadable))
    return archived


async def _page(export: PersonExport, file: IO[bytes], page: Page) -> None:
    file.write(page.head(export).encode())
    for table in page.filled():
        file.write(page.section_head(table).encode())
        await _rows(export, table, file, partial(page.rows, table))
        file.write(page.section_foot().encode())
    file.write(page.foot().encode())


async def _rows(export: PersonExport, table: ExportTable, file: IO[bytes], make: Make) -> None:
    """In a thread: somebody else's turn must not wait for it."""
    async with aclosing(export.rows(table)) as batches:
        async for batch in batches:
            await asyncio.to_thread(lambda: file.write(make(batch)))  # noqa: B023 - awaited here


def _readme(export: PersonExport, words: Words, archived: Archived) -> bytes:
    paragraphs = [
        words.say("title"),
        words.made(export.taken_at),
        words.say("clear"),
        *words.lost(archived.lost),
        words.say("files"),
        words.say("left-out"),
        "\n".join(f"- {words.reason(reason)}" for reason in Reason),
    ]
    return ("\n\n".join(paragraphs) + "\n").encode()


@contextmanager
def _file(archive: ZipFile, export: PersonExport, name: str) -> Iterator[IO[bytes]]:
    about = ZipInfo(name, export.taken_at.timetuple()[:6])
    about.compress_type, about.external_attr = ZIP_DEFLATED, _OWNER_ONLY
    with archive.open(about, "w", force_zip64=True) as file:
        yield file


class _Tally:
    """Counts rows while their lines are made."""

    def __init__(self) -> None:
        self._counts = Counter({table.name: 0 for table in EXPORT_TABLES})
        self._unreadable: Counter[str] = Counter()

    def lines(self, name: str, batch: Sequence[ExportedRow]) -> bytes:
        first = not self._counts[name]
        self._counts[name] += len(batch)
        self._unreadable[name] += sum(bool(row.unreadable) for row in batch)
        return document.rows(batch, first=first)

    def archived(self) -> Archived:
        unreadable = {name: rows for name, rows in self._unreadable.items() if rows}
        return Archived(counts=dict(self._counts), unreadable=unreadable)
