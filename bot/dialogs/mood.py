"""A mood from 1 to 10, with a few words if the person likes: one tap, or `/mood 7 slept well`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Final

from bot.dialogs.dialog import Choice, Outcome, Reply, Turn, Verbatim
from bot.dialogs.question import MOST_TRIES, ask, choice, offers, plain, say, tries, variant
from prompts.catalog import Say
from safety.text import ScreenedText
from storage.facts import Need
from storage.records import MoodRecorded

LOWEST, HIGHEST = 1, 10
VERY_LOW, LOW, MIDDLE = 2, 4, 6
VARIANTS: Final = 3

_WORDS: Final[Mapping[str, int]] = {
    word: score
    for words in (
        "one two three four five six seven eight nine ten",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for score, word in enumerate(words.split(), start=LOWEST)
}
_SCORE: Final = re.compile(
    r"\s*(?P<score>[0-9]{1,3}|[^\W\d_]{2,6})"
    r"(?P<rest>[.,][0-9]+)?"
    r"(?P<of>\s*(?:/|out of|of|de|sobre)\s*10(?![0-9.,/]))?"
    r"(?=$|[\s,;:.!)–—-])[\s,;:.!)–—-]*",
    re.IGNORECASE,
)


class Mood:
    name: ClassVar[str] = "mood"
    commands: ClassVar[tuple[str, ...]] = ("/mood",)
    needs: ClassVar[frozenset[Need]] = frozenset()

    def begin(self, turn: Turn) -> Outcome:
        if turn.said is None:
            return self.again(turn)
        return self.resume(turn)

    def resume(self, turn: Turn) -> Outcome:
        score, note = _heard(turn)
        if score is None:
            return _unclear(turn)
        record = MoodRecorded(id=turn.id, score=score, note=note, at=turn.now)
        return Outcome(replies=(_thanks(turn, score, noted=note is not None),), records=(record,))

    def again(self, turn: Turn) -> Outcome:
        return Outcome(replies=(_question(Say("mood-ask")),), state={"tries": 0})


def _unclear(turn: Turn) -> Outcome:
    """Nothing is stored. Ask again with an example, and not for ever."""
    tried = tries(turn.state) + 1
    if tried > MOST_TRIES:
        return Outcome(replies=(ask(Say("mood-let-go"), choices=offers("mood")),))
    return Outcome(replies=(_question(Say("mood-unclear")),), state={"tries": tried})


def _question(line: Say) -> Reply:
    scores = (str(score) for score in range(LOWEST, HIGHEST + 1))
    return ask(line, choices=tuple(choice(score, Verbatim(score)) for score in scores))


def _heard(turn: Turn) -> tuple[int | None, ScreenedText | None]:
    """The score and the note; no score when it is missing or not a whole number from 1 to 10."""
    if turn.pressed is not None:
        return _whole(turn.pressed), None
    found = _SCORE.match(turn.said.masked) if turn.said else None
    if turn.said is None or found is None or found["rest"]:
        return None, None
    note = turn.said.from_offset(found.end())
    return _whole(found["score"]), note if note.masked else None


def _whole(word: str) -> int | None:
    score = int(word) if word.isdecimal() else _WORDS.get(plain(word))
    return score if score is not None and LOWEST <= score <= HIGHEST else None


def _thanks(turn: Turn, score: int, *, noted: bool) -> Reply:
    saved = say("mood-saved", score=score, noted="yes" if noted else "no")
    words = Say(f"mood-{_range(score)}-{variant(turn, VARIANTS)}")
    return ask(saved, words, choices=_offers(score), edits=turn.pressed is not None)


def _range(score: int) -> str:
    if score <= LOW:
        return "low"
    return "middle" if score <= MIDDLE else "high"


def _offers(score: int) -> tuple[Choice, ...]:
    if score <= VERY_LOW:
        return offers("journal", "breathe")
    return offers("journal", "history")
