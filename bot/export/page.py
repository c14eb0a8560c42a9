"""`index.html`: the export for reading. One file without scripts and without anything from
elsewhere; whatever a person wrote is shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Final

from bot.export.words import Words, stamp
from storage.exporting.exports import ExportedRow, PersonExport
from storage.exporting.tables import EXPORT_TABLES, ExportTable, Reason

_TIMES: Final = ("entry_date", "entry_timestamp", "received_at", "requested_at", "created_at")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

STYLE: Final = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
       max-width: 70rem; margin: 0 auto; padding: 1rem; }
a { color: #0b4a9e; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; border-bottom: 2px solid #5c6b7a; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding: .5rem 0; }
th, td { border: 1px solid #6b7a88; padding: .4rem .6rem; text-align: start;
         vertical-align: top; }
thead th { background: #e8edf2; }
td { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 5rem; }
tbody th { font-weight: normal; white-space: nowrap; }
dl, ul { margin: 0; padding-inline-start: 1rem; }
dt { font-weight: 600; }
dd { margin-inline-start: 1rem; }
.lost { font-style: italic; }
@media print { body { max-width: none; padding: 0; } .wide { overflow: visible; }
               tr { break-inside: avoid; } thead { display: table-header-group; } }
"""


class Page:
    """The page in pieces, in the order of its methods. `counts` are the rows of each table, `lost`
    those of which something did not open."""

    def __init__(self, words: Words, counts: Mapping[str, int], lost: int) -> None:
        self._words = words
        self._counts = counts
        self._lost = lost

    def filled(self) -> Iterator[ExportTable]:
        """The tables that get a section: those with rows."""
        return (table for table in EXPORT_TABLES if self._counts[table.name])

    def head(self, export: PersonExport) -> str:
        say = self._words.say
        title = _text(say("title"))
        made, lost = self._words.made(export.taken_at), self._words.lost(self._lost)
        lines = [made, say("clear"), *lost, say("page")]
        return (
            f'<!DOCTYPE html>\n<html lang="{_text(say("language"))}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f"<header>\n<h1>{title}</h1>\n"
            + "".join(f"<p>{_text(line)}</p>\n" for line in lines)
            + f"</header>\n{self._contents()}<main>\n"
        )

    def section_head(self, table: ExportTable) -> str:
        title = _text(self._words.table(table.name))
        caption = _text(self._words.say("rows", rows=self._counts[table.name]))
        headings = "".join(
            f'<th scope="col">{_text(self._words.column(name))}</th>' for name in _shown(table)
        )
        return (
            f'<section id="{table.name}" aria-labelledby="{table.name}-title">\n'
            f'<h2 id="{table.name}-title">{title}</h2>\n'
            f'<div class="wide" role="region" tabindex="0" aria-labelledby="{table.name}-title">\n'
            f"<table>\n<caption>{title}: {caption}</caption>\n"
            f"<thead><tr>{headings}</tr></thead>\n<tbody>\n"
        )

    def rows(self, table: ExportTable, batch: Sequence[ExportedRow]) -> bytes:
        first, *others = _shown(table)
        lines = "".join(
            f'<tr><th scope="row" dir="auto">{self._cell(row, first)}</th>'
            + "".join(f'<td dir="auto">{self._cell(row, name)}</td>' for name in others)
            + "</tr>\n"
            for row in batch
        )
        return lines.encode()

    def section_foot(self) -> str:
        return "</tbody>\n</table>\n</div>\n</section>\n"

    def foot(self) -> str:
        say = self._words.say
        reasons = "".join(f"<li>{_text(self._words.reason(reason))}</li>\n" for reason in Reason)
        return (
            f'</main>\n<footer>\n<h2 id="left-out">{_text(say("left-out"))}</h2>\n'
            f"<ul>\n{reasons}</ul>\n</footer>\n</body>\n</html>\n"
        )

    def _contents(self) -> str:
        title = _text(self._words.say("contents"))
        entries = "".join(f"<li>{self._entry(table.name)}</li>\n" for table in EXPORT_TABLES)
        last = f'<li><a href="#left-out">{_text(self._words.say("left-out"))}</a></li>\n'
        return (
            f'<nav aria-labelledby="contents">\n<h2 id="contents">{title}</h2>\n'
            f"<ul>\n{entries}{last}</ul>\n</nav>\n"
        )

    def _entry(self, name: str) -> str:
        title, count = _text(self._words.table(name)), self._counts[name]
        linked = f'<a href="#{name}">{title}</a>' if count else title
        return f"{linked}: {_text(self._words.say('rows', rows=count))}"

    def _cell(self, row: ExportedRow, name: str) -> str:
        if name in row.unreadable:
            return f'<span class="lost">{_text(self._words.say("lost"))}</span>'
        return "".join(self._value(name, row.values[name]))

    def _value(self, name: str, value: object) -> Iterator[str]:
        match value:
            case None:
                return
            case datetime():
                yield f'<time datetime="{stamp(value)}">{self._words.time(value)}</time>'
            case date():
                yield stamp(value)
            case str() | bool():
                yield _text(self._words.value(name, value))
            case dict():
                yield from self._pairs(value)
            case list():
                items = ("".join(self._value(name, each)) for each in value)
                yield from ("<ul>", *(f"<li>{item}</li>" for item in items), "</ul>")
            case _:
                yield _text(str(value))

    def _pairs(self, value: Mapping[str, object]) -> Iterator[str]:
        if not value:
            return
        yield "<dl>"
        for name, each in value.items():
            yield f"<dt>{_text(name)}</dt><dd>{''.join(self._value(name, each))}</dd>"
        yield "</dl>"


def _shown(table: ExportTable) -> list[str]:
    """The time first. Ids only link rows to each other; they are in the other files."""
    time = next(name for name in _TIMES if name in table.columns)
    others = [
        name
        for name in table.columns
        if name not in ("id", time) and (not name.endswith("_id") or name == "provider_id")
    ]
    return [time, *others]


def _text(text: str) -> str:
    return escape(_CONTROLS.sub("\ufffd", text))
