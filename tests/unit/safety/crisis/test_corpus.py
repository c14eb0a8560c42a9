"""The corpus is what its data card says: read twice, parted by theme, nothing in it twice."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest

from safety.crisis.corpus import Message, read_corpus
from safety.text import Domain, Severity

ALIKE = 0.5
"""Share of common four-letter groups from which on two messages count as one."""

COMMON = 100
"""Groups that so many messages hold tell nothing."""


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    parts = [read_corpus("train"), read_corpus("dev"), read_corpus("test")]
    return [message for part in parts for message in part]


def test_there_are_many_of_every_severity_domain_and_kind(messages: list[Message]) -> None:
    assert len(messages) >= 4000
    assert min(Counter(message.severity for message in messages).values()) >= 500
    assert min(Counter(message.domain for message in messages).values()) >= 300
    assert len({message.id for message in messages}) == len(messages)


def test_a_theme_is_in_one_part_only(messages: list[Message]) -> None:
    parts = defaultdict(set)
    for message in messages:
        parts[message.theme].add(message.split)
    assert [theme for theme, found in parts.items() if len(found) > 1] == []


def test_labels_agree_with_themselves(messages: list[Message]) -> None:
    for message in messages:
        lowest, highest = message.accepted
        assert lowest <= message.severity <= highest
        assert (message.domain is Domain.NONE) == (message.severity is Severity.NONE), message.id
        assert message.second is not None, message.id


def test_no_message_is_in_it_twice(messages: list[Message]) -> None:
    assert list(_alike([message.text for message in messages])) == []


def _alike(texts: list[str]) -> Iterator[tuple[str, str]]:
    groups = [_groups(text) for text in texts]
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(groups):
        rare = (holding[group] for group in own if len(holding[group]) < COMMON)
        for other, _ in Counter(itertools.chain(*rare)).most_common(3):
            if len(own) > 8 and len(own & groups[other]) / len(own | groups[other]) > ALIKE:
                yield texts[other], texts[number]
        for group in own:
            holding[group].append(number)


def _groups(text: str) -> set[str]:
    words = re.sub(r"\W+", " ", text.lower()).strip()
    plain = f" {words} "
    return {plain[at : at + 4] for at in range(len(plain) - 3)}
