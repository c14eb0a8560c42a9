"""What the hash of an audit entry covers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.audit.chain import START, Fault, Finding, Place, following
from storage.encryption import FINGERPRINT_BYTES, Vault

SAID = st.lists(st.none() | st.text(max_size=4), min_size=2, max_size=4)
PLACES = st.builds(Place, seq=st.integers(0, 3), mac=st.binary(max_size=3))


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[Vault]:
    opened = await Vault.open(master_key=None, data_dir=tmp_path, key_store_url=None)
    yield opened
    await opened.close()


def test_an_entry_takes_the_next_number(vault: Vault) -> None:
    first = following(vault, START, ["exported"])
    second = following(vault, first, ["exported"])
    assert [first.seq, second.seq] == [1, 2]
    assert len(first.mac) == FINGERPRINT_BYTES


@pytest.mark.parametrize("before", [Place(seq=2, mac=b"one"), Place(seq=1, mac=b"other")])
def test_the_hash_covers_the_place_of_the_entry_before(vault: Vault, before: Place) -> None:
    said = ["exported"]
    assert (
        following(vault, before, said).mac != following(vault, Place(seq=1, mac=b"one"), said).mac
    )


@settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=st.tuples(PLACES, SAID), other=st.tuples(PLACES, SAID))
def test_the_hash_is_the_same_only_for_the_same_entry_in_the_same_place(
    vault: Vault, one: tuple[Place, list[str | None]], other: tuple[Place, list[str | None]]
) -> None:
    same = one == other
    assert (following(vault, *one).mac == following(vault, *other).mac) is same
    assert following(vault, *one) == following(vault, *one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["ab", "c"], ["a", "bc"]),
        (["a", None], [None, "a"]),
        (["", None], [None, ""]),
        (['a","b'], ["a", "b"]),
        (["null"], [None]),
    ],
)
def test_what_moved_from_one_column_to_the_next_is_another_entry(
    vault: Vault, one: list[str | None], other: list[str | None]
) -> None:
    assert following(vault, START, one) != following(vault, START, other)


@pytest.mark.parametrize("fault", Fault)
def test_a_finding_is_a_sentence_about_a_number(fault: Fault) -> None:
    finding = Finding(user_id=UUID(int=0), seq=3, fault=fault)
    chain = "in the chain of 00000000-0000-0000-0000-000000000000"
    assert str(finding) == f"{chain} entry 3 is {fault.value}"
