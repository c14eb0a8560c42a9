"""Asks an instrument's items one by one, to the letter, and shows what the answers come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from bot.dialogs.attempt import RESULT, Attempt
from bot.dialogs.dialog import Choice, Outcome, Reply, Turn, Verbatim
from bot.dialogs.question import (
    CONTINUE,
    NO,
    PAUSE,
    PAUSE_WORDS,
    YES,
    answer,
    ask,
    choice,
    plain,
    say,
    yes_no,
)
from bot.dialogs.result import result_reply
from bot.dialogs.typed_option import meant, same_words
from bot.instruments.instrument import Form, Instruments, Option
from bot.instruments.words import about_key, title_key
from prompts.catalog import Say
from storage.facts import Need
from storage.records import AttemptBegun, Record

BACK: Final = "back"
SKIP: Final = "skip"
SHOW_ALL: Final = "all"
CHOOSE: Final = "choose"

BATTERIES: Final[Mapping[str, tuple[str, ...]]] = {
    "/phq9": ("phq9",),
    "/gad7": ("gad7",),
    "/checkin": ("phq9", "gad7"),
}

_TYPED: Final[Mapping[str, frozenset[str]]] = {
    BACK: frozenset({"back", "go back", "previous", "atras", "volver", "anterior"}),
    SKIP: frozenset({"skip", "pass", "saltar", "omitir", "paso"}),
    "pause": PAUSE_WORDS,
    "stop": frozenset({"stop", "quit", "exit", "cancel", "end", "parar", "salir", "cancelar"}),
}


class Assessment:
    name: ClassVar[str] = "assessment"
    commands: ClassVar[tuple[str, ...]] = (*BATTERIES, "/assess")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.SCORES})

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments

    def begin(self, turn: Turn) -> Outcome:
        battery = BATTERIES.get(turn.command or "", ())
        return self._start(turn, battery) if battery else self._chosen(turn)

    def resume(self, turn: Turn) -> Outcome:
        if "attempt" not in turn.state:
            return self._chosen(turn)
        attempt = Attempt.read(turn.state, self._instruments)
        if attempt.at == RESULT:
            return self._result_asked(turn, attempt)
        return self._answered(turn, attempt)

    def again(self, turn: Turn) -> Outcome:
        if "attempt" not in turn.state:
            return self._choose()
        attempt = Attempt.read(turn.state, self._instruments)
        if attempt.at == RESULT:
            return _goes_on(attempt, yes_no(Say("assessment-see-result")))
        return _goes_on(attempt, _question(attempt, Say("assessment-where-we-were")))

    def _choose(self, *before: Say) -> Outcome:
        forms = [instrument.current for instrument in self._instruments]
        buttons = tuple(choice(form.instrument, title_key(form)) for form in forms)
        reply = ask(*before, Say("assessment-which"), choices=buttons)
        return Outcome(replies=(reply,), state={"step": CHOOSE})

    def _chosen(self, turn: Turn) -> Outcome:
        """From a button, or from words such as `PHQ 9`."""
        typed = plain(turn.said.masked).replace(" ", "") if turn.said else ""
        instrument = turn.pressed or typed
        if instrument in self._instruments:
            return self._start(turn, (instrument,))
        return self._choose(*((Say("assessment-unknown"),) if instrument else ()))

    def _start(self, turn: Turn, battery: tuple[str, ...], *before: Reply) -> Outcome:
        form = self._instruments.by_id(battery[0]).current
        attempt = Attempt.new(turn.id, form, battery[1:])
        return Outcome(
            replies=(*before, _intro(form, turn.person.locale), _question(attempt)),
            state=attempt.state,
            records=(AttemptBegun(id=attempt.id, form_id=form.id, at=turn.now),),
        )

    def _answered(self, turn: Turn, attempt: Attempt) -> Outcome:
        """What was pressed or typed at an open item."""
        pressed = answer(turn, _TYPED)
        match pressed:
            case "back":
                return _goes_on(attempt.back(), _question(attempt.back(), edits=True))
            case "skip" if not attempt.item.required:
                return self._taken(turn, attempt, None)
            case "pause":
                return Outcome(
                    replies=(Reply(lines=(Say("paused"),), choices=(CONTINUE,)),),
                    state=attempt.state,
                    paused=True,
                )
            case "stop":
                stop = Choice(label=Say("button-stop"), command="/stop")
                leave = ask(Say("assessment-stop"), choices=(CONTINUE, PAUSE, stop))
                return _goes_on(attempt, leave)
            case "all":
                plainly = replace(attempt, meant=())
                return _goes_on(plainly, _question(plainly, edits=True))
        option = _option(turn, attempt)
        return self._taken(turn, attempt, option.value) if option else _unsure(turn, attempt)

    def _taken(self, turn: Turn, attempt: Attempt, value: int | None) -> Outcome:
        """Store the answer; then a crisis at once, or the next item, or the result."""
        answered = attempt.answered(value, turn.now)
        records: tuple[Record, ...] = (answered.answers_record(),)
        if answered.at == RESULT:
            records = (*records, answered.closed_record(turn.id, turn.now))
        rule = answered.crisis(attempt.at)
        if rule is not None:
            kept = replace(answered, acted=(*answered.acted, attempt.at))
            thanks = Reply(lines=(Say("assessment-kept"),), edits=turn.pressed is not None)
            return Outcome(
                replies=(thanks,),
                state=kept.state,
                paused=True,
                records=records,
                crisis=rule.risk,
            )
        if answered.at == RESULT:
            return self._finished(turn, answered, *records)
        question = _question(answered, edits=turn.pressed is not None)
        return replace(_goes_on(answered, question), records=records)

    def _finished(self, turn: Turn, attempt: Attempt, *records: Record) -> Outcome:
        """Show the result, and go on with the next instrument of the battery."""
        result = result_reply(turn, attempt, edits=turn.pressed is not None)
        if not attempt.queue:
            return Outcome(replies=(result,), records=records)
        following = self._start(turn, attempt.queue, result)
        return replace(following, records=(*records, *following.records))

    def _result_asked(self, turn: Turn, attempt: Attempt) -> Outcome:
        """After a crisis the result waits until the person wants to see it."""
        match answer(turn):
            case "yes":
                return self._finished(turn, attempt)
            case "no":
                return Outcome(replies=(Reply(lines=(Say("assessment-result-later"),)),))
        return self.again(turn)


def _goes_on(attempt: Attempt, reply: Reply) -> Outcome:
    return Outcome(replies=(reply,), state=attempt.state)


def _intro(form: Form, locale: str) -> Reply:
    about = (Say(about_key(form)), Say("assessment-intro"))
    if form.language == locale[:2]:
        return Reply(lines=about)
    return Reply(lines=(*about, say("assessment-other-language", language=form.language)))


def _question(attempt: Attempt, *before: Say, edits: bool = False) -> Reply:
    """The stem, which holds the recall period, and the item, each time and word for word."""
    item, form = attempt.item, attempt.form
    stem = (Verbatim(form.stem),) if form.stem and item.scored else ()
    given = attempt.answers.get(item.key)
    earlier = item.option(given.value) if given and given.value is not None else None
    note = (say("assessment-answered-before", answer=earlier.label),) if earlier else ()
    lines = (*before, *stem, Verbatim(item.text), *note)
    buttons = (*_options(item.options), *_ways_out(attempt))
    return ask(*lines, choices=buttons, progress=attempt.place, edits=edits)


def _options(options: tuple[Option, ...]) -> tuple[Choice, ...]:
    return tuple(choice(str(option.value), Verbatim(option.label)) for option in options)


def _ways_out(attempt: Attempt) -> tuple[Choice, ...]:
    back = () if attempt.is_first else (choice(BACK, "button-back"),)
    skip = () if attempt.item.required else (choice(SKIP, "button-skip"),)
    return (*back, *skip, PAUSE)


def _option(turn: Turn, attempt: Attempt) -> Option | None:
    """The option that was pressed, typed out, or confirmed after `did you mean`."""
    if turn.pressed is not None:
        return next((o for o in attempt.item.options if str(o.value) == turn.pressed), None)
    if len(attempt.meant) == 1 and answer(turn) == YES:
        return attempt.item.option(attempt.meant[0])
    return same_words(attempt.item, turn.said.masked) if turn.said else None


def _unsure(turn: Turn, attempt: Attempt) -> Outcome:
    """Ask which option was meant, or kindly to choose one."""
    rejected = bool(attempt.meant) and answer(turn) == NO
    options = meant(attempt.item, turn.said.masked) if turn.said and not rejected else ()
    attempt = replace(attempt, meant=tuple(option.value for option in options))
    if not options:
        return _goes_on(attempt, _question(attempt, Say("assessment-please-choose")))
    line = say("assessment-did-you-mean", options=len(options), answer=options[0].label)
    buttons = (*_options(options), choice(SHOW_ALL, "button-show-all"))
    return _goes_on(attempt, ask(line, choices=buttons, progress=attempt.place))
