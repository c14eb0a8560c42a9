"""Seeding the catalogue of assessments."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid5

import psycopg
import pytest

from storage.catalogue import AssessmentSeed, FormSeed, ItemSeed, seed
from storage.errors import CatalogueChangedError

NAMES = UUID("0f0f0f0f-0000-5000-8000-000000000000")


def item(number: int, text: str = "How often?") -> ItemSeed:
    return ItemSeed(
        id=uuid5(NAMES, f"item {number} {text}"),
        order_index=number,
        question_type="choice",
        question_text=text,
        options=[{"value": 0, "label": "never"}, {"value": 1, "label": "often"}],
        validation_rules={"reverse": False},
    )


def form(version: int = 1, *items: ItemSeed) -> FormSeed:
    return FormSeed(
        id=uuid5(NAMES, f"form {version}"),
        version=version,
        title="A test",
        instructions="Over the last two weeks",
        items=items or (item(1), item(2)),
    )


def assessment(*forms: FormSeed) -> AssessmentSeed:
    return AssessmentSeed(
        id=uuid5(NAMES, "t1"),
        name="t1",
        description="Made up",
        category="mood",
        forms=forms or (form(),),
    )


def rows(admin_url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(admin_url) as connection:
        return connection.execute(
            "SELECT a.name, a.description, f.version, i.order_index, i.question_text,"
            " i.options -> 1 ->> 'label', i.is_required FROM app.assessments a"
            " JOIN app.assessment_forms f ON f.assessment_id = a.id"
            " JOIN app.assessment_items i ON i.form_id = f.id ORDER BY 3, 4"
        ).fetchall()


def test_seeding_again_changes_nothing(admin_url: str) -> None:
    seed(admin_url, [assessment()])
    first = rows(admin_url)
    assert first == [
        ("t1", "Made up", 1, 1, "How often?", "often", True),
        ("t1", "Made up", 1, 2, "How often?", "often", True),
    ]
    seed(admin_url, [assessment()])
    assert rows(admin_url) == first


def test_a_new_version_stands_beside_the_old_one(admin_url: str) -> None:
    seed(admin_url, [assessment()])
    newer = form(2, item(1, "How often now?"))
    seed(admin_url, [assessment(form(), newer)])
    assert [row[2] for row in rows(admin_url)] == [1, 1, 2]


@pytest.mark.parametrize(
    "changed",
    [
        replace(form(), title="Another title"),
        replace(form(), instructions=None),
        replace(form(), items=(item(1),)),
        replace(form(), items=(item(1), replace(item(2), question_text="How very often?"))),
        replace(form(), items=(item(1), replace(item(2), options=None))),
        replace(form(), items=(item(1), replace(item(2), is_required=False))),
        replace(form(), items=(item(1), item(2), item(3))),
    ],
)
def test_a_form_that_people_answered_is_not_changed(admin_url: str, changed: FormSeed) -> None:
    seed(admin_url, [assessment()])
    before = rows(admin_url)
    with pytest.raises(CatalogueChangedError, match="Version 1 of t1"):
        seed(admin_url, [replace(assessment(changed), description="Changed as well")])
    assert rows(admin_url) == before


def test_what_is_said_about_an_assessment_may_change(admin_url: str) -> None:
    seed(admin_url, [assessment()])
    seed(admin_url, [replace(assessment(), description="Said better")])
    assert {row[1] for row in rows(admin_url)} == {"Said better"}


def test_workers_that_seed_at_once_agree(admin_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: seed(admin_url, [assessment()]), range(4)))
    assert len(rows(admin_url)) == 2
