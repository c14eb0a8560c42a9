"""Whether a reply tells of somebody: what the masker would mask, but for what is everybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, Protocol

from safety.pii.lexicon import word_list
from safety.resources import helplines, regions
from safety.text import Entity, EntityType

_NAMES: Final = frozenset({EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANIZATION})


class Masked(Protocol):
    @property
    def entities(self) -> Iterable[Entity]: ...


class Masks(Protocol):
    """What finds personal data: a Masker. It lets helplines pass."""

    def mask(self, written: str) -> Masked: ...


def tells_of_somebody(reply: str, masker: Masks, said: Iterable[str], *, in_english: bool) -> bool:
    """`said` are the person's own masked turns: what stands there openly is nobody's data."""
    openly = " ".join(said).casefold()
    found = (entity for entity in masker.mask(reply).entities)
    return any(
        not _is_everybodys(reply[entity.start : entity.end].casefold(), entity.type, openly)
        and (in_english or _is_believed(reply, entity))
        for entity in found
    )


def _is_everybodys(value: str, kind: EntityType, openly: str) -> bool:
    if kind not in _NAMES:
        return False
    name = value.removeprefix("the ").strip()
    return name in openly or name in word_list("countries") or name in _services() | _medicines()


def _is_believed(reply: str, entity: Entity) -> bool:
    """The names are found by a model of English, to which any noun of German is one. In other
    languages a name is believed when it has two words, and one of them is known as a name."""
    if entity.type not in _NAMES:
        return True
    words = reply[entity.start : entity.end].casefold().split()
    known = word_list("given_names") | word_list("surnames")
    return len(words) > 1 and not known.isdisjoint(words)


@cache
def _services() -> frozenset[str]:
    """The names of the helplines we know, whole and word by word from the left."""
    return frozenset(part for name in _service_names() for part in _beginnings(name))


@cache
def _medicines() -> frozenset[str]:
    return frozenset(part for name in word_list("medicines") for part in _beginnings(name))


def _service_names() -> Iterator[str]:
    for code in (*regions(), "international"):
        region = helplines(code)
        yield region.name
        yield from (line.name for line in region.lines)


def _beginnings(name: str) -> Iterator[str]:
    """`Samaritans of Singapore`: `samaritans` and `samaritans of` name it too."""
    words = name.casefold().removeprefix("the ").split()
    for length in range(1, len(words) + 1):
        yield " ".join(words[:length]).strip(",;:()")
