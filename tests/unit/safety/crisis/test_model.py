"""What the model makes of a message and of the turns before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safety.crisis.model import FOLDER, RiskModel
from safety.crisis.opinion import NO_OPINION
from safety.errors import SafetyConfigurationError
from safety.text import Domain, Severity

HINT = (
    "ive written the letters, theyre with the house keys. after sunday nobody has to worry about me"
)


@pytest.fixture(scope="module")
def model() -> RiskModel:
    return RiskModel.load()


def medium(model: RiskModel, words: str, *earlier: str) -> float:
    return model.read(words, earlier).at_least[Severity.MEDIUM]


def test_a_hint_without_any_keyword_is_a_risk(model: RiskModel) -> None:
    opinion = model.read(HINT)
    assert opinion.at_least[Severity.MEDIUM] > 0.5
    assert opinion.domain is Domain.SUICIDE


def test_probabilities_fall_with_severity_and_begin_with_certainty(model: RiskModel) -> None:
    at_least = model.read("i took the pills and i am scared").at_least
    assert at_least[0] == pytest.approx(1, abs=1e-5)
    assert list(at_least) == sorted(at_least, reverse=True)


def test_nothing_is_no_opinion(model: RiskModel) -> None:
    assert model.read("") == NO_OPINION


@pytest.mark.parametrize("words", ["/mood 9 a plain day", "the ferry was late", "ok thanks", "7"])
def test_turns_about_ordinary_days_make_no_risk_of_another(model: RiskModel, words: str) -> None:
    days = [f"/mood {score} a plain day" for score in (6, 7, 8)]
    assert medium(model, words, *days) == medium(model, words)
    assert medium(model, words, *days) < 0.3


def test_a_short_answer_takes_up_what_was_worrying(model: RiskModel) -> None:
    said = ("i keep thinking about ending it", "i have everything i need at home")
    assert medium(model, "yes. tonight") < medium(model, "yes. tonight", *said)


def test_one_sentence_in_a_long_page_is_not_drowned(model: RiskModel) -> None:
    page = "we went to the market and bought bread and cheese and the children ran around. " * 12
    assert medium(model, page) < 0.3
    assert medium(model, f"{page}{HINT}. {page}") > 0.5


def test_control_pieces_that_a_person_types_are_text(model: RiskModel) -> None:
    assert medium(model, "<s> slept well </s> <pad>") < 0.5


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[:1000])
    (tmp_path / "card.json").write_text(json.dumps({"temperature": 1.0}))
    with pytest.raises(SafetyConfigurationError):
        RiskModel.load(tmp_path)
