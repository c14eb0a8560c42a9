"""Numbers that prove themselves: right ones pass, one wrong digit fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from safety.pii import check_digits

PROVEN = [
    (check_digits.is_card, "4111111111111111"),
    (check_digits.is_card, "378282246310005"),
    (check_digits.is_nhs, "9434765919"),
    (check_digits.is_cpf, "52998224725"),
    (check_digits.is_personnummer, "8112189876"),
    (check_digits.passes_verhoeff, "234123412346"),
    (check_digits.is_iban, "GB29NWBK60161331926819"),
    (check_digits.is_iban, "de89 3704 0044 0532 0130 00"),
    (check_digits.is_dni, "12345678Z"),
    (check_digits.is_dni, "X1234567L"),
    (check_digits.is_insee, "1 84 12 76 451 089 46"),
    (check_digits.is_pps, "1234567FA"),
    (check_digits.passes_base58, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
]


@pytest.mark.parametrize(("check", "number"), PROVEN)
def test_a_right_number_passes(check: Callable[[str], bool], number: str) -> None:
    assert check(number)


@pytest.mark.parametrize(("check", "number"), PROVEN)
def test_one_wrong_digit_fails(check: Callable[[str], bool], number: str) -> None:
    at = next(place for place, char in enumerate(number) if char.isdigit() and place > 0)
    wrong = "3" if number[at] != "3" else "4"

    assert not check(number[:at] + wrong + number[at + 1 :])


@pytest.mark.parametrize("number", ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567"])
def test_a_social_security_number_that_was_never_given_out_fails(number: str) -> None:
    assert not check_digits.is_ssn(number.replace("-", ""))


def test_one_digit_repeated_is_no_card() -> None:
    assert not check_digits.is_card("0000000000000000")
