"""What is a phone number and what is a score, a date, a price or a count."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import Final

import phonenumbers

from safety.pii.public_lines import bare, helpline_numbers

REGIONS: Final = (
    "US", "GB", "IE", "AU", "NZ", "IN", "ZA", "DE", "FR", "ES", "IT", "PT", "NL", "BE", "PL", "MX",
    "BR", "AR", "CO", "CH", "AT", "SE", "NO", "DK", "FI", "NG", "KE", "PH",
)  # fmt: skip
"""A number without a country code is one if it is one in any of these."""

_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_REACH: Final = 30
_SHORTEST_CUED: Final = 5
_SHORTEST_UNGROUPED: Final = 10
_LONGEST_NATIONAL: Final = 11
_LONGEST_INTERNATIONAL: Final = 13
_MOSTLY: Final = 0.8
_SINGLES: Final = re.compile(r"(?:\d[ ,.-]{1,2}){5,20}\d")
_DATE: Final = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}){1,2}|\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:[ ]\d{1,2})?"
)
# Numbers free to the caller belong to helplines and companies.
_FREE_OF_CHARGE: Final = re.compile(
    r"8(?:00|33|44|55|66|77|88)\d{7}|(?:44)?0?80[08]\d{4,7}|1[38]00\d{6}"
)
_WORDS: Final = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_REPEATED: Final = {"double": 2, "triple": 3}
_NOT_A_PHONE: Final = re.compile(
    r"(?:\b(?:order|ref(?:erence)?|tracking|invoice|ticket|case|claim|isbn|account|acct?|id|policy"
    r"|serial|version|score[sd]?|scores? of|rated?|mood)\b[^\d\n]{0,12}|[#$£€%]\s?)$",
    re.IGNORECASE,
)


def is_phone(match: re.Match[str]) -> bool:
    """A number that nothing announces must have the form of one in some country."""
    value = match["v"]
    before = match.string[max(0, match.start("v") - _REACH) : match.start("v")]
    if not _may_be_a_phone(value) or _NOT_A_PHONE.search(before):
        return False
    digits = re.sub(r"\D", "", value)
    if value.lstrip("(").startswith("+") or digits.startswith("00"):
        return 8 <= len(digits) <= 15
    if _SINGLES.fullmatch(value):
        return digits.startswith("0") and len(digits) >= 10 and max(digits) > "5"
    if digits.startswith("0"):
        return 9 <= len(digits) <= 12
    grouped = len(re.findall(r"\d+", value)) > 1
    if len(digits) == _SHORTEST_UNGROUPED - 1 and not grouped:
        return False
    if len(digits) > _LONGEST_NATIONAL:
        return len(digits) <= _LONGEST_INTERNATIONAL and grouped and _is_possible(f"+{digits}")
    return len(digits) >= _SHORTEST_UNGROUPED - 1 and bool(_national().fullmatch(digits))


def is_cued_phone(match: re.Match[str]) -> bool:
    """After "my number is" or "text me on" almost any run of digits is a phone number."""
    value = match["v"]
    digits = re.sub(r"\D", "", value)
    if not _may_be_a_phone(value) or len(digits) < _SHORTEST_CUED:
        return False
    if re.search(
        r"(?:nhs|card|account|passport|order|case|ref\w*|student|staff|room)\b", match["cue"], re.I
    ):
        return False
    return len(digits) >= 7 or bool(
        re.search(r"phone|cell|mob|tel|whats|call me|text me", match["cue"], re.I)
    )


def is_announced_phone(match: re.Match[str]) -> bool:
    """Before "is my number" as after it."""
    return _may_be_a_phone(match["v"]) and len(re.sub(r"\D", "", match["v"])) >= _SHORTEST_CUED


def is_said_phone(match: re.Match[str]) -> bool:
    """Digits in words ("oh seven seven ..."), at least seven, that do not just count."""
    digits = _heard(match["v"])
    spoken = re.search(r"[a-z]", match["v"], re.IGNORECASE)
    return bool(spoken) and 7 <= len(digits) <= 15 and not _counts(digits)


def _heard(said: str) -> str:
    digits, times = "", 1
    for word in re.findall(r"[a-z]+|\d+", said.casefold()):
        if word in _REPEATED:
            times = _REPEATED[word]
        else:
            digits += _WORDS.get(word, word) * times
            times = 1
    return digits


def _counts(digits: str) -> bool:
    steps = [int(after) - int(before) for before, after in itertools.pairwise(digits)]
    return max(steps.count(step) for step in (-1, 0, 1)) > len(steps) * _MOSTLY


def _may_be_a_phone(value: str) -> bool:
    groups = re.findall(r"\d+", value)
    if bare(value) in helpline_numbers() or _FREE_OF_CHARGE.fullmatch(bare(value)):
        return False
    if _DATE.fullmatch(value) or all(_YEAR.fullmatch(group) for group in groups):
        return False
    return len(set("".join(groups))) > 1 and not _is_range(groups)


def _is_range(groups: list[str]) -> bool:
    """As in "1200 1500", "100-200": two round numbers."""
    return len(groups) == 2 and all(group.endswith("00") for group in groups)


def _is_possible(number: str) -> bool:
    """Whether a number with its country code has a length that country uses."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


@cache
def _national() -> re.Pattern[str]:
    """The forms of national numbers in our regions, from libphonenumber's metadata."""
    patterns = []
    for region in REGIONS:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if metadata is not None and metadata.general_desc is not None:
            patterns.append(str(metadata.general_desc.national_number_pattern))
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
