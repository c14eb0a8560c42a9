"""What somebody logged so far: moods as a small chart with the same in words, scores, journal."""

from __future__ import annotations

from typing import ClassVar, Final

from bot.dialogs.dialog import Outcome, Reply, Turn
from bot.dialogs.question import ask, offers, say
from bot.dialogs.result import TOTAL, local, number
from bot.instruments.errors import UnknownInstrumentError
from bot.instruments.instrument import Instruments
from bot.instruments.words import band_key
from prompts.catalog import Say
from storage.facts import Need, ScoreFact

MOODS_SHOWN: Final = 14
SCORES_SHOWN: Final = 6
BARS: Final = "▁▂▃▄▅▆▇█"
HIGHEST_MOOD: Final = 10
FACTS_LIMIT: Final = 30


class History:
    name: ClassVar[str] = "history"
    commands: ClassVar[tuple[str, ...]] = ("/history",)
    needs: ClassVar[frozenset[Need]] = frozenset({Need.MOODS, Need.SCORES, Need.JOURNAL})

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments

    def begin(self, turn: Turn) -> Outcome:
        lines = (*_moods(turn), *self._scores(turn), *_journal(turn))
        if not lines:
            return Outcome(replies=(_empty(),))
        reply = ask(Say("history-title"), *lines, choices=offers("mood", "journal", "checkin"))
        return Outcome(replies=(reply,))

    def resume(self, turn: Turn) -> Outcome:
        return self.begin(turn)

    def again(self, turn: Turn) -> Outcome:
        return self.begin(turn)

    def _scores(self, turn: Turn) -> tuple[Say, ...]:
        totals = [fact for fact in turn.facts.scores if fact.score_type == TOTAL][:SCORES_SHOWN]
        lines = tuple(line for fact in totals if (line := self._score(turn, fact)) is not None)
        return (Say("history-scores"), *lines) if lines else ()

    def _score(self, turn: Turn, fact: ScoreFact) -> Say | None:
        """A form that this deployment no longer knows is left out."""
        try:
            form = self._instruments.form(fact.form_id)
        except UnknownInstrumentError:
            return None
        args = {
            "name": form.abbreviation,
            "score": number(fact.value),
            "highest": number(form.score(TOTAL).high),
            "date": local(fact.at, turn.person.timezone),
        }
        if fact.band is None:
            return Say("history-score", args)
        return Say("history-score-band", {**args, "band": Say(band_key(form, TOTAL, fact.band))})


def _empty() -> Reply:
    return ask(Say("history-empty"), choices=offers("mood", "journal", "checkin"))


def _moods(turn: Turn) -> tuple[Say, ...]:
    """Oldest to newest, as bars and as numbers, so that it can be heard as well as seen."""
    moods = tuple(reversed(turn.facts.moods[:MOODS_SHOWN]))
    if not moods:
        return ()
    scores = [mood.score for mood in moods]
    zone = turn.person.timezone
    chart = say(
        "history-moods",
        count=len(scores),
        bars="".join(_bar(score) for score in scores),
        scores=", ".join(map(str, scores)),
    )
    words = say(
        "history-mood-range",
        count=len(scores),
        lowest=min(scores),
        highest=max(scores),
        first=local(moods[0].at, zone),
        last=local(moods[-1].at, zone),
    )
    return (chart, words)


def _bar(score: int) -> str:
    return BARS[(score - 1) * len(BARS) // HIGHEST_MOOD]


def _journal(turn: Turn) -> tuple[Say, ...]:
    """How many entries; the facts hold only the newest, so `many` says there may be more."""
    entries = turn.facts.journal
    if not entries:
        return ()
    return (
        say(
            "history-journal",
            count=len(entries),
            many="yes" if len(entries) >= FACTS_LIMIT else "no",
            last=local(entries[0].at, turn.person.timezone),
        ),
    )
