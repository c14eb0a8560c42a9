"""Checks that a value must pass to be what its form suggests. Each is given the match; its group
`v` is the value. Numbers with check digits are in `check_digits.py`, phones in `phones.py`."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Final

from safety.pii import check_digits, phones
from safety.pii.lexicon import word_list
from safety.pii.public_lines import helpline_sites

Check = Callable[[re.Match[str]], bool]

_DIGITS: Final = re.compile(r"\D")
_COMMON_TAGS: Final = frozenset(
    {"@home", "@work", "@school", "@here", "@channel", "@everyone", "@all", "@night", "@uni"}
)


def digits_of(text: str) -> str:
    return _DIGITS.sub("", text)


def _of_digits(check: Callable[[str], bool]) -> Check:
    return lambda match: check(digits_of(match["v"]))


def _of_text(check: Callable[[str], bool]) -> Check:
    return lambda match: check(match["v"])


def is_ipv4(text: str) -> bool:
    address, _, _ = text.partition("/")
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return True


def is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return any(map(str.isdigit, text)) and text.count(":") >= 2 and len(text) > 4


def is_private_site(match: re.Match[str]) -> bool:
    """Not one of the sites everybody names, typed without a path, nor a helpline's."""
    site = match["v"].casefold().removeprefix("www.")
    return site.split("/")[0] not in helpline_sites() and site not in word_list("public_sites")


def is_private_link(match: re.Match[str]) -> bool:
    """A whole link; the front page of a public site is none of anybody's."""
    site = re.sub(r"^\w+://(?:www\.)?|^www\.", "", match["v"].casefold()).rstrip("/")
    return site.split("/")[0] not in helpline_sites() and site not in word_list("public_sites")


def is_handle(match: re.Match[str]) -> bool:
    """Not "@home", and not a time or a price ("@3pm", "@50")."""
    value = match["v"].casefold()
    return value not in _COMMON_TAGS and any(map(str.isalpha, value)) and not _TIME.match(value)


_TIME: Final = re.compile(r"@\d{1,2}(?:[.:]\d{2})?(?:am|pm|ish)?$")


def is_account_name(match: re.Match[str]) -> bool:
    """What follows "my insta is" and is no ordinary word ("private", "gone")."""
    value = match["v"].lstrip("@").casefold()
    return _is_odd(value) or not (value in word_list("ordinary_replies") or len(value) < 3)


def is_odd_name(match: re.Match[str]) -> bool:
    """A word that nobody writes but as a name on the net: letters and digits mixed, or joined
    by underscores."""
    return _is_odd(match["v"].lstrip("@").casefold())


_ODD: Final = re.compile(
    r"(?=.{0,40}[a-z])(?:\w{1,30}_\w{0,30}|_\w{2,30}|[a-z][a-z.]{2,30}\d{1,6}\w{0,10})"
)
_MEASURED: Final = re.compile(
    r"(?:phq|gad|who|week|day|step|level|page|item|covid|year|yr|grade|top|part|act|ps|mp|win|ios"
    r"|b|c|d|h|k|q|s|f|m|a|v)-?\d{1,4}"
)


def _is_odd(value: str) -> bool:
    return bool(_ODD.fullmatch(value)) and not _MEASURED.fullmatch(value)


def is_coordinates(match: re.Match[str]) -> bool:
    """A latitude and a longitude in degrees."""
    return abs(float(match["lat"])) <= 90 and abs(float(match["lon"])) <= 180


def is_street(match: re.Match[str]) -> bool:
    """Not "2 hours drive" or "10 minute walk": what stands before the kind of street names it."""
    words = match["name"].casefold().split()
    return not any(word.strip(".'") in word_list("not_in_street_names") for word in words)


def is_named_street(match: re.Match[str]) -> bool:
    """Without a house number: not "live on the street", "in a close"."""
    words = match["name"].casefold().split()
    return bool(words) and is_street(match) and words[-1] not in word_list("function_words")


def is_secret_word(match: re.Match[str]) -> bool:
    """Not "my password is wrong"."""
    return match["v"].casefold().strip(".!?'\"") not in word_list("ordinary_replies")


def is_secret_number(match: re.Match[str]) -> bool:
    return len(digits_of(match["v"])) >= 3


def is_plate(match: re.Match[str]) -> bool:
    plain = re.sub(r"[ -]", "", match["v"])
    return 4 <= len(plain) <= 9 and plain.isalnum() and not plain.isalpha() and not plain.isdigit()


CHECKS: Final[Mapping[str, Check]] = {
    "aadhaar": _of_digits(check_digits.passes_verhoeff),
    "account_name": is_account_name,
    "announced_phone": phones.is_announced_phone,
    "bitcoin": _of_text(check_digits.passes_base58),
    "card": _of_digits(check_digits.is_card),
    "coordinates": is_coordinates,
    "cpf": _of_digits(check_digits.is_cpf),
    "cued_phone": phones.is_cued_phone,
    "dni": _of_text(check_digits.is_dni),
    "handle": is_handle,
    "has_five_digits": lambda match: len(digits_of(match["v"])) >= 5,
    "has_four_digits": lambda match: len(digits_of(match["v"])) >= 4,
    "iban": _of_text(check_digits.is_iban),
    "insee": _of_text(check_digits.is_insee),
    "ipv4": _of_text(is_ipv4),
    "ipv6": _of_text(is_ipv6),
    "named_street": is_named_street,
    "nhs": _of_digits(check_digits.is_nhs),
    "odd_name": is_odd_name,
    "personnummer": _of_digits(check_digits.is_personnummer),
    "phone": phones.is_phone,
    "plate": is_plate,
    "pps": _of_text(check_digits.is_pps),
    "private_link": is_private_link,
    "private_site": is_private_site,
    "said_phone": phones.is_said_phone,
    "secret_number": is_secret_number,
    "secret_word": is_secret_word,
    "ssn": _of_digits(check_digits.is_ssn),
    "street": is_street,
}
