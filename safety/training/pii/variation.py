"""A labelled text in another guise: lower case, and other names in the place of names."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

from safety.pii.labelled import Labelled, Mark
from safety.pii.lexicon import word_list

_LOWERED: Final = 0.6
_ALL_CAPITALS: Final = 0.03
_NO_POINTS: Final = 0.3
_OTHER_NAME: Final = 0.5
_SPELLED_WITH: Final = {"PERSON": ("given_names", "surnames"), "LOC": ("towns",)}


@dataclass(frozen=True, slots=True)
class Variation:
    """Draws from one source of chance, so that a seed decides everything."""

    chance: random.Random

    def lowered(self, message: Labelled) -> Labelled:
        """Lower case more often than not, capitals alone now and then. Texts whose length would
        change stay as they are."""
        draw = self.chance.random()
        text = message.text
        if draw < _LOWERED:
            text = text.lower()
        elif draw > 1 - _ALL_CAPITALS:
            text = text.upper()
        return Labelled(text=text if len(text) == len(message.text) else message.text,
                        marks=message.marks)  # fmt: skip

    def unpointed(self, message: Labelled) -> Labelled:
        """Without the full stop at the end that chat leaves out."""
        text = message.text
        if text.endswith(".") and self.chance.random() < _NO_POINTS:
            inside = all(mark.end < len(text) for mark in message.marks)
            return Labelled(text=text[:-1], marks=message.marks) if inside else message
        return message

    def renamed(self, message: Labelled) -> Labelled:
        """With other names of the same kind, so that the words around a name are learnt."""
        parts: list[str] = []
        marks: list[Mark] = []
        last = length = 0
        for mark in message.marks:
            between = message.text[last : mark.start]
            name = self._other(message.text[mark.start : mark.end], mark.type)
            start = length + len(between)
            length = start + len(name)
            parts += [between, name]
            marks.append(Mark(start=start, end=length, type=mark.type))
            last = mark.end
        return Labelled(text="".join([*parts, message.text[last:]]), marks=tuple(marks))

    def _other(self, name: str, kind: str) -> str:
        if kind not in _SPELLED_WITH or self.chance.random() > _OTHER_NAME:
            return name
        return " ".join(self._other_word(word, kind) for word in name.split(" "))

    def _other_word(self, word: str, kind: str) -> str:
        """Another word of the list that holds this one; titles and the like are in none."""
        for source in _SPELLED_WITH[kind]:
            if word.casefold() in word_list(source):
                other = self.chance.choice(_ordered(source))
                return other if word.islower() else other.title()
        return word


@cache
def _ordered(name: str) -> tuple[str, ...]:
    return tuple(sorted(word_list(name)))
