"""Turns instruments into the rows that attempts and scores refer to."""

from __future__ import annotations

from uuid import uuid5

from bot.instruments.instrument import Form, Instrument, Instruments, Item, instrument_id
from storage.catalogue import AssessmentSeed, FormSeed, ItemSeed


def seeds(instruments: Instruments) -> tuple[AssessmentSeed, ...]:
    """One seed an instrument, with all its forms, for `storage.catalogue.seed`."""
    return tuple(_assessment(instrument) for instrument in instruments)


def _assessment(instrument: Instrument) -> AssessmentSeed:
    current = instrument.current
    return AssessmentSeed(
        id=instrument_id(instrument.id),
        name=instrument.id,
        description=f"{current.name}: {current.construct}",
        category=current.category,
        forms=tuple(_form(form) for form in instrument.forms),
    )


def _form(form: Form) -> FormSeed:
    above = [text for text in (form.instructions, form.stem) if text is not None]
    return FormSeed(
        id=form.id,
        version=form.version,
        title=f"{form.name} ({form.abbreviation})",
        instructions="\n\n".join(above) or None,
        items=tuple(_item(form, item, place) for place, item in enumerate(form.items, start=1)),
    )


def _item(form: Form, item: Item, place: int) -> ItemSeed:
    options = [
        {"value": option.value, "label": option.label, "loinc": option.loinc}
        for option in item.options
    ]
    return ItemSeed(
        id=uuid5(form.id, item.key),
        order_index=place,
        question_type="choice",
        question_text=item.text,
        options=options,
        validation_rules=_rules(form, item),
        is_required=item.required,
    )


def _rules(form: Form, item: Item) -> dict[str, object]:
    """What reading a stored answer needs besides its wording."""
    return {
        "key": item.key,
        "scores": [score.type for score in form.scores if item.key in score.items],
        "reverse": item.reverse,
        "show_if": None if item.show_if is None else str(item.show_if),
        "crisis": [str(rule.when) for rule in form.crisis if rule.when.subject == item.key],
        "loinc": item.loinc,
    }
