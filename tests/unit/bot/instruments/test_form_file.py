"""A form file that is wrong is refused, by file and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.instruments.errors import FormFileError
from bot.instruments.form_file import read_folder, read_form
from tests.unit.bot.instruments.forms import INVENTED, form, invented, total, write

ITEMS = INVENTED["items"]
BAND = {"name": "all", "range": [0, 6]}


def refusal(folder: Path, **changes: Any) -> str:
    with pytest.raises(FormFileError) as refused:
        form(folder, **changes)
    return str(refused.value)


def test_the_invented_form_is_sound(tmp_path: Path) -> None:
    assert form(tmp_path).scored[1].text == "the lid"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"colour": "blue"}, "colour is not a field of a form."),
        ({"name": None}, "name is missing."),
        ({"name": True}, "name must be a text; put quotes around it."),
        ({"version": "1"}, "version must be a whole number."),
        ({"version": True}, "version must be a whole number."),
        ({"version": 0}, "version must be 1 or more."),
        ({"instrument": "Tea-pot"}, "instrument must be lower case letters and digits."),
        ({"items": []}, "items must not be empty."),
        ({"items": {"q1": "x"}}, "items must be a list."),
        ({"items": [{**ITEMS[0], "txet": ""}]}, "items[0].txet is not a field of a form."),
        ({"items": [ITEMS[0], {"key": "q2"}]}, "items[1].text is missing."),
        ({"items": [{**ITEMS[0], "options": "heat"}]}, "items[0].options must be one of"),
        ({"items": [*ITEMS, ITEMS[0]]}, "items: the key 'q1' stands 2 times."),
        ({"items": [{**ITEMS[0], "key": "Q 1"}]}, "items: the key 'Q 1' must be"),
        ({"items": [{**ITEMS[0], "scored": False}, *ITEMS[1:]]}, "those that are not scored last"),
        ({"items": [{**ITEMS[0], "show_if": "total > 1"}]}, "so it must not have show_if"),
        (
            {"items": [{**ITEMS[0], "show_if": "total is 1"}]},
            "items[0].show_if must be a comparison",
        ),
        ({"items": [{**ITEMS[0], "loinc": "44250-8"}, *ITEMS[1:]]}, "44250-8 is not a LOINC code"),
        ({"loinc": "none"}, "none is not a LOINC code"),
        ({"scores": []}, "scores must have one of type total."),
        ({"scores": [total(), total()]}, "scores: the type 'total' stands 2 times."),
        ({"scores": [total(items=["q9"])]}, "name q9, which is not a scored item."),
        ({"scores": [total(range=[0, 7])]}, "is not what its answers reach, 0 to 6."),
        ({"scores": [total(range=[6, 0])]}, "scores[0].range must be two numbers"),
        ({"scores": [total(range=[0, "6"])]}, "scores[0].range must be a number."),
        ({"scores": [total(range=[0, float("nan")])]}, "scores[0].range must be a number."),
        ({"scores": [total(method="vibes")]}, "scores[0].method must be one of"),
        ({"scores": [total(direction="up")]}, "scores[0].direction must be one of"),
        ({"flags": [{"name": "f", "verified": "V2"}]}, "has neither `when` nor `counts`"),
        (
            {"flags": [{"name": "f", "verified": "V3", "when": "total > 1"}]},
            "flags[0].verified must",
        ),
        ({"flags": [{"name": "f", "verified": "M", "when": "q9 > 1"}]}, "names q9, which is no"),
        ({"licence": {**INVENTED["licence"], "class": "E"}}, "licence.class must be A, B, C or D"),
        ({"verification": {"wording": "sure"}}, "verification.wording must be V2"),
        ({"notes": [1]}, "notes must be a list of texts"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_field(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    message = refusal(tmp_path, **changes)
    assert message.startswith("teapot.v1.yaml: ")
    assert says in message


@pytest.mark.parametrize(
    ("bands", "says"),
    [
        ([[0, 2], [4, 6]], "leave a gap between b0 and b1"),
        ([[0, 3], [3, 6]], "overlap or are out of order at b0 and b1"),
        ([[3, 6], [0, 2]], "do not cover the range"),
        ([[1, 3], [4, 6]], "do not cover the range, 0 to 6"),
        ([[0, 3], [4, 7]], "do not cover the range, 0 to 6"),
    ],
)
def test_bands_have_no_gaps_and_no_overlaps(
    tmp_path: Path, bands: list[list[int]], says: str
) -> None:
    named = [{"name": f"b{place}", "range": span} for place, span in enumerate(bands)]
    assert says in refusal(tmp_path, scores=[total(bands=named)])


def test_bands_may_leave_out_what_no_answers_come_to(tmp_path: Path) -> None:
    """A doubled score is even, so bands that end at 5 and begin at 6 leave nothing out."""
    bands = [{"name": "low", "range": [0, 5]}, {"name": "high", "range": [6, 12]}]
    sound = form(tmp_path, scores=[total(multiply=2, range=[0, 12], bands=bands)])
    assert len(sound.score("total").bands) == 2
    bands[1]["range"] = [7, 12]
    assert "leave a gap" in refusal(
        tmp_path, scores=[total(multiply=2, range=[0, 12], bands=bands)]
    )


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"when": "q7 > 0"}, "names q7, which is not an item"),
        ({"severity": "dire"}, "crisis[0].severity must be low, medium, high or critical"),
        ({"domain": "weather"}, "crisis[0].domain must be one of"),
    ],
)
def test_a_crisis_rule_names_an_item_a_severity_and_a_domain(
    tmp_path: Path, rule: dict[str, str], says: str
) -> None:
    sound = {"when": "q1 > 0", "severity": "high", "domain": "suicide", "reason": "r"}
    assert says in refusal(tmp_path, crisis=[{**sound, "verified": "V2", **rule}])


@pytest.mark.parametrize(
    ("count", "says"),
    [
        ({"of": ["total > 1"], "at_least": 1}, "counts total, which is not a scored item"),
        ({"of": ["q1 > 1"], "at_least": 2}, "counts up to 1, not 2 to 1"),
        ({"of": ["q1 > 1"], "at_least": 0}, "counts up to 1, not 0 to 1"),
        ({"of": ["q1 >"], "at_least": 1}, "flags[0].counts[0].of[0] must be a comparison"),
    ],
)
def test_a_count_counts_items_and_can_be_reached(
    tmp_path: Path, count: dict[str, Any], says: str
) -> None:
    flag = {"name": "f", "verified": "V2", "counts": [count]}
    assert says in refusal(tmp_path, flags=[flag])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([{"value": 0, "label": "Cold"}], "options of q1 must be two or more"),
        ([{"value": 0, "label": "A"}, {"value": 0, "label": "B"}], "value '0' stands 2 times"),
        ([{"value": 0, "label": "A"}, {"value": 1, "label": "a"}], "label 'a' stands 2 times"),
        ([{"value": 0, "label": False}], "options.warmth[0].label must be a text"),
        ([{"value": 0.5, "label": "A"}], "options.warmth[0].value must be a whole number"),
        ([{"value": 0, "label": "A", "loinc": "12-3"}, {"value": 6, "label": "B"}], "answer code"),
    ],
)
def test_options_differ_in_value_and_label(tmp_path: Path, options: list[Any], says: str) -> None:
    assert says in refusal(tmp_path, options={"warmth": options}, scores=[total(range=[0, 18])])


def test_a_field_given_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, INVENTED)
    path.write_text(path.read_text(encoding="utf-8") + "name: Another\n", encoding="utf-8")
    with pytest.raises(FormFileError, match=r"teapot\.v1\.yaml: .*'name' stands twice.*line"):
        read_form(path)


@pytest.mark.parametrize("content", [b"items: [", b"\xff\xfe\x00", b"just words", b""])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "teapot.v1.yaml"
    path.write_bytes(content)
    with pytest.raises(FormFileError, match=r"^teapot\.v1\.yaml: the file"):
        read_form(path)


def test_a_file_is_named_after_what_it_holds(tmp_path: Path) -> None:
    path = write(tmp_path, invented(version=2))
    with pytest.raises(FormFileError, match=r"must be named teapot\.v2\.yaml"):
        read_form(path)


def test_a_folder_without_forms_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormFileError, match="there is no form here"):
        read_folder(tmp_path)
