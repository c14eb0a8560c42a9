"""The forms that ship with the project, their rows, and the words about their results."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from bot.instruments.digest import digest
from bot.instruments.errors import UnknownInstrumentError
from bot.instruments.instrument import Form, form_id, instrument_id, load_instruments
from bot.instruments.seeding import seeds
from bot.instruments.words import keys, unworded
from prompts.catalog import Catalog
from safety.text import Domain, Severity
from tests.unit.bot.instruments.forms import GAD7, PHQ9, invented, write

INSTRUMENTS = load_instruments()
FORMS = [form for instrument in INSTRUMENTS for form in instrument.forms]

FINGERPRINTS = {
    "gad7.v1": "0ae8d6f1f0432d420c706b020fba1e431f2dfd4a5cf30954f5a47abbc2dfbc4e",
    "phq9.v1": "718595bcc876307acf09a0f45f28cec75dad85eb6301546b54a8b735241db730",
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.instrument}.v{form.version}")
def test_a_shipped_form_is_never_changed_only_followed_by_a_new_version(form: Form) -> None:
    """Answers were given to these words. Write `<instrument>.v<next>.yaml` instead, and add its
    fingerprint here."""
    assert digest(form) == FINGERPRINTS[f"{form.instrument}.v{form.version}"]


def test_no_shipped_form_is_withdrawn() -> None:
    assert {f"{form.instrument}.v{form.version}" for form in FORMS} == set(FINGERPRINTS)


def test_ids_are_the_same_on_every_machine() -> None:
    assert form_id("phq9", 1) == UUID("1acd9274-440a-5285-a457-aefce627dc10")
    assert PHQ9.id == form_id("phq9", 1)
    assert len({form_id("phq9", 1), form_id("phq9", 2), instrument_id("phq9")}) == 3


def test_phq9_is_the_published_form() -> None:
    assert len(PHQ9.scored) == 9
    assert [item.key for item in PHQ9.extra] == ["q10"]
    assert {item.options for item in PHQ9.scored} == {PHQ9.items[0].options}
    assert [(option.value, option.label) for option in PHQ9.items[0].options] == [
        (0, "Not at all"),
        (1, "Several days"),
        (2, "More than half the days"),
        (3, "Nearly every day"),
    ]
    assert PHQ9.item("q9").text == (
        "Thoughts that you would be better off dead or of hurting yourself in some way"
    )


def test_gad7_is_the_published_form() -> None:
    assert len(GAD7.items) == 7
    assert GAD7.extra == ()
    assert GAD7.items[0].options[0].label == "Not at all"


def test_item_nine_is_a_crisis_at_once_and_calls_for_humans() -> None:
    rule = PHQ9.crisis_at("q9", 1)
    assert rule is not None
    assert rule.risk.calls_for_humans
    assert (rule.risk.severity, rule.risk.domain) == (Severity.HIGH, Domain.SUICIDE)
    assert PHQ9.crisis_at("q9", 0) is None
    assert PHQ9.crisis_at("q9", None) is None
    assert PHQ9.crisis_at("q8", 3) is None


def test_an_instrument_is_found_by_its_id_and_a_form_by_its_row() -> None:
    assert INSTRUMENTS.by_id("gad7").current is INSTRUMENTS.form(form_id("gad7", 1))
    assert [instrument.id for instrument in INSTRUMENTS] == ["gad7", "phq9"]
    assert "phq9" in INSTRUMENTS
    with pytest.raises(UnknownInstrumentError, match=r"'phq-9'\. Known are: gad7, phq9\."):
        INSTRUMENTS.by_id("phq-9")
    with pytest.raises(UnknownInstrumentError):
        INSTRUMENTS.form(form_id("gad7", 2))


def test_a_new_version_is_current_and_the_old_one_is_still_found(tmp_path: Path) -> None:
    for version in (10, 2, 1):
        write(tmp_path, invented(version=version), f"teapot.v{version}.yaml")
    instruments = load_instruments(tmp_path)
    assert instruments.by_id("teapot").current.version == 10
    assert instruments.form(form_id("teapot", 2)).version == 2


def test_every_result_has_words_in_the_catalogue() -> None:
    catalog = Catalog.load()
    assert [unworded(form, catalog) for form in FORMS] == [[] for _ in FORMS]
    assert "meaning-phq9-moderately_severe" in set(keys(PHQ9))


@pytest.mark.parametrize("language", Catalog.load().languages())
def test_no_result_is_told_as_a_diagnosis(language: str) -> None:
    from prompts.catalog import Say

    catalog = Catalog.load()
    told = " ".join(catalog.render(Say(key), language) for form in FORMS for key in keys(form))
    for word in ("depression", "depresión", "disorder", "trastorno", "diagnos", "suffer"):
        assert word not in told.casefold()


def test_rows_keep_the_order_the_wording_and_the_rules() -> None:
    gad7, phq9 = seeds(INSTRUMENTS)
    assert (gad7.name, phq9.name) == ("gad7", "phq9")
    form = phq9.forms[0]
    assert (form.id, form.version, form.instructions) == (PHQ9.id, 1, PHQ9.stem)
    assert [item.order_index for item in form.items] == list(range(1, 11))
    assert [item.question_text for item in form.items] == [item.text for item in PHQ9.items]
    assert [item.is_required for item in form.items] == [True] * 9 + [False]
    assert len({item.id for item in (*gad7.forms[0].items, *form.items)}) == 17
    rules = form.items[8].validation_rules
    assert rules is not None
    assert rules["crisis"] == ["q9 > 0"]
    assert rules["scores"] == ["total"]
