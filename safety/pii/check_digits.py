"""Numbers that carry their own proof. Each function is given digits only, or the text as found."""

from __future__ import annotations

import hashlib
import re
from typing import Final

_DNI_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_PPS_LETTERS: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def is_card(digits: str) -> bool:
    """Payment cards have 12 to 19 digits; one digit repeated is none."""
    return 12 <= len(digits) <= 19 and len(set(digits)) > 1 and passes_luhn(digits)


def is_iban(text: str) -> bool:
    """ISO 13616: 97 with the first four characters moved to the end."""
    plain = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def is_ssn(digits: str) -> bool:
    """Area, group and serial that the US administration has never left out (000, 666, 9xx)."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_nhs(digits: str) -> bool:
    """Modulus 11, weights 10 down to 2."""
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return len(digits) == 10 and (11 - total % 11) % 11 == int(digits[9])


def is_dni(text: str) -> bool:
    """Spanish DNI and NIE: the letter is the number modulo 23; X, Y, Z stand for 0, 1, 2."""
    plain = re.sub(r"[ .-]", "", text.upper())
    number = plain[:-1].translate(str.maketrans("XYZ", "012"))
    return number.isdigit() and _DNI_LETTERS[int(number) % 23] == plain[-1]


def is_insee(text: str) -> bool:
    """French social security: the key is 97 less the remainder. 2A and 2B are Corsica."""
    plain = text.replace(" ", "").upper().replace("2A", "19").replace("2B", "18")
    return plain.isdigit() and len(plain) == 15 and 97 - int(plain[:13]) % 97 == int(plain[13:])


def is_pps(text: str) -> bool:
    """Irish PPS: modulus 23, a second letter weighs 9."""
    digits, letters = text[:7], text[7:].upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=True))
    if len(letters) == 2 and letters[1] != "W":
        total += 9 * (ord(letters[1]) - ord("A") + 1)
    return _PPS_LETTERS[total % 23] == letters[0]


def is_cpf(digits: str) -> bool:
    """Brazilian CPF: two check digits, modulus 11."""

    def check(length: int) -> int:
        total = sum(int(digits[at]) * (length + 1 - at) for at in range(length))
        return total * 10 % 11 % 10

    return len(set(digits)) > 1 and check(9) == int(digits[9]) and check(10) == int(digits[10])


def is_personnummer(digits: str) -> bool:
    """Swedish personal number: Luhn over the last ten digits."""
    return passes_luhn(digits[-10:])


_D5: Final = tuple(
    tuple((row + column) % 5 if column < 5 else 5 + (row + column) % 5 for column in range(10))
    if row < 5
    else tuple(5 + (row - column) % 5 if column < 5 else (row - column) % 5 for column in range(10))
    for row in range(10)
)
_PERMUTATION: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def passes_verhoeff(digits: str) -> bool:
    """Verhoeff's check over the dihedral group of order 10 (Aadhaar)."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(place % 8):
            value = _PERMUTATION[value]
        state = _D5[state][value]
    return state == 0


def passes_base58(text: str) -> bool:
    """Bitcoin addresses: the last four of 25 bytes are a double SHA-256 of the rest."""
    number = 0
    for char in text:
        number = number * 58 + _BASE58.index(char)
    try:
        raw = number.to_bytes(25, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]
