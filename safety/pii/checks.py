"""Checks that a value must pass to be what its form suggests. Each is given the match; its group
`v` is the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

Check = Callable[[re.Match[str]], bool]


def is_card(match: re.Match[str]) -> bool:
    return passes_luhn(_digits(match["v"]))


def passes_luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def is_iban(match: re.Match[str]) -> bool:
    """The check digits of account numbers (ISO 13616)."""
    plain = re.sub(r"[^A-Z0-9]", "", match["v"].upper())
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


CHECKS: Final[Mapping[str, Check]] = {"card": is_card, "iban": is_iban}
