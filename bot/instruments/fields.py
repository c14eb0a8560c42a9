"""Reads the fields of a form file: each by name and kind, none left unread, none given twice.

What is wrong is named by file and field (`phq9.v1.yaml: items[3].text is missing.`), so that
whoever writes a form finds the line.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar, cast

import yaml

from bot.instruments.errors import FormFileError

Value = TypeVar("Value")
_REQUIRED: Final = object()
_A_TEXT: Final = "must be a text; put quotes around it."


class Fields:
    """One mapping of the file, at a path such as `items[3]` (empty for the whole file)."""

    def __init__(self, raw: object, file: str, path: str = "") -> None:
        self._file = file
        self._path = path
        self._children: list[Fields] = []
        if not isinstance(raw, dict):
            raise self.wrong("", "must be a mapping of fields.")
        self._raw = raw
        self._unread = set(raw)

    def wrong(self, name: str, what: str) -> FormFileError:
        """The error to raise about a field."""
        return FormFileError(self._file, f"{self._at(name) or 'the file'} {what}")

    def text(self, name: str) -> str:
        return cast(str, self._read(name, str, _A_TEXT))

    def maybe_text(self, name: str) -> str | None:
        return cast("str | None", self._read(name, str, _A_TEXT, None))

    def integer(self, name: str, default: object = _REQUIRED) -> int:
        return cast(int, self._read(name, int, "must be a whole number.", default))

    def maybe_integer(self, name: str) -> int | None:
        return cast("int | None", self._read(name, int, "must be a whole number.", None))

    def flag(self, name: str, default: bool) -> bool:
        return cast(bool, self._read(name, bool, "must be true or false.", default))

    def number(self, name: str) -> Decimal:
        return self._decimal(name, self._take(name))

    def span(self, name: str) -> tuple[Decimal, Decimal]:
        """Two numbers, the lowest and the highest."""
        ends = [self._decimal(name, end) for end in self._list(name)]
        if len(ends) != 2 or ends[0] > ends[1]:
            raise self.wrong(name, "must be two numbers, [lowest, highest].")
        return ends[0], ends[1]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when the field is not there."""
        values = self._list(name, [])
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(name, "must be a list of texts; put quotes around them.")
        return tuple(cast(list[str], values))

    def parsed(self, name: str, parse: Callable[[str], Value], expected: str) -> Value:
        """A text that `parse` understands; it raises ValueError or KeyError when it does not."""
        return self._parse(name, self.text(name), parse, expected)

    def maybe_parsed(self, name: str, parse: Callable[[str], Value], expected: str) -> Value | None:
        text = self.maybe_text(name)
        return None if text is None else self._parse(name, text, parse, expected)

    def each_parsed(
        self, name: str, parse: Callable[[str], Value], expected: str
    ) -> tuple[Value, ...]:
        """A list of texts, each of which `parse` understands."""
        texts = enumerate(self.texts(name))
        return tuple(self._parse(f"{name}[{i}]", text, parse, expected) for i, text in texts)

    def one(self, name: str) -> Fields:
        """A nested mapping."""
        return self._child(self._take(name), name)

    def many(self, name: str, *, required: bool = False) -> tuple[Fields, ...]:
        """A list of nested mappings; without `required` it may be empty or missing."""
        values = self._list(name, _REQUIRED if required else [])
        if required and not values:
            raise self.wrong(name, "must not be empty.")
        return tuple(self._child(value, f"{name}[{i}]") for i, value in enumerate(values))

    def names(self) -> tuple[str, ...]:
        """The fields' names, where the author of the form chooses them."""
        return tuple(str(name) for name in self._raw)

    def refuse_unread(self) -> None:
        """Call when all has been read: a field that nobody asked for is a mistake."""
        if self._unread:
            raise self.wrong(min(map(str, self._unread)), "is not a field of a form.")
        for child in self._children:
            child.refuse_unread()

    def _at(self, name: str) -> str:
        return ".".join(part for part in (self._path, name) if part)

    def _child(self, raw: object, name: str) -> Fields:
        child = Fields(raw, self._file, self._at(name))
        self._children.append(child)
        return child

    def _take(self, name: str, default: object = _REQUIRED) -> object:
        self._unread.discard(name)
        value = self._raw.get(name)
        if value is not None:
            return value
        if default is _REQUIRED:
            raise self.wrong(name, "is missing.")
        return default

    def _read(self, name: str, kind: type, what: str, default: object = _REQUIRED) -> object:
        value = self._take(name, default)
        # `type`, not isinstance: in Python true is an int, and here it is a mistake.
        if value is not default and type(value) is not kind:
            raise self.wrong(name, what)
        return value

    def _list(self, name: str, default: object = _REQUIRED) -> list[object]:
        value = self._take(name, default)
        if not isinstance(value, list):
            raise self.wrong(name, "must be a list.")
        return value

    def _decimal(self, name: str, value: object) -> Decimal:
        number = Decimal(str(value)) if type(value) in (int, float) else None
        if number is None or not number.is_finite():
            raise self.wrong(name, "must be a number.")
        return number

    def _parse(self, name: str, text: str, parse: Callable[[str], Value], expected: str) -> Value:
        try:
            return parse(text)
        except (ValueError, KeyError):
            raise self.wrong(name, f"must be {expected}, not {text!r}.") from None


def read_yaml(path: Path) -> Fields:
    """The fields of a YAML file."""
    try:
        raw = yaml.load(path.read_bytes(), _StrictLoader)  # noqa: S506 - the safe loader, below
    except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        what = " ".join(str(error).split())
        raise FormFileError(path.name, f"the file cannot be read: {what}") from error
    return Fields(raw, path.name)


class _StrictLoader(yaml.CSafeLoader):
    """YAML's safe subset. A key given twice is an error, where YAML lets the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        names = [key.value for key, _ in node.value]
        for index, name in enumerate(names):
            if name in names[:index]:
                mark = node.value[index][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", mark)
        return super().construct_mapping(node, deep=deep)
