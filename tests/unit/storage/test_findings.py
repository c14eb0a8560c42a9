"""Names and ids of flags, derived so that a turn tried again names the same things."""

from __future__ import annotations

import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from storage.findings import alias, derived_id


@given(id_=st.uuids())
def test_a_derived_id_is_a_uuid7_of_the_same_moment(id_: UUID) -> None:
    flag, escalation = derived_id(id_, "flag"), derived_id(id_, "escalation")
    assert flag.version == escalation.version == 7
    assert flag.int >> 80 == escalation.int >> 80 == id_.int >> 80
    assert len({id_, flag, escalation}) == 3
    assert derived_id(id_, "flag") == flag


@given(flag=st.uuids())
def test_an_alias_is_two_words_and_a_number(flag: UUID) -> None:
    assert re.fullmatch(r"[a-z]+-[a-z]+-[1-9][0-9]", alias(flag))


def test_few_people_share_an_alias() -> None:
    assert len({alias(uuid7()) for _ in range(1000)}) > 990
