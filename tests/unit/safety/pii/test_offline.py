"""Masking never reaches for the network, not even to load."""

from __future__ import annotations

import pytest

from safety.errors import NetworkRefusedError
from safety.pii.language_model import LanguageModel
from safety.pii.masking import Masker


def test_loading_and_masking_ask_for_no_connection(no_network: list[object]) -> None:
    masked = Masker.load().mask("Priya: priya@mail.com, www.priya.example, 07700 900456, 10.0.0.1")

    assert masked.text == "<PERSON_1>: <EMAIL_1>, <URL_1>, <PHONE_1>, <IP_1>"
    assert no_network == []


def test_a_model_that_is_not_installed_is_refused_not_fetched() -> None:
    with pytest.raises(NetworkRefusedError, match="is not installed"):
        LanguageModel._download_spacy_model_if_needed("en_core_web_lg")
