"""The catalogue of assessments, as rows: what attempts and scores refer to.

The wording lives in versioned files outside the database; `seed` copies it here, so that a
record can be read without them. A stored form is never changed: answers were given to its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from storage.errors import CatalogueChangedError
from storage.migrate import as_owner


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemSeed:
    """A question. `options` and `validation_rules` are JSON values; `order_index` is the item's
    place on the published form, from 1."""

    id: UUID
    order_index: int
    question_type: str
    question_text: str
    options: Sequence[object] | None = None
    validation_rules: Mapping[str, object] | None = None
    is_required: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class FormSeed:
    """One version of an assessment, with its items in order."""

    id: UUID
    version: int
    title: str
    instructions: str | None
    items: tuple[ItemSeed, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessmentSeed:
    """An assessment and every version of it; `name` is unique (`phq9`)."""

    id: UUID
    name: str
    description: str | None
    category: str | None
    forms: tuple[FormSeed, ...]


def seed(admin_url: str, seeds: Iterable[AssessmentSeed]) -> None:
    """Store what is new. Repeating it changes nothing. Raises CatalogueChangedError when a
    stored form reads differently: a changed form needs a new version. Blocks."""
    with as_owner(admin_url) as connection:
        # Two workers that start at once would both insert, and one meet the other's name.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
        for assessment in seeds:
            _store_assessment(connection, assessment)
            for form in assessment.forms:
                _store_form(connection, assessment, form)


_ONE_AT_A_TIME: Final = 0x45564B53  # the key of our advisory lock, "EVKS"

_STORE_ASSESSMENT: Final = """
    INSERT INTO app.assessments AS known (id, name, description, category)
    VALUES (%(id)s, %(name)s, %(description)s, %(category)s)
    ON CONFLICT (id) DO UPDATE
    SET name = excluded.name, description = excluded.description, category = excluded.category,
        updated_at = now()
    WHERE (known.name, known.description, known.category)
      IS DISTINCT FROM (excluded.name, excluded.description, excluded.category)"""

_STORE_FORM: Final = """
    INSERT INTO app.assessment_forms (id, assessment_id, version, title, instructions)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING"""

_STORE_ITEM: Final = """
    INSERT INTO app.assessment_items
      (id, form_id, order_index, question_type, question_text,
       options, validation_rules, is_required)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING"""

_KNOWN_FORM: Final = """
    SELECT id, assessment_id, version, title, instructions
    FROM app.assessment_forms WHERE id = %s"""

_KNOWN_ITEMS: Final = """
    SELECT id, order_index, question_type, question_text, options, validation_rules, is_required
    FROM app.assessment_items WHERE form_id = %s ORDER BY order_index"""


def _store_assessment(connection: psycopg.Connection[TupleRow], seed: AssessmentSeed) -> None:
    connection.execute(
        _STORE_ASSESSMENT,
        {
            "id": seed.id,
            "name": seed.name,
            "description": seed.description,
            "category": seed.category,
        },
    )


def _store_form(
    connection: psycopg.Connection[TupleRow], assessment: AssessmentSeed, form: FormSeed
) -> None:
    head = (form.id, assessment.id, form.version, form.title, form.instructions)
    items = [_item_row(item) for item in form.items]
    stored = connection.execute(_KNOWN_FORM, (form.id,)).fetchone()
    if stored is None:
        connection.execute(_STORE_FORM, head)
        for item in items:
            connection.execute(_STORE_ITEM, (item[0], form.id, *map(_as_parameter, item[1:])))
        stored = connection.execute(_KNOWN_FORM, (form.id,)).fetchone()
    stored_items = connection.execute(_KNOWN_ITEMS, (form.id,)).fetchall()
    if stored != head or stored_items != items:
        raise CatalogueChangedError(assessment.name, form.version)


def _item_row(item: ItemSeed) -> tuple[object, ...]:
    """As PostgreSQL gives it back: JSON values, not what they were made of."""
    return (
        item.id,
        item.order_index,
        item.question_type,
        item.question_text,
        _as_json(item.options),
        _as_json(item.validation_rules),
        item.is_required,
    )


def _as_json(value: object) -> object:
    return json.loads(json.dumps(value))


def _as_parameter(value: object) -> object:
    return Jsonb(value) if isinstance(value, (list, dict)) else value
